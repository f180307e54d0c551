import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/*
 * Who answers for what a world leaves outside of its namespaces: a folder to mount its memory on, and control groups. All of them carry the
 * name of the folder, `chasquid-sandbox-OWNER-RANDOM`, where OWNER is the process that entered. A world inside of a world belongs to the
 * outer one's owner, because it cannot outlive it.
 */
const prefix = 'chasquid-sandbox-';

const isNested = () => process.env['CHASQUID_SANDBOX_OWNER'] !== undefined;
export const owner = () => process.env['CHASQUID_SANDBOX_OWNER'] ?? String(process.pid);

/** How the folder of a new world starts; mkdtemp adds the rest. */
export const folderPrefix = () => `${prefix}${owner()}-`;

/** The unique name of the world this process is in. */
export const worldName = () => basename(process.env['CHASQUID_SANDBOX_RUN']!);

/** Whether something of that name was left by an owner who no longer exists. Worlds inside of worlds cannot tell, and say no. */
export function isStale(name: string): boolean {
  return name.startsWith(prefix) && !isNested() && !existsSync(`/proc/${name.slice(prefix.length).split('-')[0]}`);
}
