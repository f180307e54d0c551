import { createHash } from 'node:crypto';

/** The type a public key blob names itself by (RFC 4253 §6.6), e.g. `ssh-ed25519`; undefined when it is not such a blob. */
export function keyType(blob: Uint8Array): string | undefined {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (bytes.length < 5) return undefined;
  const length = bytes.readUInt32BE(0);
  if (length === 0 || length > 100 || length + 4 >= bytes.length) return undefined;
  const name = bytes.toString('latin1', 4, 4 + length);
  return /^[\w.@-]+$/.test(name) ? name : undefined;
}

/** Whether a public key blob is all there: strings and numbers, each with its length before it, to the last byte (RFC 4251 §5). */
export function isWhole(blob: Uint8Array): boolean {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  let at = 0;
  while (at + 4 <= bytes.length) at += 4 + bytes.readUInt32BE(at);
  return at === bytes.length;
}

/** `SHA256:…`, as `ssh-keygen -l` prints it. */
export function sha256Fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`;
}

/** `MD5:aa:bb:…`, as `ssh-keygen -l -E md5` prints it: what older control panels still show. */
export function md5Fingerprint(blob: Uint8Array): string {
  return `MD5:${createHash('md5').update(blob).digest('hex').match(/../g)!.join(':')}`;
}
