import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { after, test } from 'node:test';
import { attacksOn } from '../support/patterns/attacks';
import { grammarPatternsIn, type Pattern, patternsIn } from '../support/patterns/collect';
import type { Slow, Task } from '../support/patterns/measure';

/** For all texts of one pattern together; only a pattern that never comes to an end takes so long. */
const patternTimeoutMs = 20_000;

/** A process of its own tries the patterns, so that one that never ends can be ended. */
class Measurer {
  #child: ChildProcess | undefined;

  measure(task: Task, timeoutMs: number): Promise<Slow | 'never ends' | undefined> {
    const child = (this.#child ??= fork('test/support/patterns/measure.ts', { execArgv: ['--import', 'tsx'] }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        resolve('never ends');
      }, timeoutMs);
      child.once('error', reject);
      child.once('message', ({ slow }: { slow?: Slow }) => {
        clearTimeout(timer);
        child.removeAllListeners('error');
        resolve(slow);
      });
      child.send(task);
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

const measurer = new Measurer();
after(() => measurer.close());

async function verdict(pattern: Pattern, timeoutMs = patternTimeoutMs): Promise<string | undefined> {
  const attacks = attacksOn(pattern.source, pattern.flags);
  const fitting = pattern.ofLine ? attacks.filter(attack => !/[\r\n]/.test(Object.values(attack).join(''))) : attacks;
  const slow = await measurer.measure({ ...pattern, attacks: fitting }, timeoutMs);
  if (!slow) return undefined;
  const what =
    slow === 'never ends'
      ? slow
      : `${JSON.stringify(slow.attack)} ×${slow.size}: ${slow.ms} ms, twice: ×${slow.growth}`;
  return `${pattern.where} /${pattern.source}/${pattern.flags} ${what}`;
}

test('the texts that are tried find patterns that go back over the same text', async () => {
  const known = [
    '^(?:\\w+:[^\\n]*\\r?\\n)*?Received:',
    '\\s+$',
    '"(.*)" to "(.*)"',
    '^\\s*(a)\\s*\\s*$',
    ',.*x',
    '\\S+@\\S+',
  ];
  for (const source of known)
    assert.ok(await verdict({ where: 'known', source, flags: '', repeated: false }, 5000), source);
  for (const source of ['^\\s+', '^[ \\t]*[a-z]', 'a.{0,3}b', '(?<!\\s)\\s+b', '^[ \\t]*nameserver[ \\t]+(\\S+)'])
    assert.equal(await verdict({ where: 'known', source, flags: 'm', repeated: false }), undefined, source);
});

test('no pattern of the product takes more than linear time, on texts made to hold it up', async () => {
  const patterns = [...['src', 'webview'].flatMap(patternsIn), ...grammarPatternsIn('syntaxes')];
  assert.ok(patterns.length > 400, `only ${patterns.length} patterns were found`);
  const unique = [...new Map(patterns.map(each => [`${each.source}/${each.flags}/${each.repeated}`, each])).values()];
  const slow: string[] = [];
  for (const pattern of unique) {
    const found = await verdict(pattern);
    if (found !== undefined) slow.push(found);
  }
  assert.deepEqual(slow, []);
});
