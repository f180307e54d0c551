import { projectRoot } from '../vscode/cache';
import { activationMs, measureActivation, type Activation } from '../vscode/activation';
import manifest from '../../package.json';
import type { Bench, BenchRow } from '../bench';

const starts = 5;
const goalMs = 20;

/** Fresh starts of VS Code with the packaged extension; a person opens its view, and VS Code says what that cost. */
const bench: Bench = {
  name: `Activation, ${starts} fresh starts of VS Code`,
  async run(): Promise<BenchRow[]> {
    const seen: Activation[] = [];
    for (let start = 0; start < starts; start++) {
      const id = `${manifest.publisher}.${manifest.name}`;
      const open = { extensions: [projectRoot] };
      seen.push(await measureActivation(id, open, workbench => workbench.sidebar.open('Chasquid')));
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
    ];
  },
};

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export default bench;
