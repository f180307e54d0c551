import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Suite } from './host';
import { forgetOld, imageOf, locked } from './prepare';

/** What is done to a host once and kept, so that a test begins after it. */
export interface Recipe {
  /** Lower-case letters, digits, dashes: for the folder it is kept in. */
  name: string;
  /** For bash, as root, on a host of any suite that has just been booted. Its packages are those of the suite's image. */
  script: string;
}

/** Where that disk is kept, once it was made. */
export function diskFolder(recipe: Recipe, suite: Suite): string {
  return `${imageOf(suite)}.${recipe.name}-${hashOf(recipe)}`;
}

/** What a kept disk depends on besides the recipe and the image: how it is made. */
const makers = ['host-run.sh', 'ready.ts'].map(name => join(import.meta.dirname, name));

/**
 * The disk of a host of that suite after the recipe, to be laid over the suite's image: from the cache, or made now. Where several
 * processes want the same, one works and the others wait; what was interrupted is never used.
 * @param hostOf a host of that suite, not yet booted, which keeps its disk in the folder once it is shut down.
 * @throws Error of the recipe that fails.
 */
export async function readyDisk(recipe: Recipe, suite: Suite, hostOf: (keep: string) => Host): Promise<string> {
  const folder = diskFolder(recipe, suite);
  if (!existsSync(folder)) {
    await locked(`ready-${suite}`, async () => {
      if (existsSync(folder)) return; // Somebody else made it while we waited.
      const unfinished = `${folder}.unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      const host = hostOf(unfinished);
      try {
        await host.boot();
        await host.sh(recipe.script);
        await host.powerOff();
      } finally {
        await host.down();
      }
      renameSync(unfinished, folder);
      forgetOld(suite);
    });
  }
  utimesSync(folder, new Date(), new Date());
  return folder;
}

function hashOf(recipe: Recipe): string {
  const hash = createHash('sha256').update(recipe.script);
  for (const file of makers) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
