import type { Duplex } from 'node:stream';
import type { AuthenticationType, Client, ConnectConfig, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import { sizeText } from '../../input/size';
import type { HostConfig } from '../config/config';
import type { SshDeps } from '../config/target';
import { type Attempt, ConnectError, type ShownKey } from '../errors';
import type { HostKeys } from '../hostKeys/hostKeys';
import { keyType, sha256Fingerprint } from '../keys/fingerprint';
import type { gatherIdentities } from '../keys/identities';
import type { loadSsh2 } from '../library';
import { macAlgorithms, Offers } from './algorithms';
import { Authenticator } from './authenticator';
import { explainHandshake, hungUp } from './handshakeErrors';
import type { PacedStream } from './pacedStream';
import { tapRefusals } from './tapRefusals';
import { Watchdog } from './watchdog';

const greetingTimeoutMs = 20_000;
/** Characters of greeting and banner that a server may send before the login; real ones are a page at most. */
const bannerLimit = 64 * 1024;

/** One verified and authenticated leg of the way to a server. */
export interface Hop {
  client: Client;
  /** What the client speaks through. */
  socket: Duplex;
  config: HostConfig;
  hostKey: ShownKey;
  /** What let us in. */
  login: Attempt;
  /** What the server said before letting us in: greeting and banner. */
  banner: string;
}

/** What a handshake works with. */
export interface HandshakeParts extends Awaited<ReturnType<typeof gatherIdentities>> {
  ssh2: Awaited<ReturnType<typeof loadSsh2>>;
  socket: PacedStream;
  config: HostConfig;
  hostKeys: HostKeys;
  deps: SshDeps;
  /** Withdraws the questions to the user once this attempt is over, however it ends. */
  questions: AbortController;
  signal: AbortSignal | undefined;
}

/** Speaks SSH on an open connection, once: verifies the host key, then logs in. */
export class Handshake {
  private readonly client: Client;
  private readonly offers = new Offers();
  private readonly watchdog = new Watchdog((waitedFor, ms) => this.fail(this.tooSlow(waitedFor, ms)));
  private readonly authenticator: Authenticator;
  private stage: 'greeting' | 'key exchange' | 'login' | 'done' = 'greeting';
  private banner = '';
  /** The first bytes that came, which ssh2 does not tell of when they are no greeting of SSH. */
  private beginning = '';
  private verified: Buffer | undefined;
  private remember = false;
  private failure: unknown;
  private disconnect: string | undefined;
  private resolve!: (hop: Hop) => void;
  private reject!: (error: unknown) => void;

  constructor(private readonly parts: HandshakeParts) {
    this.client = new parts.ssh2.Client();
    const { config, ssh2, identities, skipped, deps, questions } = parts;
    this.authenticator = new Authenticator({
      config,
      ssh2,
      identities,
      skipped,
      deps,
      watchdog: this.watchdog,
      signal: questions.signal,
      giveUp: error => this.fail(error),
    });
  }

  /**
   * On failure the connection is destroyed.
   * @throws HostKeyError, AuthenticationError, ConnectError; the signal's reason when aborted
   */
  run(): Promise<Hop> {
    return new Promise<Hop>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.listen();
      const { signal } = this.parts;
      signal?.addEventListener('abort', this.onAbort);
      if (signal?.aborted) return this.onAbort();
      this.watchdog.arm('its greeting', greetingTimeoutMs);
      this.watchGreeting();
      this.connect();
    });
  }

  private listen(): void {
    const onBanner = (text: string): void => this.onBanner(text);
    this.client
      .on('greeting', onBanner)
      .on('banner', onBanner)
      .once('handshake', () => void this.onHandshake())
      .on('change password', () => this.fail(expired(this.parts.config)))
      .on('ready', () => this.finish(() => this.resolve(this.hop())))
      .on('error', (error: Error & { level?: string }) => this.onError(error))
      .on('close', () => this.onClose());
  }

  /** ssh2 keeps up to 8 MiB of a greeting, and reads all of it again with every piece. Paused: ssh2 only listens later. */
  private watchGreeting(): void {
    const { socket } = this.parts;
    let early = 0;
    const count = (chunk: Buffer): void => {
      early += chunk.length;
      if (this.beginning === '' && !chunk.toString('latin1', 0, 4).startsWith('SSH-'))
        this.beginning = chunk.toString('utf8', 0, 400);
      if (this.stage !== 'greeting') socket.off('data', count);
      else if (early > bannerLimit) this.fail(endlessBanner(this.parts.config));
    };
    socket.pause();
    socket.on('data', count);
  }

  private connect(): void {
    const { config, socket, hostKeys } = this.parts;
    const taps = { refused: false };
    const options: ConnectConfig = {
      sock: socket,
      username: config.user,
      // Bounded by the watchdog, which does not count the time a user thinks.
      readyTimeout: 0,
      keepaliveInterval: config.keepaliveMs,
      keepaliveCountMax: config.keepaliveCount,
      algorithms: {
        serverHostKey: hostKeys.algorithms() as ServerHostKeyAlgorithm[],
        hmac: macAlgorithms(config.sha1) as MacAlgorithm[],
      },
      debug: line => this.offers.note(line),
      hostVerifier: (blob: Buffer, answer: (ok: boolean) => void) => this.verify(blob, answer),
      authHandler: (left: AuthenticationType[] | null, partial: boolean | null, next) => {
        if (!taps.refused && left) this.authenticator.refused(left, partial ?? false);
        void this.authenticator.next().then(method => next(method as never));
      },
    };
    this.client.connect(options);
    taps.refused = tapRefusals(this.client, (left, partial) => this.authenticator.refused(left, partial));
  }

  private verify(blob: Buffer, answer: (ok: boolean) => void): void {
    // Keys are exchanged again now and then: it must stay the same one.
    if (this.verified) return answer(blob.equals(this.verified));
    const { hostKeys, deps, questions } = this.parts;
    this.stage = 'key exchange';
    this.watchdog.pause();
    hostKeys.verify(blob, deps, questions.signal).then(
      isNew => {
        this.verified = Buffer.from(blob);
        this.remember = isNew;
        this.watchdog.arm('the end of the key exchange', greetingTimeoutMs);
        answer(true);
      },
      (error: unknown) => {
        this.failure = error;
        answer(false);
        this.fail(error);
      },
    );
  }

  private onBanner(text: string): void {
    this.banner = (this.banner + text).slice(0, bannerLimit + 1);
    if (this.banner.length > bannerLimit) this.fail(endlessBanner(this.parts.config));
  }

  private async onHandshake(): Promise<void> {
    if (this.stage === 'done') return;
    this.stage = 'login';
    this.watchdog.arm('its login methods', greetingTimeoutMs);
    // Only now has the server proved that the key is its own.
    if (!this.remember || !this.verified) return;
    this.remember = false;
    const { deps, hostKeys } = this.parts;
    const key = { type: keyType(this.verified)!, key: this.verified.toString('base64') };
    await deps.trustStore
      .add(hostKeys.lookup, key)
      .catch((error: unknown) => deps.log('warn', `The accepted host key could not be kept: ${String(error)}`));
  }

  private onError(error: Error & { level?: string }): void {
    if (this.stage === 'done') return;
    // An agent that would not sign is one attempt among others.
    if (error.level === 'agent') return;
    if (error.level === 'client-authentication') return this.fail(this.authenticator.error(this.banner));
    if (this.stage === 'login') this.disconnect = error.message;
    else
      this.failure ??= explainHandshake(error, this.parts.config, {
        banner: this.banner || this.beginning,
        offers: this.offers,
      });
    if (this.failure) this.fail(this.failure);
  }

  private onClose(): void {
    const loginEnded = () => this.authenticator.error(this.banner, this.disconnect ?? 'it gave no reason');
    this.fail(
      this.failure ??
        (this.stage === 'login' ? loginEnded() : hungUp(this.parts.config, this.banner || this.beginning)),
    );
  }

  private readonly onAbort = (): void => this.fail(this.parts.signal!.reason);

  private finish(settle: () => void): void {
    if (this.stage === 'done') return;
    this.stage = 'done';
    this.watchdog.pause();
    this.parts.questions.abort();
    this.parts.signal?.removeEventListener('abort', this.onAbort);
    settle();
  }

  private fail(error: unknown): void {
    this.finish(() => {
      this.client.on('error', () => undefined);
      this.client.destroy();
      this.parts.socket.destroy();
      this.reject(error);
    });
  }

  private hop(): Hop {
    const { socket, config } = this.parts;
    const hostKey = { type: keyType(this.verified!)!, sha256: sha256Fingerprint(this.verified!) };
    return { client: this.client, socket, config, hostKey, login: this.authenticator.accepted!, banner: this.banner };
  }

  private tooSlow(waitedFor: string, ms: number): ConnectError {
    return new ConnectError('timeout', {
      what: `${this.parts.config.host} did not complete the connection.`,
      why: `It did not send ${waitedFor} within ${ms / 1000} s${this.stage === 'greeting' ? '; perhaps it is not an SSH server that listens there' : ''}.`,
      fix: 'Check the port and the load of the server, then try again.',
    });
  }
}

function endlessBanner({ host, port }: HostConfig): ConnectError {
  return new ConnectError('handshake', {
    what: `The login to ${host} was given up.`,
    why: `The server sent more than ${sizeText(bannerLimit)} of text before it, which no real greeting needs.`,
    fix: `Check that port ${port} is the one of the SSH server, and check Banner in its sshd_config.`,
  });
}

function expired(config: HostConfig): ConnectError {
  return new ConnectError('closed', {
    what: `The password of ${config.user}@${config.host} has expired.`,
    why: 'The server wants a new one before it lets you in.',
    fix: `Log in once in a terminal (ssh ${config.user}@${config.host}) and set a new password.`,
  });
}
