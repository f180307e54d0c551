import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** A gzipped tar of these files. */
export async function gzippedTar(files: Record<string, string | Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts), { level: 9 });
}
