import { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AuthenticationType, Client, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import { sizeText } from '../../input/size';
import { macAlgorithms, Offers } from './algorithms';
import { Authenticator } from './authenticator';
import type { HostConfig } from '../config/config';
import { type Attempt, ConnectError, type ShownKey } from '../errors';
import { keyType, sha256Fingerprint } from '../keys/fingerprint';
import { explainHandshake, hungUp } from './handshakeErrors';
import { HostKeys } from '../hostKeys/hostKeys';
import { gatherIdentities } from '../keys/identities';
import { loadSsh2 } from '../library';
import { PacedStream } from './pacedStream';
import type { SshDeps } from '../config/target';
import { Watchdog } from './watchdog';

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

const greetingTimeoutMs = 20_000;
/** Characters of greeting and banner that a server may send before the login; real ones are a page at most. */
export const bannerLimit = 64 * 1024;

/**
 * Speaks SSH on an open connection: verifies the host key, then logs in. On failure the connection is destroyed.
 * @throws HostKeyError, AuthenticationError, KeyFileError, ConnectError; the signal's reason when aborted
 */
export async function openHop(
  config: HostConfig,
  open: () => Promise<Duplex | Socket>,
  deps: SshDeps,
  signal?: AbortSignal,
): Promise<Hop> {
  const ssh2 = await loadSsh2();
  // Both before the connection: what cannot work should not cost a connection.
  const hostKeys = await HostKeys.load(config, deps);
  // Withdraws the questions to the person once this attempt is over, however it ends.
  const questions = new AbortController();
  const { identities, skipped } = await gatherIdentities(config, deps, ssh2, questions.signal);
  const socket = new PacedStream(await open());

  const client = new ssh2.Client();
  return new Promise<Hop>((resolve, reject) => {
    let stage: 'greeting' | 'key exchange' | 'login' | 'done' = 'greeting';
    let banner = '';
    /** The first bytes that came, which ssh2 does not tell of when they are no greeting of SSH. */
    let beginning = '';
    let verified: Buffer | undefined;
    let remember = false;
    let failure: unknown;
    let disconnect: string | undefined;
    const offers = new Offers();

    const finish = (settle: () => void) => {
      if (stage === 'done') return;
      stage = 'done';
      watchdog.pause();
      questions.abort();
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const fail = (error: unknown) =>
      finish(() => {
        client.on('error', () => undefined);
        client.destroy();
        socket.destroy();
        reject(error);
      });
    const onAbort = () => fail(signal!.reason);
    const watchdog = new Watchdog((waitedFor, ms) =>
      fail(
        new ConnectError('timeout', {
          what: `${config.host} did not get on with the connection.`,
          why: `It did not send ${waitedFor} within ${ms / 1000} s${stage === 'greeting' ? '; perhaps it is not an SSH server that listens there' : ''}.`,
          next: 'Check the port and the load of the server, then try again.',
        }),
      ),
    );
    const authenticator = new Authenticator({
      config,
      ssh2,
      identities,
      skipped,
      deps,
      watchdog,
      signal: questions.signal,
      giveUp: fail,
    });

    const onBanner = (text: string) => {
      banner = (banner + text).slice(0, bannerLimit + 1);
      if (banner.length > bannerLimit) fail(endlessBanner(config));
    };
    const verify = (blob: Buffer, answer: (ok: boolean) => void) => {
      // Keys are exchanged anew now and then: it must stay the same one.
      if (verified) return answer(blob.equals(verified));
      stage = 'key exchange';
      watchdog.pause();
      hostKeys.verify(blob, deps, questions.signal).then(
        isNew => {
          verified = Buffer.from(blob);
          remember = isNew;
          watchdog.arm('the end of the key exchange', greetingTimeoutMs);
          answer(true);
        },
        (error: unknown) => {
          failure = error;
          answer(false);
          fail(error);
        },
      );
    };
    const onHandshake = async () => {
      if (stage === 'done') return;
      stage = 'login';
      watchdog.arm('its login methods', greetingTimeoutMs);
      // Only now has the server proved that the key is its own.
      if (remember && verified) {
        remember = false;
        const key = { type: keyType(verified)!, key: verified.toString('base64') };
        await deps.trustStore
          .add(hostKeys.lookup, key)
          .catch((error: unknown) => deps.log('warn', `The accepted host key could not be kept: ${String(error)}`));
      }
    };

    client
      .on('greeting', onBanner)
      .on('banner', onBanner)
      .once('handshake', () => void onHandshake())
      .on('change password', () => fail(expired(config)))
      .on('ready', () =>
        finish(() =>
          resolve({
            client,
            socket,
            config,
            hostKey: { type: keyType(verified!)!, sha256: sha256Fingerprint(verified!) },
            login: authenticator.accepted!,
            banner,
          }),
        ),
      )
      .on('error', (error: Error & { level?: string; code?: unknown }) => {
        if (stage === 'done') return;
        // An agent that would not sign is one attempt among others.
        if (error.level === 'agent') return;
        if (error.level === 'client-authentication') return fail(authenticator.error(banner));
        if (stage === 'login') disconnect = error.message;
        failure ??=
          stage === 'login' ? undefined : explainHandshake(error, config, { banner: banner || beginning, offers });
        if (failure) fail(failure);
      })
      .on('close', () => fail(failure ?? (stage === 'login' ? loginEnded() : hungUp(config, banner || beginning))));
    const loginEnded = () => authenticator.error(banner, disconnect ?? 'it gave no reason');

    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) return onAbort();
    watchdog.arm('its greeting', greetingTimeoutMs);

    // ssh2 keeps up to 8 MiB of a greeting, and reads all of it again with every piece. Paused: ssh2 only listens later.
    let early = 0;
    socket.pause();
    socket.on('data', function count(chunk: Buffer) {
      early += chunk.length;
      if (beginning === '' && !chunk.toString('latin1', 0, 4).startsWith('SSH-'))
        beginning = chunk.toString('utf8', 0, 400);
      if (stage !== 'greeting') socket.off('data', count);
      else if (early > bannerLimit) fail(endlessBanner(config));
    });
    const taps = { refused: false };
    client.connect({
      sock: socket as unknown as Socket,
      username: config.user,
      // Bounded by the watchdog, which does not count the time a person thinks.
      readyTimeout: 0,
      keepaliveInterval: config.keepaliveMs,
      keepaliveCountMax: config.keepaliveCount,
      algorithms: {
        serverHostKey: hostKeys.algorithms() as ServerHostKeyAlgorithm[],
        hmac: macAlgorithms(config.sha1) as MacAlgorithm[],
      },
      debug: line => offers.note(line),
      hostVerifier: verify,
      authHandler: (left: AuthenticationType[] | null, partial: boolean | null, next) => {
        if (!taps.refused && left) authenticator.refused(left, partial ?? false);
        void authenticator.next().then(method => next(method as never));
      },
    });
    taps.refused = tapRefusals(client, (left, partial) => authenticator.refused(left, partial));
  });
}

const closingMs = 2_000;

/** Says goodbye to each of them, the last first. One that does not let go, such as a dead network, is let go of. */
export function closeHops(hops: readonly Hop[]): void {
  for (const hop of [...hops].reverse()) hop.client.end();
  // Not the client: once it has said goodbye it destroys nothing any more (ssh2 1.17, client.js, destroy).
  const timer = setTimeout(() => hops.forEach(hop => hop.socket.destroy()), closingMs);
  timer.unref();
}

/**
 * Hears each SSH_MSG_USERAUTH_FAILURE itself: ssh2 1.17 (client.js, USERAUTH_FAILURE) swallows the list of methods and
 * the partial success that answer an agent's key. False when its inside looks different.
 */
function tapRefusals(client: Client, heard: (left: string[], partial: boolean) => void): boolean {
  type Handler = (protocol: unknown, left: string[], partial: boolean) => void;
  const handlers = (client as unknown as { _protocol?: { _handlers?: { USERAUTH_FAILURE?: Handler } } })._protocol
    ?._handlers;
  const original = handlers?.USERAUTH_FAILURE;
  if (!handlers || !original) return false;
  handlers.USERAUTH_FAILURE = (protocol, left, partial) => {
    heard(left, partial);
    original(protocol, left, partial);
  };
  return true;
}

function endlessBanner({ host, port }: HostConfig): ConnectError {
  return new ConnectError('handshake', {
    what: `The login to ${host} was given up.`,
    why: `The server sent more than ${sizeText(bannerLimit)} of text before it, which no real greeting needs.`,
    next: `Check that port ${port} is the one of the SSH server, and look at Banner in its sshd_config.`,
  });
}

function expired(config: HostConfig): ConnectError {
  return new ConnectError('closed', {
    what: `The password of ${config.user}@${config.host} has expired.`,
    why: 'The server wants a new one before it lets you in.',
    next: `Log in once in a terminal (ssh ${config.user}@${config.host}) and set a new password.`,
  });
}
