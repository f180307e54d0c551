import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldName } from './ownership';
import { until } from './processes';

/** Where control groups are mounted: version 2, and on older systems the named hierarchy of systemd beside it. */
function roots(): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '));
  const v2 = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  if (!v2)
    throw new Error('This machine has no version 2 control groups mounted, which systemd in a sandbox host needs.');
  const named = mounts.find(([, , type, options]) => type === 'cgroup' && options?.includes('name=systemd'))?.[1];
  return named ? [v2, named] : [v2];
}

/** One control group for the processes of a host, so that all of them, and no other, end at once. */
export class Cgroup {
  private constructor(readonly paths: string[]) {}

  static create(name: string): Cgroup {
    const paths = roots().map(root => join(root, `${worldName()}-${name}`));
    for (const path of paths) mkdirSync(path);
    return new Cgroup(paths);
  }

  /** Ends every process in it and removes it. */
  async destroy(): Promise<void> {
    const [v2] = this.paths as [string];
    if (existsSync(v2)) writeFileSync(join(v2, 'cgroup.kill'), '1');
    for (const path of this.paths) {
      await until(`Removing the control group ${path}`, 10_000, () => removeTree(path) || undefined);
    }
  }
}

/** Removes the groups with such names, once no process is in them: what a runner that was killed leaves behind. */
export function removeCgroups(which: (name: string) => boolean): void {
  for (const root of roots()) {
    for (const name of readdirSync(root)) if (which(name)) removeTree(join(root, name));
  }
}

/** The names of the groups that there are, for one which starts with `prefix`. */
export function cgroups(prefix: string): string[] {
  return roots().flatMap(root => readdirSync(root).filter(name => name.startsWith(prefix)));
}

/** Groups are removed from the leaves up; false while a process is still in one. */
function removeTree(path: string): boolean {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && !removeTree(join(path, entry.name))) return false;
    }
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
