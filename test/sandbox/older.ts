import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, locked } from './prepare';
import { run } from './processes';

/** What is taken from Debian 11: of all that can be had here, the nearest to Ubuntu 22.04 (whose dkimpy is 1.0.5). */
const wanted = ['python3-dkim'];
const folder = (): string => join(cache(), 'bullseye');

/** Downloads into the folder where it is run; from the repositories of Debian that this machine uses, or Debian's own. */
const download = `
set -e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial"
from="-o Dir::Etc::SourceList=$work/sources -o Dir::Etc::SourceParts=- -o Dir::State::Lists=$work/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
  -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false -o Acquire::Languages=none"
for uri in $(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' | sort -u) http://deb.debian.org/debian; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri bullseye main" >"$work/sources"
  if apt-get -qq $from update && apt-get -qq $from download "$@"; then exit 0; fi
done
exit 1
`;

/** Downloads, once, what `olderPackage` hands out. Needs root and the network; run outside of any world. @throws Error */
export async function fetchOlder(): Promise<void> {
  await locked('bullseye', async () => {
    if (existsSync(folder())) return;
    const unfinished = `${folder()}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const { code, stdout, stderr } = await run('sh', ['-c', download, 'sh', ...wanted], { cwd: unfinished });
    if (code !== 0)
      throw new Error(
        `The packages ${wanted.join(', ')} of Debian 11 could not be downloaded: ${(stderr || stdout).slice(-500)}`,
      );
    renameSync(unfinished, folder());
  });
}

/** The file of such a package. @throws Error when it could not be had. */
export function olderPackage(name: string): string {
  const file = existsSync(folder()) ? readdirSync(folder()).find(one => one.startsWith(`${name}_`)) : undefined;
  if (file === undefined)
    throw new Error(`Debian 11's ${name} is not here. Its mirror may be out of reach: run npm run test:host again.`);
  return join(folder(), file);
}
