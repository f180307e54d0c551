// Real shells on this machine, with the steps' own library and made-up steps.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { userShell } from '../../../src/host/protocol/privilege';
import { planState, type StepCheck } from '../../../src/provision/check';
import { loadSteps } from '../../../src/provision/loadSteps';
import type { Step, Steps } from '../../../src/provision/step';
import { LocalRemote } from './localRemote';

let folder: string;
let steps: Steps;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
  const real = await loadSteps(join(import.meta.dirname, '../../../src/provision/steps'));
  steps = { ...real, library: real.library.replaceAll('/run/chasquid-setup', `${folder}/setup`) };
});
after(() => rm(folder, { recursive: true }));

const step = (id: string, check: string): Step => ({ ...steps.list[0]!, id, needs: [], inputs: [], check });

async function look(scripts: Record<string, string>): Promise<{ checks: StepCheck[]; heard: string }> {
  const chosen = Object.entries(scripts).map(([id, check]) => step(id, check));
  let heard = '';
  const checks = await planState(
    userShell(new LocalRemote()),
    steps,
    chosen,
    {},
    { onOutput: text => (heard += text) },
  );
  return { checks, heard };
}

describe('the state of steps, asked in one round trip', () => {
  it('is what each check answers', async () => {
    const { checks } = await look({
      one: 'fact a "b c"\nanswer done "all well"',
      two: 'change "+ file"\nanswer needed "to do"',
    });
    assert.deepEqual(
      checks.map(({ id, state, detail, facts, diff }) => ({ id, state, detail, facts, diff })),
      [
        { id: 'one', state: 'done', detail: 'all well', facts: { a: 'b c' }, diff: [] },
        { id: 'two', state: 'needed', detail: 'to do', facts: {}, diff: ['+ file'] },
      ],
    );
  });

  it('of a check that failed is explained by what that check said, not by what others said', async () => {
    const { checks } = await look({
      noisy: 'echo "cp: No space left on device" >&2\nanswer done fine',
      broken: 'echo "nsupdate: Temporary failure in name resolution" >&2\nexit 3',
      silent: 'exit 4',
      later: 'echo "Read-only file system"\nanswer done "fine too"',
    });
    assert.deepEqual(
      checks.map(check => [check.id, check.state, check.problems.map(problem => problem.code)]),
      [
        ['noisy', 'done', []],
        ['broken', 'failed', ['no-network']],
        ['silent', 'failed', ['not-known']],
        ['later', 'done', []],
      ],
    );
  });

  it('of a check that ended well without an answer is failed all the same', async () => {
    const { checks } = await look({ mute: 'echo "odd: \\"words\\""' });
    assert.equal(checks[0]!.state, 'failed');
    assert.match(checks[0]!.detail, /odd: "words"/);
  });

  it('lets people read what the checks said, and leaves nothing behind', async () => {
    const { heard } = await look({ one: 'echo first\nanswer done ""', two: 'echo second >&2\nanswer done ""' });
    assert.equal(heard, 'first\nsecond\n');
    assert.deepEqual(await readdir(folder), []);
  });
});
