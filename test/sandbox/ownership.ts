import { existsSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/*
 * Who answers for what a world needs outside of its namespaces: a folder to mount its memory on, and control groups. All of them carry the
 * world's name, `chasquid-sandbox-NAMESPACE.PROCESS-RANDOM`, after the process that entered. The name of a world inside of a world starts
 * with that of the outer one, which it cannot outlive.
 */
const start = 'chasquid-sandbox-';

/** The name of the world this process is in, if it is in one. */
export function worldName(): string | undefined {
  const run = process.env['CHASQUID_SANDBOX_RUN'];
  return run && basename(run);
}

/** How the name of a new world starts; mkdtemp adds the rest. */
export function newWorldPrefix(): string {
  return `${worldName() ?? `${start}${pidNamespace()}.${process.pid}`}-`;
}

/** Whether something of that name was left by a process which no longer exists. Only those of our own process namespace can be judged. */
export function isStale(name: string): boolean {
  const [namespace, pid] = name.startsWith(start) ? name.slice(start.length).split(/[.-]/) : [];
  return namespace === pidNamespace() && !existsSync(`/proc/${pid}`);
}

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0];
}
