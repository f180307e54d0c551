import type { TLSSocket } from 'node:tls';
import { quotable } from '../text/visible';

export type Stage = 'greeting' | 'login' | 'sender' | 'recipient' | 'message';

export type SessionAnswer =
  | { kind: 'answered'; accepted: boolean; stage: Stage; response: string }
  /** No answer: the connection ended, or nothing came in time. */
  | { kind: 'broken'; reason: string; timedOut: boolean };

/** Octets of one reply; chasquid's are a line or two. */
const replyLimit = 64 * 1024;

export interface SessionOptions {
  user: string;
  password: string;
  to: string;
  raw: Buffer;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Told each command and answer; never the password. */
  tell: (text: string) => void;
}

/** One SMTP session on a socket that already speaks TLS: log in, hand over one message, quit. */
export async function smtpSession(socket: TLSSocket, options: SessionOptions): Promise<SessionAnswer> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const connection = new SMTPConnection({
    connection: socket,
    secure: true,
    // The socket has been through TLS already. (Missing from the type.)
    ...({ secured: true } as object),
    name: '[127.0.0.1]',
    logger: dialogue(options) as never,
    debug: true,
    connectionTimeout: options.timeoutMs,
    greetingTimeout: options.timeoutMs,
    socketTimeout: options.timeoutMs,
    // One reply, also of many lines. (Missing from the type.)
    ...({ maxResponseSize: replyLimit } as object),
  });
  const onAbort = (): void => connection.close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  let stage: Stage = 'greeting';
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  connection.on('error', (error: Error) => fail(error));
  connection.on('end', () => fail(new Error('The connection was closed.')));
  const step = <T>(work: (done: (error: Error | null | undefined, value?: T) => void) => void): Promise<T> =>
    Promise.race([
      failed,
      new Promise<T>((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value as T)))),
    ]);
  try {
    await step<undefined>(done => connection.connect(error => done(error)));
    stage = 'login';
    const credentials = { user: options.user, pass: options.password };
    await step<undefined>(done => connection.login({ credentials }, error => done(error)));
    stage = 'sender';
    const envelope = { from: options.user, to: [options.to] };
    const sent = await step<{ response: string }>(done =>
      connection.send(envelope, options.raw, (error, info) => done(error, info)),
    );
    connection.quit();
    return { kind: 'answered', accepted: true, stage: 'message', response: sent.response };
  } catch (error) {
    const { response, command, code, message } = error as Error & {
      response?: string;
      command?: string;
      code?: string;
    };
    connection.close();
    if (response)
      return {
        kind: 'answered',
        accepted: false,
        stage: stageOf(command) ?? stage,
        response: redact(response, options),
      };
    return { kind: 'broken', reason: redact(message, options), timedOut: code === 'ETIMEDOUT' };
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function stageOf(command: string | undefined): Stage | undefined {
  if (command?.startsWith('AUTH')) return 'login';
  if (command === 'MAIL FROM') return 'sender';
  if (command === 'RCPT TO') return 'recipient';
  return command === 'DATA' ? 'message' : undefined;
}

/** Characters of one line of the dialogue; a server's greeting and its list of extensions have fewer. */
const lineLimit = 500;

/** nodemailer's log as lines for people. It hides credentials itself; we make sure of it. */
function dialogue(options: SessionOptions): Record<string, unknown> {
  const line = (entry: { tnx?: string }, message: unknown, ...values: unknown[]): void => {
    if (entry.tnx !== 'client' && entry.tnx !== 'server' && entry.tnx !== 'message') return;
    const text =
      typeof message === 'string'
        ? message.replace(/%[sd]/g, mark => (values.length > 0 ? String(values.shift()) : mark))
        : String(message);
    if (entry.tnx === 'message') return;
    const said = text.trim().replace(/^(AUTH \S+).*/s, '$1 •••');
    options.tell(`${entry.tnx === 'client' ? '→' : '←'} ${quotable(redact(said, options), lineLimit)}`);
  };
  return Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map(level => [level, line]));
}

/** Whatever a server may echo, the password and its AUTH forms stay out of traces and errors. */
function redact(text: string, { user, password }: SessionOptions): string {
  const secrets = [
    password,
    Buffer.from(password).toString('base64'),
    Buffer.from(`\0${user}\0${password}`).toString('base64'),
  ];
  return secrets.reduce((clean, secret) => (secret ? clean.replaceAll(secret, '•••') : clean), text);
}
