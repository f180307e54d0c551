import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Questions, Reply } from './answering';
import { Client, type WarmUp } from './askedClient';

/** Real milliseconds; an answer comes long before, unless the process is frozen. */
const frozenMs = 120_000;

/** The product in a process of its own. */
export class ClientProcess extends Client {
  private child: ChildProcess | undefined;

  static async start(warmUp: WarmUp, exact: boolean): Promise<ClientProcess> {
    const client = new ClientProcess(warmUp, exact);
    await client.restart();
    return client;
  }

  override async restart(): Promise<void> {
    this.stop();
    this.child = fork(join(import.meta.dirname, 'client.ts'), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // What is freed is given back at once, not kept for later.
      env: { ...process.env, MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '65536' },
    });
    try {
      await ready(this.child);
      await this.warm();
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  stop(): void {
    // Not to be caught: it may be frozen.
    this.child?.kill('SIGKILL');
  }

  protected override send(questions: Questions): Promise<Reply> {
    return ask(this.child!, questions);
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

async function ask(child: ChildProcess, questions: Questions): Promise<Reply> {
  const settled = new AbortController();
  const { signal } = settled;
  const replied = once(child, 'message', { signal }).then(([message]) => message as Reply);
  const ended = once(child, 'exit', { signal }).then(([code, cause]) => {
    const asked = JSON.stringify(questions.asked).slice(0, 1000);
    throw new Error(`The client ended with ${code ?? cause} while it was asked ${asked}.`);
  });
  const frozen = sleep(frozenMs, undefined, { signal }).then((): Reply => frozenReply(questions));
  child.send(questions);
  try {
    return await Promise.race([replied, ended, frozen]);
  } finally {
    settled.abort();
    await Promise.allSettled([replied, ended, frozen]);
  }
}

function frozenReply({ asked }: Questions): Reply {
  return {
    outcomes: asked.map(() => ({ kind: 'endless', text: '', faults: ['it froze its process'] })),
    cost: { longestBlock: frozenMs, peakMemory: 0 },
    stray: [],
    leftOpen: 0,
  };
}
