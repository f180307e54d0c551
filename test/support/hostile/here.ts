import { fork } from 'node:child_process';
import { join } from 'node:path';
import { answer, watchStrays } from './answering';
import type { Told } from './liars';
import type { Summary } from './run';

export interface Place {
  /** The project's folder. */
  root: string;
  /** The Node for who lies. */
  node: string;
  /** Frees all memory before each question. */
  exact?: boolean;
}

/** Tries every family against the product in this very process; those who lie are in another one. */
export async function tryHere({ root, node, exact = false }: Place): Promise<Record<string, Summary>> {
  watchStrays();
  const child = fork(join(root, 'test/support/hostile/liars.ts'), exact ? ['exact'] : [], {
    cwd: root,
    execPath: node,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-10_000)));
  try {
    return await new Promise<Record<string, Summary>>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', code => reject(new Error(`Those who lie ended with ${code}: ${said}`)));
      child.on('message', (told: Told) => {
        if ('summaries' in told) resolve(told.summaries);
        else answer(told.questions).then(reply => void child.send(reply), reject);
      });
    });
  } finally {
    child.kill('SIGKILL');
  }
}
