/**
 * A process of its own that does what the extension host does: it runs the product against servers that lie. Whoever plays them is
 * elsewhere, so that their work is not measured. Started by `ClientProcess`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { acts, type Asked } from './acts/index';
import { faultOfError, faultOfMessage } from './sentences';
import { type Cost, watched } from './watch';
import { speedUpClock } from './fastClock';

/** What became of one question. */
export interface Outcome {
  /** `endless`: the product did not end it, though its time limits had passed long ago. */
  kind: 'answered' | 'refused' | 'endless';
  /** The message of a refusal, or in short what was answered. */
  text: string;
  /** What is wrong with what a person would read. */
  faults: string[];
}

export interface Reply {
  outcomes: Outcome[];
  cost: Cost;
  /** Rejections and errors that nobody caught. */
  stray: string[];
  /** Connections that were still open some time after everything had ended. */
  leftOpen: number;
}

/** Real milliseconds, far beyond every limit of the product on the fast clock. */
const endlessMs = 20_000;
const closingMs = 3_000;
const mostFaults = 5;

const stray: string[] = [];
for (const kind of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(kind, (error: unknown) => stray.push(`${kind}: ${error instanceof Error ? error.stack : String(error)}`));

const { setTimeout: realTimeout, clearTimeout: realClear } = globalThis;
const realSleep = sleep;
speedUpClock();

async function one(asked: Asked): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const endless = new Promise<Outcome>(resolve => {
    timer = realTimeout(() => resolve({ kind: 'endless', text: '', faults: ['it did not end'] }), endlessMs);
  });
  const shown: string[] = [];
  const done = acts[asked.act](asked, text => shown.push(text)).then(
    (text): Outcome => ({ kind: 'answered', text, faults: [] }),
    (error: unknown): Outcome => refusal(error),
  );
  const outcome = await Promise.race([done, endless]).finally(() => realClear(timer));
  return { ...outcome, faults: [...outcome.faults, ...shown.flatMap(faultsIn).slice(0, mostFaults)] };
}

function faultsIn(text: string): string[] {
  const fault = faultOfMessage(text);
  return fault ? [`${fault}: ${JSON.stringify(text.slice(0, 300))}`] : [];
}

function refusal(error: unknown): Outcome {
  if (!(error instanceof Error)) return { kind: 'refused', text: String(error), faults: ['it is no Error'] };
  const fault = faultOfError(error);
  const at =
    error.stack
      ?.split('\n')
      .find(line => line.includes('/src/'))
      ?.trim() ?? '';
  return {
    kind: 'refused',
    text: error.message.slice(0, 2000),
    faults: fault ? [`${error.name}: ${fault} ${at}`] : [],
  };
}

/** What is open to others; the channel to the parent is none of it. */
function connections(): number {
  return process.getActiveResourcesInfo().filter(kind => /TCPSocketWrap|UDPWrap|TLSWrap/.test(kind)).length;
}

async function allClosed(): Promise<number> {
  const end = performance.now() + closingMs;
  while (connections() > 0 && performance.now() < end) await realSleep(10);
  return connections();
}

/** Frees all that can be freed, so that one lie's memory is not counted for the next. */
async function forgetEverything(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await realSleep(5);
  }
}

async function answer(asked: Asked[]): Promise<Reply> {
  await forgetEverything();
  stray.length = 0;
  const { result, cost } = await watched(async () => {
    const outcomes = await Promise.all(asked.map(one));
    return { outcomes, leftOpen: await allClosed() };
  });
  return { ...result, cost, stray: [...stray] };
}

process.on('message', (asked: Asked[]) => {
  answer(asked).then(
    reply => process.send!(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send!('ready');
