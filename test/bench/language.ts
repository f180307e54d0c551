import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintTree } from '../../src/chasquid/tree/lint';
import type { ConfigTree } from '../../src/chasquid/tree/model';
import { newest } from '../../src/chasquid/versions';
import { projectRoot } from '../vscode/cache';
import { runFileInside } from '../vscode/inside';
import { provideVscode } from '../vscode/install';
import type { Bench, BenchRow } from '../bench';
import type { SideBySide } from './inside/sideBySide';
import { manyAliases } from './inside/manyAliases';
import type { TypingResult } from './inside/typing';
import { median } from '../support/median';

const rounds = 7;
const typingGoal = 100;
const blockGoal = 16;

const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** All findings of large aliases files; the real chasquid beside it on the same file; typing inside the real VS Code. */
const bench: Bench = {
  name: 'Aliases files of 10,000 and 100,000 lines',
  async run(): Promise<BenchRow[]> {
    return [...fullDiagnostics(), ...start(), ...sideBySide(), ...(await typing())];
  },
};

export default bench;

function fullDiagnostics(): BenchRow[] {
  return [10_000, 100_000].map(lines => {
    const aliases = { path: 'aliases', text: manyAliases(lines) };
    const domain = { folder: 'example.com', path: 'domains/example.com', name: 'example.com', aliases, dkim: [] };
    const tree: ConfigTree = { path: '', domains: [domain], strayFiles: [], hooks: [], problems: [] };
    const times = Array.from({ length: rounds }, () => {
      const start = performance.now();
      lintTree(tree, newest, Date.now());
      return performance.now() - start;
    });
    return { what: `All findings of ${lines.toLocaleString('en')} lines, in one process`, value: ms(median(times)) };
  });
}

/** How long a check of next to nothing takes as a whole process. */
function start(): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'chasquid-bench-'));
  mkdirSync(join(folder, 'domains/example.com'), { recursive: true });
  const time = (...args: string[]): number => {
    const begin = performance.now();
    const { status } = spawnSync(process.execPath, args);
    if (status !== 0) throw new Error(`${args.join(' ')}: status ${status}`);
    return performance.now() - begin;
  };
  try {
    const cli = join(projectRoot, 'dist/cli.js');
    const times = Array.from({ length: rounds }, () => [time(cli, 'lint', folder), time('-e', '0')] as const);
    return [
      {
        what: 'chasquid-check lint of a small folder, with the start of Node',
        value: ms(median(times.map(([ours]) => ours))),
      },
      { what: '  Node alone', value: ms(median(times.map(([, alone]) => alone))) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a sandbox, where Debian 12's chasquid can be installed. */
function sideBySide(): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'chasquid-bench-'));
  const result = join(folder, 'result.json');
  try {
    mkdirSync(folder, { recursive: true });
    const script = join(import.meta.dirname, 'inside/sideBySide.ts');
    const command = ['test/sandbox/run.ts', process.execPath, '--import', 'tsx', script, result];
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', ...command], {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) return [{ what: 'Side by side with chasquid-util', value: 'no sandbox here' }];
    const { chasquid, ours, command: whole, lines } = JSON.parse(readFileSync(result, 'utf8')) as SideBySide;
    const ratio = median(ours) / median(chasquid);
    return [
      { what: `chasquid-util 1.11 aliases-resolve, ${lines.toLocaleString('en')} lines`, value: ms(median(chasquid)) },
      { what: 'All findings of the same file, read from disk', value: ms(median(ours)) },
      { what: 'Ratio', value: ratio.toFixed(2), goal: '≤ 1', reached: ratio <= 1 },
      { what: 'chasquid-check lint of the same file, with the start of Node', value: ms(median(whole)) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function typing(): Promise<BenchRow[]> {
  const vscode = await provideVscode();
  const seen = await runFileInside<TypingResult>(vscode, join(import.meta.dirname, 'inside/typing.ts'));
  const slowest = Math.max(...seen.keystrokes);
  const longest = (blocks: number[]): number => blocks[0] ?? 0;
  return [
    { what: '10,000 lines in VS Code: opened until findings', value: ms(seen.open) },
    {
      what: 'Keystroke until findings, median',
      value: ms(median(seen.keystrokes)),
      goal: `≤ ${typingGoal} ms`,
      reached: median(seen.keystrokes) <= typingGoal,
    },
    { what: 'Keystroke until findings, slowest', value: ms(slowest) },
    {
      what: 'Longest block while typing',
      value: ms(longest(seen.blocked)),
      goal: `≤ ${blockGoal} ms`,
      reached: longest(seen.blocked) <= blockGoal,
    },
    { what: '  the same in a plain text file', value: ms(longest(seen.plain)) },
    { what: 'Longest block while opening', value: ms(longest(seen.blockedAtOpen)) },
    { what: '  the same in a plain text file', value: ms(longest(seen.plainAtOpen)) },
  ];
}
