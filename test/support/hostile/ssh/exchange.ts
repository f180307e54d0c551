import { once } from 'node:events';
import type { Connection, ServerChannel } from 'ssh2';
import { type Answer, honestAnswer, type Question, questionOf } from './answers';

/** One command of the product on its channel: what it asks, and ways to answer. */
export class Exchange {
  private readonly written: Promise<string>;
  /** Nobody listens any more. */
  gone = false;
  private readonly left: Promise<void>;

  constructor(
    readonly channel: ServerChannel,
    readonly command: string,
    readonly connection: Connection,
  ) {
    let text = '';
    channel.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    this.written = once(channel, 'end').then(() => text);
    this.written.catch(() => undefined);
    channel.on('error', () => undefined);
    this.left = new Promise<void>(resolve => {
      channel.once('close', () => resolve());
      // A connection that is cut closes no channel.
      connection.once('close', () => resolve());
    }).then(() => void (this.gone = true));
  }

  /** The product's mark of this run; undefined for a command that is no script. */
  get mark(): string | undefined {
    return /mark-[0-9a-f]+/.exec(this.command)?.[0];
  }

  /** What stands on standard input once all of it is there. */
  script(): Promise<string> {
    return this.written;
  }

  async question(): Promise<Question> {
    return questionOf(await this.script());
  }

  /** Says everything that comes before an answer: who leads the processes, and the marks. */
  begin(): void {
    const leader = /sh -c 'echo ([0-9a-f]+) \$PPID >&2'/.exec(this.command)?.[1];
    if (leader) this.complain(`${leader} 4242\n`);
    if (!this.mark) return;
    this.say(`${this.mark} 4243\n`);
    this.complain(`${this.mark}\n`);
  }

  say(text: string | Buffer): void {
    if (!this.gone) this.channel.write(text);
  }

  complain(text: string | Buffer): void {
    if (!this.gone) this.channel.stderr.write(text);
  }

  end(code = 0): void {
    if (this.gone) return;
    this.channel.exit(code);
    this.channel.end();
  }

  /** Goes on saying `chunk` until `most` octets are through or nobody listens any more. */
  async flood(chunk: () => Buffer, most: number, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    const out = stream === 'stdout' ? this.channel : this.channel.stderr;
    for (let sent = 0; sent < most && !this.gone;) {
      const piece = chunk();
      sent += piece.length;
      await Promise.race([new Promise<void>(resolve => out.write(piece, () => resolve())), this.left]);
      await new Promise(resolve => setImmediate(resolve));
    }
  }
}

/** Answers as a sound server does, except for what `change` makes of the answer. */
export async function honestly(exchange: Exchange, change: (answer: Answer) => Answer = same => same): Promise<void> {
  const { command } = exchange;
  exchange.begin();
  if (/id -u; command -v sudo/.test(command)) exchange.say('0\nsudo\nwaits\n');
  if (/resolv\.conf/.test(command)) exchange.say('nameserver 127.0.0.1\n\0');
  if (!exchange.mark) return exchange.end();
  const answer = change(await honestAnswer(await exchange.question()));
  exchange.say(answer.lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  exchange.complain(answer.output);
  if (!answer.goesOn) exchange.end(answer.code);
}
