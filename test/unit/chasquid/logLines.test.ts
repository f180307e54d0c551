import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLogLine, type LogLine } from '../../../src/chasquid/logLines';

/** Lines of a real chasquid 1.11-2+b2 (Debian), and of 1.16 where it differs. */
const process: [string, Partial<LogLine>][] = [
  [
    '_ chasquid.go:50     chasquid starting (version 1.11-2+b2)',
    { severity: 'info', text: 'chasquid starting (version 1.11-2+b2)' },
  ],
  ['_ config.go:134        Hostname: "mail.example.test"', { severity: 'info', text: 'Hostname: "mail.example.test"' }],
  [
    '_ conn.go:298        SMTP.Conn 127.0.0.1:58170: error: AUTH failed: 535  5.7.8 Incorrect user or password',
    {
      severity: 'warning',
      text: 'SMTP.Conn 127.0.0.1:58170: error: AUTH failed: 535  5.7.8 Incorrect user or password',
    },
  ],
  [
    '_ conn.go:684        SMTP.Conn 127.0.0.1:58170: Queued from user@example.test to [user@example.test x@nowhere.test] - Vzkw7hNDRKI',
    {
      severity: 'info',
      messageId: 'Vzkw7hNDRKI',
      event: {
        kind: 'queued',
        id: 'Vzkw7hNDRKI',
        from: 'user@example.test',
        to: ['user@example.test', 'x@nowhere.test'],
        peer: '127.0.0.1:58170',
      },
    },
  ],
  ['_ queue.go:308       Queue.SendLoop Vzkw7hNDRKI: from user@example.test', { messageId: 'Vzkw7hNDRKI' }],
  [
    '_ smtp.go:82         Courier.SMTP x@nowhere.test: error: Could not find mail server: lookup nowhere.test',
    { severity: 'error' },
  ],
  [
    '_ queue.go:363       Queue.SendLoop Vzkw7hNDRKI: x@nowhere.test temporary error: Could not find mail server',
    {
      severity: 'warning',
      event: {
        kind: 'failed',
        id: 'Vzkw7hNDRKI',
        to: 'x@nowhere.test',
        permanent: false,
        reason: 'Could not find mail server',
      },
    },
  ],
  [
    '_ queue.go:359       Queue.SendLoop Z5zOEU5F7X4: error: /bin/false -x permanent error: exit status 1',
    {
      severity: 'error',
      event: { kind: 'failed', id: 'Z5zOEU5F7X4', to: '/bin/false -x', permanent: true, reason: 'exit status 1' },
    },
  ],
  [
    '_ queue.go:367       Queue.SendLoop Vzkw7hNDRKI: user@example.test sent',
    { event: { kind: 'sent', id: 'Vzkw7hNDRKI', to: 'user@example.test' } },
  ],
  [
    '_ queue.go:332       Queue.SendLoop Vzkw7hNDRKI: waiting for 1m57s',
    { event: { kind: 'waiting', id: 'Vzkw7hNDRKI', next: '1m57s' } },
  ],
  [
    '_ queue.go:465       Queue.SendLoop Z5zOEU5F7X4: queued DSN: MZk6JNz2aCo',
    { event: { kind: 'bounced', id: 'Z5zOEU5F7X4', bounceId: 'MZk6JNz2aCo' } },
  ],
  ['_ queue.go:342       Queue.SendLoop MZk6JNz2aCo: all done', { event: { kind: 'done', id: 'MZk6JNz2aCo' } }],
  ['☠ chasquid.go:236    Got signal to exit: terminated', { severity: 'info', text: 'Got signal to exit: terminated' }],
  [
    '☠ server.go:295      Error reloading aliases: "domains/example.com/aliases" line 8: missing \':\' in line',
    { severity: 'error' },
  ],
  ['E server.go:182      Error reloading aliases: permission denied', { severity: 'error' }],
  ['. conn.go:99         SMTP.Conn 10.0.0.1:1: <- "NOOP"', { severity: 'debug' }],
  ['2026-11-24 03:28:01.628567 _ conn.go:9 text', { severity: 'info', text: 'text' }],
  ['panic: runtime error: index out of range', { severity: 'error' }],
  ['a second line of something', { severity: 'info', text: 'a second line of something' }],
];

test('process log: level and "error:" give the severity, queue lines their event', () => {
  for (const [line, expected] of process) {
    const parsed = parseLogLine(line, 'process');
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(parsed[key as keyof LogLine], value, line);
    assert.equal(parsed.source, 'process');
  }
});

const mail: [string, Partial<LogLine>][] = [
  ['daemon listening on systemd', { severity: 'info', event: { kind: 'listening', address: 'systemd' } }],
  [
    '127.0.0.1:58170 auth failed for user@example.test\n',
    { severity: 'warning', event: { kind: 'auth', peer: '127.0.0.1:58170', user: 'user@example.test', ok: false } },
  ],
  [
    '[::1]:58170 auth succeeded for user@example.test',
    { severity: 'info', event: { kind: 'auth', peer: '[::1]:58170', user: 'user@example.test', ok: true } },
  ],
  [
    '10.0.0.1:5 rejected from=a@b.test to=[c@d.test e@f.test] - relay not allowed',
    {
      severity: 'warning',
      event: {
        kind: 'rejected',
        peer: '10.0.0.1:5',
        from: 'a@b.test',
        to: ['c@d.test', 'e@f.test'],
        reason: 'relay not allowed',
      },
    },
  ],
  ['10.0.0.1:5 rejected - ', { event: { kind: 'rejected', peer: '10.0.0.1:5', to: [], reason: '' } }],
  [
    '2026-11-24 03:28:01.632080 Z5zOEU5F7X4 from=user@example.test queued ip=127.0.0.1:58170 to=[nobody@example.test]',
    {
      messageId: 'Z5zOEU5F7X4',
      event: {
        kind: 'queued',
        id: 'Z5zOEU5F7X4',
        from: 'user@example.test',
        to: ['nobody@example.test'],
        peer: '127.0.0.1:58170',
      },
    },
  ],
  [
    'MZk6JNz2aCo from=<> to=user@example.test sent',
    { severity: 'info', event: { kind: 'sent', id: 'MZk6JNz2aCo', to: 'user@example.test' } },
  ],
  [
    'Z5zOEU5F7X4 from=u@e.test to=/bin/false -x y failed (permanent): 550 no\n550 really',
    {
      severity: 'error',
      event: {
        kind: 'failed',
        id: 'Z5zOEU5F7X4',
        to: '/bin/false -x y',
        permanent: true,
        reason: '550 no\n550 really',
      },
    },
  ],
  ['Z5zOEU5F7X4 from=u@e.test to=a@b failed (temporary): x', { severity: 'warning' }],
  [
    'Z5zOEU5F7X4 from=u@e.test completed loop, next in 1m37.884741589s',
    { event: { kind: 'waiting', id: 'Z5zOEU5F7X4', next: '1m37.884741589s' } },
  ],
  ['Z5zOEU5F7X4 from=u@e.test all done', { event: { kind: 'done', id: 'Z5zOEU5F7X4' } }],
];

test('mail log: every kind of line', () => {
  for (const [line, expected] of mail) {
    const parsed = parseLogLine(line, 'mail');
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(parsed[key as keyof LogLine], value, line);
  }
});

test('systemd lines take the severity of their priority', () => {
  const severities = [0, 3, 4, 5, 6, 7].map(priority => parseLogLine('x', 'system', priority).severity);
  assert.deepEqual(severities, ['error', 'error', 'warning', 'info', 'info', 'debug']);
});
