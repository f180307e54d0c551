import { deep } from '../deep';
import { Generator } from '../generate';
import type { Act, Asked } from './acts/index';
import type { Reply } from './answering';
import type { Client, WarmUp } from './askedClient';
import { ClientProcess } from './clientProcess';
import { usualSpeed } from './fastClock';

/** One lie told once while one thing is asked. */
export interface Trial {
  name: string;
  act: Act;
  /** It waits for time limits: several are told at once. */
  quiet: boolean;
  /** Starts whoever lies. */
  start(make: Generator): Promise<Liar>;
}

export interface Liar {
  /** What to ask, beside the act. */
  asked: Omit<Asked, 'act'>;
  /** Whether the lie was heard at all. */
  visited(): boolean;
  stop(): Promise<void>;
}

export interface Goals {
  /** Milliseconds. */
  block: number;
  /** Megabytes above idle. */
  memory: number;
}

/** What is aimed at: figures of `npm run bench`. */
export const goals: Goals = { block: 100, memory: 150 };

/** Above these a test fails on any machine, however slow or busy: something grows faster than what it reads. */
export const bounds: Goals = { block: 600, memory: 300 };

/** What all trials of a family came to. */
export interface Summary {
  runs: number;
  answered: number;
  /** Milliseconds. */
  longestBlock: number;
  /** Which lie took the longest. */
  slowest: string;
  /** Megabytes above idle. */
  peakMemory: number;
  /** Which lie took the most. */
  largest: string;
  /** What is wrong, each with what repeats it. */
  failures: string[];
}

const baseSeed = Number(process.env['SEED'] ?? 1);
const only = process.env['ONLY'];
/** So many lies of a family are told in a short run. */
const mostOfFamily = 36;
/** So many are told at once where each only waits. */
const together = 12;

/** Tells every lie, `rounds` times with other seeds, and says what is wrong with what the product made of it. */
export async function tryAll(
  client: Client,
  family: string,
  trials: readonly Trial[],
  rounds = deep ? 20 : 1,
): Promise<Summary> {
  const wanted = only === undefined ? trials : trials.filter(trial => trial.name.includes(only));
  const summary: Summary = {
    runs: 0,
    answered: 0,
    longestBlock: 0,
    slowest: '',
    peakMemory: 0,
    largest: '',
    failures: [],
  };
  for (let round = 0; round < rounds; round++) {
    const seed = baseSeed + round;
    const chosen = deep || only !== undefined ? wanted : fairShare(wanted, seed);
    const quiet = chosen.filter(trial => trial.quiet);
    const batches = chosen.filter(trial => !trial.quiet).map(trial => [trial]);
    for (let at = 0; at < quiet.length; at += together) batches.push(quiet.slice(at, at + together));
    for (const batch of batches) await tryTogether(batch, seed, client, summary, family);
  }
  return summary;
}

/** Each lie told to one question, of those that can be told to several; of a family with many lies, some. */
function fairShare(trials: readonly Trial[], seed: number): Trial[] {
  const make = new Generator(seed);
  const names = [...new Set(trials.map(trial => trial.name))];
  const share = names.map(name => make.pick(trials.filter(trial => trial.name === name)));
  while (share.length > mostOfFamily) share.splice(make.number(share.length), 1);
  return share;
}

/** @param honest asked of somebody who does not lie: programs are loaded by that, and everything can be answered. */
export function warmClient(honest: readonly Trial[], exact = deep): Promise<ClientProcess> {
  return ClientProcess.start(warmUp(honest, exact), exact);
}

export function warmUp(honest: readonly Trial[], exact: boolean): WarmUp {
  // Twice for exact figures: what runs for the first time is still being compiled.
  return async client => {
    for (const trial of exact ? [...honest, ...honest] : honest) await understood(trial, client);
  };
}

/** A busy machine may be too slow for the fast clock. */
async function understood(trial: Trial, client: Client, speed = usualSpeed): Promise<void> {
  const liar = await trial.start(new Generator(0));
  const [outcome] = (await client.ask([{ ...liar.asked, act: trial.act }], speed)).outcomes;
  await liar.stop();
  if (outcome?.kind === 'answered') return;
  if (speed === 1) throw new Error(`An honest server was not understood: ${trial.act}: ${outcome?.text}`);
  await understood(trial, client, Math.max(1, speed / 5));
}

async function tryTogether(
  batch: readonly Trial[],
  seed: number,
  client: Client,
  summary: Summary,
  family: string,
): Promise<void> {
  const liars = await Promise.all(batch.map(trial => trial.start(new Generator(seedOf(seed, trial)))));
  const reply = await client.ask(batch.map(({ act }, index) => ({ ...liars[index]!.asked, act })));
  await Promise.all(liars.map(liar => liar.stop()));
  const repeat = (trial: Trial): string => `SEED=${seed} ONLY=${JSON.stringify(trial.name)} (${family}, ${trial.act})`;
  const report = (trial: Trial, what: string): void => void summary.failures.push(`${repeat(trial)}\n    ${what}`);
  for (const [index, trial] of batch.entries()) {
    const { kind, text, faults } = reply.outcomes[index]!;
    if (process.env['VERBOSE'])
      console.log(
        `${trial.name} · ${trial.act} · ${kind}: ${text.slice(0, 300)}${batch.length === 1 ? ` · ${reply.cost.longestBlock.toFixed(0)} ms, ${(reply.cost.peakMemory - client.idleMemory).toFixed(0)} MB` : ''}`,
      );
    summary.runs++;
    if (kind === 'answered') summary.answered++;
    for (const fault of faults)
      report(trial, `${fault}${kind === 'refused' ? ` ← ${JSON.stringify(text.slice(0, 500))}` : ''}`);
    if (!liars[index]!.visited()) report(trial, 'Nobody came to hear the lie.');
  }
  judgeCost(batch, reply, client.idleMemory, summary, report);
  if (reply.leftOpen > 0 || reply.outcomes.some(outcome => outcome.kind === 'endless')) await client.restart();
}

function judgeCost(
  batch: readonly Trial[],
  { cost, stray, leftOpen }: Reply,
  idle: number,
  summary: Summary,
  report: (trial: Trial, what: string) => void,
): void {
  const [first] = batch;
  const memory = cost.peakMemory - idle;
  const name = batch.map(trial => trial.name).join(' | ');
  if (cost.longestBlock > summary.longestBlock) [summary.longestBlock, summary.slowest] = [cost.longestBlock, name];
  if (memory > summary.peakMemory) [summary.peakMemory, summary.largest] = [memory, name];
  if (cost.longestBlock > bounds.block)
    report(first!, `The event loop was blocked for ${cost.longestBlock.toFixed(0)} ms.`);
  if (memory > bounds.memory) report(first!, `It took ${memory.toFixed(0)} MB.`);
  for (const error of stray) report(first!, error);
  if (leftOpen > 0) report(first!, `${leftOpen} connections were left open.`);
}

/** The same lie asked for another act is another one, alone or beside others. */
function seedOf(seed: number, { name, act }: Trial): number {
  let mixed = seed;
  for (const char of `${name} ${act}`) mixed = (Math.imul(mixed, 31) + char.charCodeAt(0)) | 0;
  return mixed;
}
