import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceStatus } from '../../../../src/host/services/services';
import { statusPage } from '../../../../src/views/pages/status';

const now = Date.UTC(2026, 10, 24, 12);
const running: ServiceStatus = {
  state: 'active',
  subState: 'running',
  since: now / 1000 - 7200,
  enabled: true,
  restarts: 0,
  listening: [
    { port: 25, loopback: false },
    { port: 465, loopback: true },
  ],
  lines: [{ time: now, severity: 'info', text: 'a ``` b', cursor: 'c' } as ServiceStatus['lines'][number]],
};

test('the page of a running service tells since when, and who may reach which port', () => {
  const page = statusPage('mail *1*', running, now).join('\n\n');
  assert.match(page, /^# chasquid on mail \\\*1\\\*\n/);
  assert.match(page, /\*\*It runs\*\*, for 2 hours now \(running\)\. It starts when the server boots\.\n/);
  assert.match(
    page,
    /- 25 .*: open\n- 465 .*: \*\*open from the server itself only\*\*\n- 587 .*: \*\*nobody listens\*\*/,
  );
  assert.match(page, /\n````text\n2026-11-24 12:00:00 {2}a ``` b\n````$/);
});

test('the page of a failed service tells why, and what to do', () => {
  const failure = { code: 'x', what: 'No certificate.', fix: 'Get one.' } as unknown as ServiceStatus['failure'];
  const status: ServiceStatus = {
    ...running,
    state: 'failed',
    enabled: false,
    restarts: 3,
    lines: [],
    ...(failure ? { failure } : {}),
  };
  const page = statusPage('mail', status, now).join('\n');
  assert.match(
    page,
    /It has failed\*\*.*does \*\*not\*\* start when the server boots\. systemd had to start it again 3 times\./,
  );
  assert.match(page, /## What is wrong\nNo certificate\. Get one\./);
  assert.match(page, /There are none\./);
});
