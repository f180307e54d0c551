import type { Attack } from './attacks';
import type { Pattern } from './collect';

/** A pattern with the texts to try it on, as it comes from the parent process. */
export interface Task extends Pattern {
  attacks: Attack[];
}

/** What one text did to a pattern: milliseconds for `size` characters. */
export interface Slow {
  attack: Attack;
  size: number;
  ms: number;
  /** How many times as long twice the text takes. */
  growth: number;
}

/** Characters, and the milliseconds from which on a text is looked at closely: a linear pattern takes less than a tenth of them. */
const stages = [
  [512, 1],
  [16_384, 6],
] as const;
const large = 1 << 20;
/** Twice the text may take twice the time and a little more. */
const growthAllowed = 3;
const largeAllowedMs = 1000;

process.on('message', (task: Task) => {
  process.send!({ slow: slowest(task) });
});

/** The first text that takes more than linear time, or long in any case. */
function slowest(task: Task): Slow | undefined {
  const pattern = new RegExp(task.source, task.flags);
  const time = (attack: Attack, length: number, enough: number) => best(pattern, task.repeated, attack, length, enough);
  let longest: { attack: Attack; ms: number } | undefined;
  // V8 compiles a pattern only when it is used again.
  for (let count = 0; count < 3; count++) run(pattern, task.repeated, 'warm '.repeat(20));
  for (const attack of task.attacks) {
    for (const [size, suspiciousMs] of stages) {
      const ms = time(attack, size, suspiciousMs);
      if (size === stages[1][0] && ms > (longest?.ms ?? 0)) longest = { attack, ms };
      if (ms < suspiciousMs) continue;
      const growth = time(attack, 2 * size, suspiciousMs) / ms;
      if (growth > growthAllowed) return { attack, size, ms, growth };
    }
  }
  const ms = longest ? time(longest.attack, large, largeAllowedMs) : 0;
  return longest && ms > largeAllowedMs ? { attack: longest.attack, size: large, ms, growth: NaN } : undefined;
}

/** The best of three, or the first below `enough`: another program may have had the processor. */
function best(pattern: RegExp, repeated: boolean, attack: Attack, length: number, enough: number): number {
  const text = attack.head + attack.pump.repeat(Math.ceil(length / attack.pump.length)) + attack.tail;
  let least = Infinity;
  for (let count = 0; count < 3 && least >= enough; count++) {
    const started = process.cpuUsage();
    run(pattern, repeated, text);
    const { user, system } = process.cpuUsage(started);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function run(pattern: RegExp, repeated: boolean, text: string): void {
  if (repeated) text.split(pattern);
  else {
    pattern.lastIndex = 0;
    pattern.exec(text);
  }
}
