import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asked } from './acts/index';
import type { Reply } from './client';

/** Real milliseconds; an answer comes long before, unless the process is frozen. */
const frozenMs = 40_000;

type Ask = (asked: readonly Asked[]) => Promise<Reply>;

/** The process in which the product runs, and what it needs when nothing is asked. */
export class ClientProcess {
  private constructor(
    private child: ChildProcess,
    /** Megabytes. */
    public idleMemory: number,
    private readonly warmUp: (ask: Ask) => Promise<void>,
  ) {}

  /** @param warmUp asks before anything is measured: programs are loaded once in the life of an editor. */
  static async start(warmUp: (ask: Ask) => Promise<void>): Promise<ClientProcess> {
    const child = fork(join(import.meta.dirname, 'client.ts'), {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // What is freed is given back at once, not kept for later.
      env: { ...process.env, MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '65536' },
    });
    try {
      await ready(child);
      await warmUp(asked => ask(child, asked));
      const { cost } = await ask(child, []);
      return new ClientProcess(child, cost.peakMemory, warmUp);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Asks all of it at once. */
  ask(asked: readonly Asked[]): Promise<Reply> {
    return ask(this.child, asked);
  }

  /** Begins anew, so that what one lie left behind is not counted for the next. */
  async restart(): Promise<void> {
    this.stop();
    ({ child: this.child, idleMemory: this.idleMemory } = await ClientProcess.start(this.warmUp));
  }

  stop(): void {
    // Not to be caught: it may be frozen.
    this.child.kill('SIGKILL');
  }
}

/** The first thing that it says. */
async function ready(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code, cause]) => {
    throw new Error(`The client did not start: it ended with ${code ?? cause}.`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
}

async function ask(child: ChildProcess, asked: readonly Asked[]): Promise<Reply> {
  const settled = new AbortController();
  const { signal } = settled;
  const replied = once(child, 'message', { signal }).then(([message]) => message as Reply);
  const ended = once(child, 'exit', { signal }).then(([code, cause]) => {
    throw new Error(`The client ended with ${code ?? cause} while it was asked ${JSON.stringify(asked)}.`);
  });
  const frozen = sleep(frozenMs, undefined, { signal }).then((): Reply => frozenReply(asked));
  child.send(asked);
  try {
    return await Promise.race([replied, ended, frozen]);
  } finally {
    settled.abort();
    await Promise.allSettled([replied, ended, frozen]);
  }
}

function frozenReply(asked: readonly Asked[]): Reply {
  return {
    outcomes: asked.map(() => ({ kind: 'endless', text: '', faults: ['it froze its process'] })),
    cost: { longestBlock: frozenMs, peakMemory: 0 },
    stray: [],
    leftOpen: 0,
  };
}
