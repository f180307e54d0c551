import { join } from 'node:path';
import { projectRoot } from '../vscode/cache';
import { activationMs, measureActivations, type Activation } from '../vscode/activation';
import manifest from '../../package.json';
import type { Bench, BenchRow } from '../bench';
import { median } from '../support/median';

const starts = 5;
const goalMs = 20;

const ours = `${manifest.publisher}.${manifest.name}`;
const empty = `${manifest.publisher}.empty`;

/**
 * Fresh starts of VS Code with the packaged extension, and beside it one that does nothing; a user opens the view of
 * each, and VS Code says what that cost. Which is opened first changes from start to start.
 */
const bench: Bench = {
  name: `Activation, ${starts} fresh starts of VS Code`,
  async run(): Promise<BenchRow[]> {
    const open = { extensions: [projectRoot, join(projectRoot, 'test/vscode/empty')] };
    const views = [
      [ours, 'Chasquid'],
      [empty, 'Empty'],
    ] as const;
    const seen: Activation[] = [];
    const nothing: number[] = [];
    for (let start = 0; start < starts; start++) {
      const all = await measureActivations(start % 2 === 0 ? views : views.toReversed(), open);
      seen.push(all.get(ours)!);
      nothing.push(activationMs(all.get(empty)!));
    }
    const total = seen.map(activationMs);
    const middle = median(total);
    return [
      { what: 'each', value: `${total.join(', ')} ms` },
      { what: 'median', value: `${middle} ms`, goal: `≤ ${goalMs} ms`, reached: middle <= goalMs },
      { what: 'of it: load the code', value: `${median(seen.map(one => one.loadMs))} ms` },
      { what: 'of it: call activate()', value: `${median(seen.map(one => one.callMs))} ms` },
      { what: 'afterwards, not blocking', value: `${median(seen.map(one => one.finishMs))} ms` },
      { what: 'activated by', value: [...new Set(seen.map(one => one.event))].join(', ') },
      { what: 'an extension that does nothing, each', value: `${nothing.join(', ')} ms` },
      { what: 'its median', value: `${median(nothing)} ms` },
    ];
  },
};

export default bench;
