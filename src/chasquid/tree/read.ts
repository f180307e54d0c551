import { normalizeDomain } from '../normalize';
import { decodeText } from '../text';
import { messageOf } from '../../text/problem';
import type { Entry, Files } from './files';
import { LimitedFiles } from './limitedFiles';
import type { CertificateFolder, ConfigTree, DomainFolder, TextFile } from './model';

/**
 * Reads a configuration folder. What is missing is left out; what cannot be read becomes a problem.
 * @throws Error when a folder in it has more entries than any configuration (`limits`).
 */
export async function readTree(files: Files, root: string): Promise<ConfigTree> {
  const tree: ConfigTree = { path: root, strayFiles: [], hooks: [], problems: [] };
  const reader = new TreeReader(new LimitedFiles(files), tree);
  const config = await reader.text(join(root, 'chasquid.conf'));
  if (config) tree.config = config;
  await Promise.all([reader.domains(), reader.certificates(), reader.hooks()]);
  return tree;
}

/** Joins without doubling the `/`; an empty folder is the current one. */
export function join(...parts: string[]): string {
  return parts
    .filter(Boolean)
    .join('/')
    .replace(/\/{2,}/g, '/');
}

class TreeReader {
  constructor(
    private readonly files: Files,
    private readonly tree: ConfigTree,
  ) {}

  private async bytes(path: string): Promise<Uint8Array | undefined> {
    try {
      return await this.files.read(path);
    } catch (error) {
      this.tree.problems.push({ path, reason: messageOf(error) });
      return undefined;
    }
  }

  async text(path: string): Promise<TextFile | undefined> {
    const bytes = await this.bytes(path);
    return bytes && { path, text: decodeText(bytes) };
  }

  private async list(folder: string): Promise<Entry[] | undefined> {
    return this.files.list(join(this.tree.path, folder));
  }

  async domains(): Promise<void> {
    const entries = await this.list('domains');
    if (!entries) return;
    this.tree.strayFiles = entries
      .filter(entry => entry.kind === 'file')
      .map(entry => join(this.tree.path, 'domains', entry.name));
    this.tree.domains = await Promise.all(
      entries.filter(entry => entry.kind === 'folder').map(entry => this.domain(entry.name)),
    );
  }

  private async domain(folder: string): Promise<DomainFolder> {
    const path = join(this.tree.path, 'domains', folder);
    const normal = normalizeDomain(folder);
    const [aliases, users, inside] = await Promise.all([
      this.text(join(path, 'aliases')),
      this.text(join(path, 'users')),
      this.files.list(path),
    ]);
    const keys = (inside ?? []).filter(entry => /^dkim:.*\.pem$/.test(entry.name));
    const dkim = await Promise.all(
      keys.map(async ({ name }) => ({
        selector: name.slice(5, -4),
        path: join(path, name),
        pem: (await this.text(join(path, name)))?.text ?? '',
      })),
    );
    return {
      folder,
      path,
      name: normal.value ?? folder,
      ...(normal.error !== undefined && { nameError: normal.error }),
      ...(aliases && { aliases }),
      ...(users && { users }),
      dkim,
    };
  }

  async certificates(): Promise<void> {
    const entries = await this.list('certs');
    if (!entries) return;
    const folders = entries.filter(entry => entry.kind === 'folder');
    this.tree.certificates = await Promise.all(
      folders.map(async ({ name, link }): Promise<CertificateFolder> => {
        const path = join(this.tree.path, 'certs', name);
        const [fullchain, privkey, otherKey] = await Promise.all([
          this.text(join(path, 'fullchain.pem')),
          this.text(join(path, 'privkey.pem')),
          this.text(join(path, 'key.pem')),
        ]);
        return {
          name,
          path,
          link,
          ...(fullchain && { fullchain: fullchain.text }),
          ...(privkey && { privkey: privkey.text }),
          ...(otherKey && { otherKey: otherKey.text }),
        };
      }),
    );
  }

  async hooks(): Promise<void> {
    for (const name of ['alias-resolve', 'post-data']) {
      const path = join(this.tree.path, 'hooks', name);
      const file = await this.text(path);
      if (!file) continue;
      const mode = await this.files.mode?.(path);
      this.tree.hooks.push({ name, path, text: file.text, ...(mode !== undefined && { mode }) });
    }
  }
}
