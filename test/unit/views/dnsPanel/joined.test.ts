import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Joined } from '../../../../src/views/dnsPanel/joined';

/** Work that looks at `world` when it begins, and ends when it is told to. */
function slowLooks() {
  const world = { state: 'before' };
  const ends: (() => void)[] = [];
  const joined = new Joined(async () => {
    const seen = world.state;
    await new Promise<void>(resolve => ends.push(resolve));
    if (seen === 'broken') throw new Error('It broke.');
    return seen;
  });
  const end = async () => {
    while (ends.length === 0) await new Promise(setImmediate);
    ends.shift()!();
  };
  return { world, joined, end };
}

describe('work of which only one runs at a time', () => {
  it('is joined while it runs, and begins again afterwards', async () => {
    const { world, joined, end } = slowLooks();
    const both = [joined.run(), joined.run()];
    world.state = 'after';
    await end();
    assert.deepEqual(await Promise.all(both), ['before', 'before']);
    const later = joined.run();
    await end();
    assert.equal(await later, 'after');
  });

  it('looks again after a change, whatever was under way', async () => {
    const { world, joined, end } = slowLooks();
    const first = joined.run();
    world.state = 'after';
    const afresh = joined.runAfresh();
    await end();
    await end();
    assert.deepEqual([await first, await afresh], ['before', 'after']);
  });

  it('looks again also when what was under way fails', async () => {
    const { world, joined, end } = slowLooks();
    world.state = 'broken';
    const first = assert.rejects(joined.run(), /It broke/);
    world.state = 'after';
    const afresh = joined.runAfresh();
    await end();
    await first;
    await end();
    assert.equal(await afresh, 'after');
  });
});
