import { sizeText } from '../../input/size';

const kibi = 1024;
const mebi = 1024 * kibi;

interface Limit {
  octets: number;
  lines?: number;
}

/** What a file of chasquid's configuration may hold, by its name: far more than any real one, yet soon read. */
const limits: Record<string, Limit> = {
  'chasquid.conf': { octets: 64 * kibi },
  aliases: { octets: 16 * mebi, lines: 1_000_000 },
  users: { octets: 4 * mebi },
  'fullchain.pem': { octets: mebi },
};
const others: Limit = { octets: mebi };

/** Takes out the files that are too large to be read, and says of each why. Keys are paths. */
export function removeOversized(files: Map<string, Buffer>): { path: string; reason: string }[] {
  return [...files].flatMap(([path, bytes]) => {
    const { octets, lines } = limits[path.slice(path.lastIndexOf('/') + 1)] ?? others;
    const excess =
      bytes.length > octets
        ? `is larger than ${sizeText(octets)}`
        : lines !== undefined && hasMoreLines(bytes, lines)
          ? `has more than ${lines} lines`
          : undefined;
    if (excess === undefined) return [];
    files.delete(path);
    return [{ path, reason: `${excess}, so it is not read here. Check what is in it.` }];
  });
}

function hasMoreLines(bytes: Buffer, most: number): boolean {
  let at = -1;
  for (let count = 0; count <= most; count++) {
    at = bytes.indexOf(0x0a, at + 1);
    if (at < 0) return false;
  }
  return true;
}
