import { inflateRawSync } from 'node:zlib';

/** The files of a ZIP archive by their names, in the order of its central directory; without ZIP64 and encryption. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const lengths = [28, 30, 32].map(offset => archive.readUInt16LE(at + offset));
    const name = archive.toString('utf8', at + 46, at + 46 + lengths[0]!);
    files.set(name, content(archive, at));
    at += lengths.reduce((sum, length) => sum + length, 46);
  }
  return files;
}

/** What the entry at `at` of the central directory stands for. */
function content(archive: Buffer, at: number): Buffer {
  const local = archive.readUInt32LE(at + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
  return archive.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed);
}
