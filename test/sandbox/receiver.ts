import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Pair } from './certificates';
import * as net from './net';
import { until } from './processes';
import { verify, type Verdict } from './verify';

/** One message as it arrived at mx.sink.test. */
export interface Received extends Verdict {
  /** The envelope: MAIL FROM (empty for a bounce) and RCPT TO. */
  from: string;
  to: string[];
  helo: string;
  ip: string;
  /** The TLS version of the connection, e.g. `TLSv1.3`; false without TLS. */
  tls: string | false;
  /** ISO 8601. */
  receivedAt: string;
  /** The message as it was transferred, on disk; the same without its suffix plus `.json` holds this object. */
  file: string;
  raw: Buffer;
}

/**
 * How a recipient is answered: taken; refused for the first time and then taken (RFC 6647); refused for good; refused for now.
 * `without-tls` takes it, and offers no STARTTLS.
 */
export type Mode = 'accept' | 'greylist' | 'refuse' | 'defer' | 'without-tls';

const hostname = 'mx.sink.test';
const refusals: Partial<Record<Mode, [number, string]>> = {
  greylist: [451, '4.7.1 Greylisted, please try again later'],
  refuse: [550, '5.7.1 Refused by policy'],
  defer: [452, '4.2.2 Mailbox is full for now'],
};

/** The mail server of the rest of the world: takes mail for every domain, keeps it, and verifies it through the world's DNS. */
export class Receiver {
  private readonly arrived: Received[] = [];
  private readonly servers: SMTPServer[] = [];
  private readonly seen = new Set<string>();
  private current: Mode = 'accept';
  private words: string | undefined;

  private constructor(
    /** Where each message is kept. */
    readonly folder: string,
    private readonly resolver: Resolver,
    private readonly certificate: Pair,
  ) {}

  /** @param dns `host:port` of the DNS server that SPF, DKIM and DMARC are verified with. */
  static async start(folder: string, certificate: Pair, dns: string): Promise<Receiver> {
    await mkdir(folder, { recursive: true });
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([dns]);
    const receiver = new Receiver(folder, resolver, certificate);
    await receiver.listen();
    return receiver;
  }

  messages(): readonly Received[] {
    return this.arrived;
  }

  /** The first message, past or to come, of which `wanted` is true. */
  async waitFor(wanted: (message: Received) => boolean, ms = 20_000): Promise<Received> {
    return until('The arrival of such a message', ms, () => this.arrived.find(wanted));
  }

  /** Changes how mail is answered from now on; `words` stand in place of the usual text of a refusal. */
  async mode(mode: Mode, words?: string): Promise<void> {
    this.words = words;
    const offered = (mode: Mode) => mode !== 'without-tls';
    const restart = offered(mode) !== offered(this.current);
    this.current = mode;
    this.seen.clear();
    if (!restart) return;
    await this.stop();
    await this.listen();
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.splice(0).map(server => new Promise<void>(resolve => server.close(resolve))));
  }

  private async listen(): Promise<void> {
    for (const address of [net.receiver.ipv4, net.receiver.ipv6]) {
      const server = this.server();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(25, address, resolve);
      });
      server.removeAllListeners('error');
      server.on('error', () => undefined); // A client that hangs up in the middle is no failure of the server.
      this.servers.push(server);
    }
  }

  private server(): SMTPServer {
    const encrypted = new WeakMap<SMTPServerSession, string>();
    return new SMTPServer({
      name: hostname,
      key: readFileSync(this.certificate.keyFile),
      cert: readFileSync(this.certificate.certFile),
      disabledCommands: this.current === 'without-tls' ? ['AUTH', 'STARTTLS'] : ['AUTH'],
      disableReverseLookup: true,
      closeTimeout: 200,
      onSecure: (socket, session, done) => {
        encrypted.set(session, (socket as TLSSocket).getProtocol() ?? 'unknown');
        done();
      },
      onRcptTo: ({ address }, session, done) => done(this.answer(address, session)),
      onData: (stream, session, done) => {
        buffer(stream)
          .then(raw => this.keep(raw, session, encrypted.get(session) ?? false))
          .then(() => done(), done);
      },
    });
  }

  private answer(recipient: string, session: SMTPServerSession): Error | undefined {
    const refusal = refusals[this.current];
    if (!refusal) return undefined;
    const key = JSON.stringify([session.remoteAddress, session.envelope.mailFrom, recipient]);
    if (this.current === 'greylist' && this.seen.has(key)) return undefined;
    this.seen.add(key);
    return Object.assign(new Error(this.words ?? refusal[1]), { responseCode: refusal[0] });
  }

  private async keep(raw: Buffer, session: SMTPServerSession, tls: string | false): Promise<void> {
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    const envelope = { from, helo: session.hostNameAppearsAs, ip: session.remoteAddress };
    const verdict = await verify(raw, { ...envelope, mta: hostname }, this.resolver);
    const file = join(this.folder, `${String(this.arrived.length + 1).padStart(3, '0')}.eml`);
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const message = { ...envelope, to, tls, receivedAt: new Date().toISOString(), file, ...verdict };
    await writeFile(file, raw);
    await writeFile(file.replace(/eml$/, 'json'), JSON.stringify(message, undefined, 2));
    this.arrived.push({ ...message, raw });
  }
}
