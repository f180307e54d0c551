import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HostConfig } from '../config/config';
import type { SshDeps } from '../config/target';
import { HostKeys } from '../hostKeys/hostKeys';
import { gatherIdentities } from '../keys/identities';
import { loadSsh2 } from '../library';
import { Handshake, type Hop } from './handshake';
import { PacedStream } from './pacedStream';

/**
 * Opens a connection and speaks SSH on it: verifies the host key, then logs in. On failure the connection is destroyed.
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
  const questions = new AbortController();
  const identities = await gatherIdentities(config, deps, ssh2, questions.signal);
  const socket = new PacedStream(await open());
  return new Handshake({ ...identities, ssh2, socket, config, hostKeys, deps, questions, signal }).run();
}

const closingMs = 2_000;

/** Says goodbye to each of them, the last first. One that does not let go, such as a dead network, is let go of. */
export function closeHops(hops: readonly Hop[]): void {
  for (const hop of [...hops].reverse()) hop.client.end();
  // Not the client: once it has said goodbye it destroys nothing any more (ssh2 1.17, client.js, destroy).
  const timer = setTimeout(() => hops.forEach(hop => hop.socket.destroy()), closingMs);
  timer.unref();
}
