import assert from 'node:assert/strict';
import { tryHere } from '../../support/hostile/here';

const longMs = 30 * 60_000;

describe('servers, messages and files that nobody honest makes, in the extension host', () => {
  it('get an answer or an error in sentences, leave no rejection unhandled, and hold nobody up', async function () {
    this.timeout(longMs);
    const summaries = await tryHere({
      root: process.env['CHASQUID_TEST_ROOT']!,
      node: process.env['CHASQUID_TEST_NODE']!,
    });
    const all = Object.values(summaries);
    assert.ok(all.length > 8 && all.every(({ runs }) => runs > 0), JSON.stringify(summaries));
    const failures = all.flatMap(summary => summary.failures);
    assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  });
});
