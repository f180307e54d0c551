import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailure } from '../../../../src/host/services/serviceFailure';

/** What chasquid's daemon says when it gives up (1.11 … 1.18), as its log lines read without level and position. */
const said: [string, string][] = [
  ['Error loading config: parsing config: proto: (line 1:1): unknown field: hostnam', 'chasquid-config'],
  ['Error reading "certs/" directory: open certs/: no such file or directory', 'chasquid-folder-missing'],
  ['No entries found in "certs/"', 'chasquid-no-certificate'],
  ['No entries found in domains/', 'chasquid-no-domain'],
  ['At least one valid certificate is needed', 'chasquid-no-certificate'],
  ['    tls: private key does not match public key', 'chasquid-key-pair'],
  ['    tls: failed to find any PEM data in key input', 'chasquid-certificate'],
  ['    open certs/mail.example.com/privkey.pem: permission denied', 'chasquid-file-unreadable'],
  ['Error listening: listen tcp: address 25: missing port in address', 'chasquid-address'],
  ['Error listening: listen tcp: address 99999: invalid port', 'chasquid-address'],
  ['Error listening: listen tcp :25: bind: address already in use', 'port-taken'],
  ['Error listening: listen tcp 10.0.0.1:25: bind: permission denied', 'chasquid-address-denied'],
  ['No address to listen on', 'chasquid-no-address'],
  ['Invalid empty listening address for SMTP', 'chasquid-address-empty'],
  ['If you want to disable SMTP, remove it from the config', 'chasquid-address-empty'],
  ['Error opening mail log: Unix syslog delivery error', 'chasquid-mail-log'],
  ['Error loading queue: open /var/lib/chasquid/queue: permission denied', 'chasquid-data-directory'],
  ['Error initializing queue: mkdir /var/lib/chasquid/queue: permission denied:', 'chasquid-data-directory'],
  ['Failed to initialize STS cache: mkdir /var/lib/chasquid/sts: permission denied', 'chasquid-data-directory'],
  [
    'Error opening domain info database: mkdir /var/lib/chasquid/domaininfo: permission denied',
    'chasquid-data-directory',
  ],
  ['Monitoring server failed: listen tcp: address x: missing port in address', 'chasquid-monitoring'],
  ['Invalid name "xn--0000.com": idna: invalid label "0000"', 'chasquid-domain-name'],
  ['  example.com: users file error: proto: (line 1:1): unknown field: alice', 'chasquid-users'],
  [
    '  example.com: aliases file error: "domains/example.com/aliases" line 8: missing \':\' in line',
    'chasquid-aliases',
  ],
  ['Error reloading aliases: "domains/example.com/aliases" line 8: missing \':\' in line', 'chasquid-aliases'],
  ['Error reloading authenticators: "example.com": proto: (line 1:1): unknown field: x', 'chasquid-users'],
  ['  example.com: DKIM loading error: unsupported block type: RSA PRIVATE KEY', 'chasquid-dkim'],
  // As 1.14 writes it, without the domain.
  ['    DKIM loading error: unsupported block type: RSA PRIVATE KEY', 'chasquid-dkim'],
  [
    '  example.com: DKIM loading error: open domains/example.com/dkim:a.pem: permission denied',
    'chasquid-dkim-unreadable',
  ],
  ['write /var/lib/chasquid/x: no space left on device', 'disk-full'],
  ['chasquid.service: Start request repeated too quickly.', 'start-limit'],
  ['chasquid.service: Failed to determine user credentials: No such process', 'user-missing'],
  ['chasquid.service: Failed at step EXEC spawning /usr/bin/chasquid: No such file or directory', 'program-missing'],
];

test('every known end has its cause and what to do, in sentences', () => {
  for (const [line, code] of said) {
    const failure = explainFailure([
      'Server starting',
      line,
      'chasquid.service: Main process exited, code=exited, status=1/FAILURE',
    ]);
    assert.equal(failure?.code, code, line);
    assert.match(failure.what, /^(?:[A-Z]|chasquid).*\.$/s, line);
    assert.match(failure.fix, /[.a-z/ ]$/, line);
    assert.ok(failure.fix.length > 10);
    assert.equal(failure.line, line);
  }
});

test('names what the line names', () => {
  assert.match(
    explainFailure(['Error listening: listen tcp :25: bind: address already in use'])!.what,
    /listens on :25/,
  );
  assert.match(
    explainFailure([said.find(([, code]) => code === 'chasquid-aliases')![0]])!.what,
    /of example\.com .*line 8/,
  );
});

test('the daemon’s own words win over systemd’s, the newest over older ones', () => {
  const lines = [
    'No entries found in "certs/"',
    'No entries found in domains/',
    'chasquid.service: Start request repeated too quickly.',
  ];
  assert.equal(explainFailure(lines)?.code, 'chasquid-no-domain');
});

test('an orderly stop and ordinary lines explain nothing', () => {
  assert.equal(
    explainFailure(['Server listening on systemd', 'Got signal to exit: terminated', 'Stopped chasquid.service']),
    undefined,
  );
  assert.equal(explainFailure([]), undefined);
});

test('what the line quotes is short and does nothing', () => {
  const { what } = explainFailure([`Error loading config: \u001b[2J${'x'.repeat(10_000)}`])!;
  assert.match(what, /^The file chasquid\.conf has an error: \\u\{1b\}\[2Jx+….$/);
  assert.ok(what.length < 400);
});
