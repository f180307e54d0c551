import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DnsHistory } from '../../../src/app/dnsHistory';
import type { RecordStatus, RecordVerdict } from '../../../src/dns/records/record';

/** VS Code's Memento in memory: a stand-in for its state file. */
class Memory {
  private readonly values = new Map<string, string>();
  get<T>(key: string, fallback: T): T {
    const text = this.values.get(key);
    return text === undefined ? fallback : (JSON.parse(text) as T);
  }
  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
  keys(): string[] {
    return [...this.values.keys()];
  }
  get size(): number {
    return [...this.values.values()].join('').length;
  }
}

const record = (purpose: 'spf' | 'dkim', status: RecordStatus): RecordVerdict =>
  ({ name: 'example.test', type: 'TXT', purpose, status, value: 'secret text', observed: [], findings: [] }) as never;

describe('the history of DNS checks', () => {
  it('tells what got worse and better since the check before', async () => {
    const memory = new Memory();
    const history = new DnsHistory(memory as never);
    const add = (status: RecordStatus, at: number) => history.add('mail', 'example.test', [record('spf', status)], at);
    assert.deepEqual(await add('ok', 1), []);
    assert.deepEqual(await add('ok', 2), []);
    const change = { type: 'TXT', name: 'example.test', before: 'ok', after: 'wrong', direction: 'worse', at: 3 };
    assert.deepEqual(await add('wrong', 3), [change]);
    assert.equal((await add('ok', 4))[0]!.direction, 'better');
    assert.deepEqual(
      history.changes('mail', 'example.test').map(each => each.at),
      [4, 3],
    );
    assert.deepEqual(history.changes('other', 'example.test'), []);
  });

  it('remembers the state of a record through a time without answers', async () => {
    const history = new DnsHistory(new Memory() as never);
    const both = (spf: RecordStatus) => [record('spf', spf), record('dkim', 'ok')];
    await history.add('mail', 'example.test', both('ok'), 1);
    assert.deepEqual(await history.add('mail', 'example.test', both('unknown'), 2), []);
    const [change] = await history.add('mail', 'example.test', both('missing'), 3);
    assert.deepEqual([change!.before, change!.after], ['ok', 'missing']);
  });

  it('keeps no values, and not without end', async () => {
    const memory = new Memory();
    const history = new DnsHistory(memory as never);
    for (let at = 0; at < 500; at++)
      await history.add('mail', 'example.test', [record('spf', at % 2 ? 'ok' : 'wrong')], at);
    assert.equal(history.changes('mail', 'example.test').length, 200);
    assert.ok(memory.size < 40_000);
    assert.doesNotMatch(JSON.stringify([...history.changes('mail', 'example.test')]), /secret/);
  });
});
