import { extract } from 'tar-stream';
import { gunzipSync } from 'node:zlib';

/** The files of a gzipped tar by name. A damaged end (a file that shrank while it was read) costs only what comes after it. */
export async function tarFiles(gzipped: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  if (!gzipped.length) return files;
  const archive = extract();
  archive.end(gunzipSync(gzipped));
  for await (const entry of archive) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (entry.header.type === 'file') files.set(entry.header.name, Buffer.concat(parts));
  }
  return files;
}
