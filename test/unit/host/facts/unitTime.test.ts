import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { unitTime } from '../../../../src/host/facts/unitTime';

test('a time of systemd in UTC, to the second', () => {
  assert.equal(unitTime('Tue 2026-11-24 20:35:04 UTC'), 1_795_552_504);
  const now = Math.floor(Date.now() / 1000);
  const written = execFileSync('date', ['-u', '-d', `@${now}`, '+%a %Y-%m-%d %T UTC'], { env: { LC_ALL: 'C' } });
  assert.equal(unitTime(written.toString().trim()), now);
});

test('no time, or one whose zone is not certain, is none', () => {
  for (const text of ['', 'n/a', '0', 'Tue 2026-11-24 20:35:04 IST', '@1795552504', 'Tue 2026-11-24 20:35:04'])
    assert.equal(unitTime(text), undefined, text);
});
