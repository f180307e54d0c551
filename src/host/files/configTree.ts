import type { Entry, Files } from '../../chasquid/tree/files';
import type { ConfigTree } from '../../chasquid/tree/model';
import { join, readTree } from '../../chasquid/tree/read';
import { answerLines, bytesOf, find, listOf, need, quoteOf, textOf } from '../protocol/answer';
import { removeOversized } from './oversized';
import { HostError, type Shell } from '../protocol/shell';
import { giveWay } from '../../input/slices';
import { tarFiles } from './tarFiles';
import { shellScript } from '../../ssh/shellScript';

const script = shellScript(import.meta.url, './configTree.sh');

/**
 * The configuration folder as it is on the server now, in one round trip, for `buildWorld`. Its paths are the server's.
 * @throws HostError `no-configuration` when chasquid has no folder there.
 */
export async function readConfigTree(shell: Shell, signal?: AbortSignal): Promise<ConfigTree> {
  const answer = await shell.run(script, { timeoutMs: 60_000, ...(signal && { signal }) });
  const lines = answerLines(answer);
  const missing = find(lines, 'missing');
  if (missing) {
    throw new HostError(
      'no-configuration',
      `chasquid's folder ${quoteOf(missing)} is not on the server, or may not be read. Without it nothing is known of domains and aliases. Run Set Up Server, or connect as a user who may become root.`,
    );
  }
  const root = textOf(need(lines, 'config', answer, 'its configuration'));
  const files = await tarFiles(bytesOf(find(lines, 'files')));
  const problems = removeOversized(files).map(({ path, reason }) => ({ path: join(root, path), reason }));
  const tree = await readTree(new FilesOfArchive(root, files, listOf(find(lines, 'domains'))), root);
  return { ...tree, problems: [...problems, ...tree.problems] };
}

/** There may be as many as a server sends: others get their turn while they are asked for. */
class FilesOfArchive implements Files {
  /** What is in each folder. */
  private readonly folders = new Map<string, Map<string, Entry['kind']>>([['', new Map()]]);

  constructor(
    private readonly root: string,
    private readonly files: Map<string, Buffer>,
    folders: string[],
  ) {
    for (const folder of folders) this.add(folder, 'folder');
    for (const file of files.keys()) this.add(file, 'file');
  }

  private add(path: string, kind: Entry['kind']): void {
    const end = path.lastIndexOf('/');
    const name = path.slice(end + 1);
    if (name === '') return;
    const folder = path.slice(0, Math.max(0, end));
    if (!this.folders.has(folder)) this.add(folder, 'folder');
    this.folders.get(folder)?.set(name, kind);
    if (kind === 'folder' && !this.folders.has(path)) this.folders.set(path, new Map());
  }

  private relative(path: string): string {
    return path.slice(this.root.length).replace(/^\/+/, '');
  }

  async list(folder: string): Promise<Entry[] | undefined> {
    await giveWay();
    const inside = this.folders.get(this.relative(folder));
    return (
      inside &&
      [...inside]
        .map(([name, kind]): Entry => ({ name, kind, link: false }))
        .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    );
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    await giveWay();
    return this.files.get(this.relative(path));
  }
}
