import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The passwords of the people on every host, by user: `operator` needs it for sudo, `plain` has no sudo at all. */
export const passwords = Object.fromEntries(
  readFileSync(join(import.meta.dirname, 'image/passwords'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => line.split(/:(.*)/s).slice(0, 2) as [string, string]),
) as { operator: string; plain: string };
