import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailure } from '../../../src/chasquid/serviceFailures';

/** What chasquid's daemon says when it gives up (1.11 … 1.18), as its log lines read without level and position. */
const said: [string, string][] = [
  ['Error loading config: parsing config: proto: (line 1:1): unknown field: hostnam', 'config-syntax'],
  ['Error reading "certs/" directory: open certs/: no such file or directory', 'folder-missing'],
  ['No entries found in "certs/"', 'certificates-empty'],
  ['No entries found in domains/', 'domains-empty'],
  ['At least one valid certificate is needed', 'certificates-empty'],
  ['    tls: private key does not match public key', 'certificate-mismatch'],
  ['    tls: failed to find any PEM data in key input', 'certificate-pem'],
  ['    open certs/mail.example.com/privkey.pem: permission denied', 'file-denied'],
  ['Error listening: listen tcp: address 25: missing port in address', 'address-syntax'],
  ['Error listening: listen tcp: address 99999: invalid port', 'address-syntax'],
  ['Error listening: listen tcp :25: bind: address already in use', 'address-in-use'],
  ['Error listening: listen tcp 10.0.0.1:25: bind: permission denied', 'address-denied'],
  ['No address to listen on', 'no-address'],
  ['Invalid empty listening address for SMTP', 'no-address'],
  ['Error opening mail log: Unix syslog delivery error', 'mail-log'],
  ['Error opening domain info database: mkdir /var/lib/chasquid/domaininfo: permission denied', 'data-directory'],
  ['Monitoring server failed: listen tcp: address x: missing port in address', 'monitoring'],
  ['Invalid name "xn--0000.com": idna: invalid label "0000"', 'domain-name'],
  ['  example.com: users file error: proto: (line 1:1): unknown field: alice', 'users-file'],
  ['  example.com: aliases file error: "domains/example.com/aliases" line 8: missing \':\' in line', 'aliases-file'],
  ['Error reloading aliases: "domains/example.com/aliases" line 8: missing \':\' in line', 'aliases-file'],
  ['Error reloading authenticators: "example.com": proto: (line 1:1): unknown field: x', 'users-file'],
  ['  example.com: DKIM loading error: unsupported block type: RSA PRIVATE KEY', 'dkim-key'],
  ['  example.com: DKIM loading error: open domains/example.com/dkim:a.pem: permission denied', 'dkim-unreadable'],
  ['write /var/lib/chasquid/x: no space left on device', 'disk-full'],
  ['chasquid.service: Start request repeated too quickly.', 'start-limit'],
  ['chasquid.service: Failed to determine user credentials: No such process', 'user-missing'],
  ['chasquid.service: Failed at step EXEC spawning /usr/bin/chasquid: No such file or directory', 'program-missing'],
];

test('every known end has its cause and cure, in sentences', () => {
  for (const [line, code] of said) {
    const failure = explainFailure([
      'Server starting',
      line,
      'chasquid.service: Main process exited, code=exited, status=1/FAILURE',
    ]);
    assert.equal(failure?.code, code, line);
    assert.match(failure.cause, /^[A-Z].*\.$/s, line);
    assert.match(failure.cure, /[.a-z/ ]$/, line);
    assert.ok(failure.cure.length > 10);
    assert.equal(failure.line, line);
  }
});

test('names what the line names', () => {
  assert.match(
    explainFailure(['Error listening: listen tcp :25: bind: address already in use'])!.cause,
    /listens on :25/,
  );
  assert.match(
    explainFailure([said.find(([, code]) => code === 'aliases-file')![0]])!.cause,
    /of example\.com .*line 8/,
  );
});

test('the daemon’s own words win over systemd’s, the newest over older ones', () => {
  const lines = [
    'No entries found in "certs/"',
    'No entries found in domains/',
    'chasquid.service: Start request repeated too quickly.',
  ];
  assert.equal(explainFailure(lines)?.code, 'domains-empty');
});

test('an orderly stop and ordinary lines explain nothing', () => {
  assert.equal(
    explainFailure(['Server listening on systemd', 'Got signal to exit: terminated', 'Stopped chasquid.service']),
    undefined,
  );
  assert.equal(explainFailure([]), undefined);
});
