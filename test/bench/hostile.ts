import { join } from 'node:path';
import type { Bench, BenchRow } from '../bench';
import { honestOf, ofOthers, ofSsh } from '../support/hostile/families';
import { goals, type Summary, tryAll, warmClient } from '../support/hostile/run';
import { runFileInside } from '../vscode/inside';
import { provideVscode } from '../vscode/install';

type Summaries = Record<string, Summary>;

/** What servers, messages and files that nobody honest makes cost the process in which the product runs. */
const bench: Bench = {
  name: 'Lies of servers, messages and files',
  async run(): Promise<BenchRow[]> {
    const alone = await inProcess();
    const inside = await runFileInside<Summaries>(
      await provideVscode(),
      join(import.meta.dirname, 'inside/hostile.ts'),
    );
    return [...rows('in a process of its own', alone), ...rows('in the extension host', inside)];
  },
};

export default bench;

async function inProcess(): Promise<Summaries> {
  const families = { ...ofSsh, ...ofOthers };
  const client = await warmClient(honestOf(families), true);
  try {
    const summaries: Summaries = {};
    for (const [name, { trials }] of Object.entries(families)) summaries[name] = await tryAll(client, name, trials);
    return summaries;
  } finally {
    client.stop();
  }
}

function rows(where: string, summaries: Summaries): BenchRow[] {
  return Object.entries(summaries).flatMap(([family, summary]) => [
    {
      what: `${family}, ${where}: longest block (${summary.slowest.slice(0, 60)})`,
      value: `${summary.longestBlock.toFixed(0)} ms`,
      goal: `≤ ${goals.block} ms`,
      reached: summary.longestBlock <= goals.block,
    },
    {
      what: `  most memory above idle (${summary.largest.slice(0, 60)})`,
      value: `${summary.peakMemory.toFixed(0)} MB`,
      goal: `≤ ${goals.memory} MB`,
      reached: summary.peakMemory <= goals.memory,
    },
    {
      what: `  of ${summary.runs} lies, answered or refused otherwise than in sentences, or left open`,
      value: String(summary.failures.length),
      goal: '0',
      reached: summary.failures.length === 0,
    },
  ]);
}
