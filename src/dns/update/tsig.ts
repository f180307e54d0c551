import { createHmac, timingSafeEqual } from 'node:crypto';

/** A key shared with the DNS server. The secret never leaves this machine: it only makes the signature. */
export interface TsigKey {
  name: string;
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512';
  /** base64 */
  secret: string;
}

/** Seconds by which clocks may differ (RFC 8945 §10). */
const fudge = 300;

/** A name as it goes over the wire, uncompressed and in lower case (RFC 8945 §4.3.3). */
function wireName(name: string): Buffer {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  return Buffer.concat([
    ...labels.flatMap(label => [Buffer.from([Buffer.byteLength(label)]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
}

function uint16(...values: number[]): Buffer {
  const octets = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => octets.writeUInt16BE(value, at * 2));
  return octets;
}

function time48(seconds: number): Buffer {
  const octets = Buffer.alloc(6);
  octets.writeUIntBE(seconds, 0, 6);
  return octets;
}

/** The signature over the message and what TSIG itself says (RFC 8945 §4.3.3); an answer's also covers the question's. */
function mac(
  key: TsigKey,
  message: Buffer,
  seconds: number,
  error: number,
  other: Buffer,
  requestMac?: Buffer,
): Buffer {
  const hmac = createHmac(key.algorithm.replace('hmac-', ''), Buffer.from(key.secret, 'base64'));
  if (requestMac) hmac.update(uint16(requestMac.length)).update(requestMac);
  // Class ANY and TTL 0 of the TSIG record itself.
  hmac
    .update(message)
    .update(wireName(key.name))
    .update(uint16(255, 0, 0))
    .update(wireName(key.algorithm));
  return hmac
    .update(time48(seconds))
    .update(uint16(fudge, error, other.length))
    .update(other)
    .digest();
}

/** Adds a TSIG record to a message (RFC 8945 §5.1). */
export function sign(
  message: Buffer,
  key: TsigKey,
  seconds = Math.floor(Date.now() / 1000),
): { message: Buffer; mac: Buffer } {
  const signature = mac(key, message, seconds, 0, Buffer.alloc(0));
  const id = message.readUInt16BE(0);
  const rdata = Buffer.concat([
    wireName(key.algorithm),
    time48(seconds),
    uint16(fudge, signature.length),
    signature,
    uint16(id, 0, 0),
  ]);
  const signed = Buffer.concat([message, wireName(key.name), uint16(250, 255, 0, 0, rdata.length), rdata]);
  signed.writeUInt16BE(message.readUInt16BE(10) + 1, 10);
  return { message: signed, mac: signature };
}

/** Whether an answer carries a right signature of the same key (RFC 8945 §5.3), its TSIG record being the last one. */
export function verify(answer: Buffer, key: TsigKey, requestMac: Buffer): boolean {
  const start = answer.lastIndexOf(Buffer.concat([wireName(key.name), uint16(250, 255)]));
  if (start < 12) return false;
  const rdata = answer.subarray(start + wireName(key.name).length + 10);
  let at = wireName(key.algorithm).length;
  if (rdata.length < at + 10 || !rdata.subarray(0, at).equals(wireName(key.algorithm))) return false;
  const seconds = rdata.readUIntBE(at, 6);
  const size = rdata.readUInt16BE(at + 8);
  const given = rdata.subarray(at + 10, at + 10 + size);
  at += 10 + size;
  if (rdata.length < at + 6) return false;
  const plain = Buffer.from(answer.subarray(0, start));
  plain.writeUInt16BE(rdata.readUInt16BE(at), 0);
  plain.writeUInt16BE(answer.readUInt16BE(10) - 1, 10);
  const expected = mac(key, plain, seconds, rdata.readUInt16BE(at + 2), rdata.subarray(at + 6), requestMac);
  return (
    Math.abs(seconds - Date.now() / 1000) <= fudge &&
    given.length === expected.length &&
    timingSafeEqual(given, expected)
  );
}
