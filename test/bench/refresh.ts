import { join } from 'node:path';
import { enter } from '../sandbox/enter';
import { prepare } from '../sandbox/prepare';
import { becomeRoot, obstacle } from '../sandbox/privilege';
import type { Bench, BenchRow } from '../bench';
import type { RefreshTimes } from './inside/refresh';

/** Between two continents. Milliseconds. */
const roundTripMs = 100;

/**
 * A real mail host behind a port that delays what passes it, beside the same without delay: the difference is what the
 * distance costs, in round trips.
 */
const bench: Bench = {
  name: `Looking at a server ${roundTripMs} ms away`,
  async run(): Promise<BenchRow[]> {
    const problem = obstacle();
    if (problem) return [{ what: 'not measured', value: problem }];
    becomeRoot();
    await prepare();
    let output = '';
    const program = join(import.meta.dirname, 'inside', 'refresh.ts');
    const status = await enter([process.execPath, '--import', 'tsx', program, '0', String(roundTripMs)], {
      onOutput: chunk => (output += chunk.toString()),
    });
    if (status !== 0) throw new Error(`The bench inside of the world ended with status ${status}:\n${output}`);
    const line = output.split('\n').find(text => text.startsWith('[{'))!;
    const [near, far] = JSON.parse(line) as [RefreshTimes, RefreshTimes];
    return [
      row('Connect and log in', near.connect, far.connect),
      row('First look: becoming root, one question', near.first, far.first),
      row('Refresh: one question on a channel of its own', near.refresh, far.refresh, 3),
    ];
  },
};

function row(what: string, near: number, far: number, goal?: number): BenchRow {
  const trips = (far - near) / roundTripMs;
  const value = `${trips.toFixed(1)} round trips (${far.toFixed(0)} ms; ${near.toFixed(0)} ms without the distance)`;
  return goal === undefined ? { what, value } : { what, value, goal: `≤ ${goal}`, reached: Math.round(trips) <= goal };
}

export default bench;
