import type { Duplex } from 'node:stream';

/**
 * The smallest packets into which ssh2 may cut what is sent, in bytes; programs in use take 24 KiB and more. ssh2 cuts in one
 * go: with packets of one byte that takes seconds, with packets of none it never ends.
 */
const smallest = 1024;

/** Whether the other side wants packets (RFC 4254 §5.1) so small that nothing can be sent to it without holding everything else up. */
export function wantsTinyPackets(channel: Duplex): boolean {
  const { outgoing } = channel as { outgoing?: { packetSize?: number } };
  return (outgoing?.packetSize ?? Infinity) < smallest;
}
