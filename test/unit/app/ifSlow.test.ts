import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ifSlow, quickMs } from '../../../src/app/ifSlow';

describe('what is told of work', () => {
  it('is nothing when it is quick, however it ends', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const show = mock.fn();
    assert.equal(await ifSlow(Promise.resolve('done'), show), 'done');
    await assert.rejects(ifSlow(Promise.reject(new Error('no such file')), show), /no such file/);
    t.mock.timers.tick(quickMs);
    assert.equal(show.mock.callCount(), 0);
  });

  for (const [ending, error] of [
    ['succeeds', undefined],
    ['fails', new Error('no such file')],
  ] as const)
    it(`is that it goes on when it takes a while, until it ${ending}`, async t => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      const end = new AbortController();
      const work = new Promise<string>((resolve, reject) =>
        end.signal.addEventListener('abort', () => (error ? reject(error) : resolve('done'))),
      );
      let isOver = false;
      const shown: Promise<void>[] = [];
      const result = ifSlow(work, over => shown.push(over.then(() => void (isOver = true))));
      t.mock.timers.tick(quickMs - 1);
      assert.equal(shown.length, 0);
      t.mock.timers.tick(1);
      assert.equal(shown.length, 1);
      assert.equal(isOver, false);
      end.abort();
      await (error ? assert.rejects(result, error) : assert.doesNotReject(result));
      await shown[0];
      assert.equal(isOver, true);
    });
});
