import { listFiles, PackageManager } from '@vscode/vsce';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface Manifest {
  name: string;
  publisher: string;
  version: string;
}

/**
 * Installs extensions into the folder of a server's extensions, before it starts, as a user would have them: with the
 * files that would be packaged (`.vscodeignore`), and nothing else. The sources are left alone whatever VS Code does.
 */
export async function installExtensions(sources: readonly string[], extensionsFolder: string): Promise<void> {
  await mkdir(extensionsFolder, { recursive: true });
  const entries = await Promise.all(sources.map(source => install(source, extensionsFolder)));
  await writeFile(join(extensionsFolder, 'extensions.json'), JSON.stringify(entries));
}

async function install(source: string, extensionsFolder: string): Promise<unknown> {
  const { name, publisher, version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Manifest;
  const id = `${publisher}.${name}`;
  const relativeLocation = `${id}-${version}`;
  const target = join(extensionsFolder, relativeLocation);
  for (const file of await packagedFiles(source)) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await cp(join(source, file), join(target, file));
  }
  return {
    identifier: { id },
    version,
    location: { $mid: 1, path: target, scheme: 'file' },
    relativeLocation,
    metadata: { isApplicationScoped: false, isMachineScoped: false, isBuiltin: false, pinned: true, source: 'vsix' },
  };
}

async function packagedFiles(source: string): Promise<string[]> {
  // A folder without ignore file belongs to a test and is taken whole.
  const ignoreFile = existsSync(join(source, '.vscodeignore')) ? { ignoreFile: join(source, '.vscodeignore') } : {};
  return await listFiles({ cwd: source, packageManager: PackageManager.None, ...ignoreFile });
}
