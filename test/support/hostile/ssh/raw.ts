import type { Connection } from 'ssh2';

/** ssh2 says only what is allowed; what it will not say is said through its insides. */
interface Inside {
  _protocol: {
    _packetRW: { write: { allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer } };
    _cipher: { encrypt(packet: Buffer): void };
    channelOpenConfirm(remote: number, local: number, window: number, packetSize: number): void;
  };
}

/** Sends a message of any content as one packet of an established connection. */
export function sendPacket(connection: Connection, payload: Uint8Array): void {
  const { _packetRW: packets, _cipher: cipher } = (connection as unknown as Inside)._protocol;
  const packet = packets.write.alloc(payload.length);
  packet.set(payload, packets.write.allocStart);
  cipher.encrypt(packets.write.finalize(packet));
}

/** Tells other sizes for the channels that are opened while `lied`. */
export function lieAboutChannels(
  connection: Connection,
  sizes: { window: number; packetSize: number },
  lied: () => boolean,
): void {
  const protocol = (connection as unknown as Inside)._protocol;
  const original = protocol.channelOpenConfirm.bind(protocol);
  protocol.channelOpenConfirm = (remote, local, window, packetSize) =>
    lied() ? original(remote, local, sizes.window, sizes.packetSize) : original(remote, local, window, packetSize);
}

/** A message before anything is encrypted (RFC 4253 §6). @param length told instead of the true one */
export function plainPacket(payload: Uint8Array, length?: number): Buffer {
  const padding = 11 - ((payload.length + 8) % 8);
  const packet = Buffer.alloc(5 + payload.length + padding);
  packet.writeUInt32BE(length ?? packet.length - 4);
  packet[4] = padding;
  packet.set(payload, 5);
  return packet;
}

/** A message in parts: numbers of one octet, `uint32`, and strings (RFC 4251 §5). */
export function message(type: number, ...parts: (number | boolean | string | Uint8Array)[]): Buffer {
  return Buffer.concat([
    Buffer.from([type]),
    ...parts.map(part => {
      if (typeof part === 'boolean') return Buffer.from([Number(part)]);
      if (typeof part === 'number') return uint32(part);
      const octets = Buffer.from(part as Uint8Array);
      return Buffer.concat([uint32(octets.length), octets]);
    }),
  ]);
}

function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

/** Message numbers (RFC 4250 §4.1.2). */
export const kind = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  kexInit: 20,
  authSuccess: 52,
  banner: 53,
  publicKeyOk: 60,
  passwordChange: 60,
  infoRequest: 60,
  globalRequest: 80,
  channelOpen: 90,
  channelOpenFailure: 92,
  windowAdjust: 93,
  channelData: 94,
  extendedData: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
} as const;
