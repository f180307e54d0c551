/**
 * Plays all who lie, for the process that started it, in which the product runs: tells it what to ask, and at last what came of
 * each family. Started by `tryHere`. With the word `exact` memory is measured exactly.
 */
import { once } from 'node:events';
import { deep } from '../deep';
import type { Questions, Reply } from './answering';
import { Client } from './askedClient';
import { honestOf, ofOthers, ofSsh } from './families';
import { type Summary, tryAll, warmUp } from './run';

/** What it says to the process that started it. */
export type Told = { questions: Questions } | { summaries: Record<string, Summary> };

/** The process that started this one. It cannot be started again. */
class Starter extends Client {
  override restart(): Promise<void> {
    return this.warm();
  }

  protected override async send(questions: Questions): Promise<Reply> {
    const replied = once(process, 'message');
    tell({ questions });
    const [reply] = (await replied) as [Reply];
    return reply;
  }
}

function tell(told: Told): void {
  process.send!(told);
}

async function main(exact: boolean): Promise<void> {
  const families = { ...ofSsh, ...ofOthers };
  const client = new Starter(warmUp(honestOf(families), exact), exact);
  await client.restart();
  const summaries: Record<string, Summary> = {};
  for (const [name, { trials }] of Object.entries(families)) summaries[name] = await tryAll(client, name, trials);
  tell({ summaries });
}

process.on('disconnect', () => process.exit());
main(deep || process.argv.includes('exact')).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
