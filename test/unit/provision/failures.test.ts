import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFailure } from '../../../src/host/services/serviceFailure';
import { failureOf } from '../../../src/provision/failures';

/** What the programs say, and what is told about it. */
const cases: [string, string][] = [
  ["E: You don't have enough free space in /var/cache/apt/archives/.", 'disk-full'],
  ['tee: /etc/hosts: No space left on device', 'disk-full'],
  ["touch: cannot touch '/etc/x': Read-only file system", 'read-only'],
  ['E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get)', 'apt-lock'],
  [
    'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
    'apt-lock',
  ],
  ['E: Packages need to be removed but remove is disabled.', 'packages-conflict'],
  ['E: Unable to locate package chasquid', 'package-missing'],
  ["E: Package 'chasquid' has no installation candidate", 'package-missing'],
  ["E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.", 'dpkg-broken'],
  [
    'Error creating new order :: too many certificates (5) already issued for this exact set of domains',
    'acme-rate-limit',
  ],
  ['"type": "urn:ietf:params:acme:error:rateLimited"', 'acme-rate-limit'],
  ['urn:ietf:params:acme:error:caa :: CAA record for example.com prevents issuance', 'acme-caa'],
  ['urn:ietf:params:acme:error:invalidContact :: Error validating contact(s)', 'acme-email'],
  ['Incorrect TXT record "abc" found at _acme-challenge.mail.example.com', 'acme-proof-dns'],
  ['DNS problem: NXDOMAIN looking up TXT for _acme-challenge.mail.example.com', 'acme-proof-dns'],
  ['DNS problem: NXDOMAIN looking up A for mail.example.com - check that a DNS record exists', 'name-unknown'],
  ['Fetching http://mail.example.com/.well-known/acme-challenge/x: Timeout during connect', 'acme-proof-http'],
  ['update failed: REFUSED', 'dns-update-refused'],
  ['; TSIG error with server: tsig verify failure', 'dns-update-refused'],
  ['Received response code REFUSED', 'dns-update-refused'],
  ['Error adding TXT record: 9109 Invalid access token', 'dns-key-refused'],
  ['SSL certificate problem: unable to get local issuer certificate', 'acme-tls'],
  ["Temporary failure resolving 'deb.debian.org'", 'no-network'],
  ['curl: (6) Could not resolve host: acme-v02.api.letsencrypt.org', 'no-network'],
  ['☠ chasquid.go:100      open certs/mail/privkey.pem: permission denied', 'chasquid-file-unreadable'],
  ['☠ chasquid.go:133      At least one valid certificate is needed', 'chasquid-no-certificate'],
  ['☠ chasquid.go:170      No entries found in "domains/"', 'chasquid-no-domain'],
  ['tls: private key does not match public key', 'chasquid-key-pair'],
  ['example.com: DKIM loading error: unsupported block type: RSA PRIVATE KEY', 'chasquid-dkim'],
  [
    '  example.com: aliases file error: "domains/example.com/aliases" line 8: missing \':\' in line',
    'chasquid-aliases',
  ],
  ['Error loading config: parsing config: proto: (line 1:1): unknown field: hostnam', 'chasquid-config'],
  ['listen tcp :25: bind: address already in use', 'port-taken'],
  ['OSError: [Errno 98] Address already in use', 'port-taken'],
  ['No address to listen on', 'chasquid-no-address'],
  ['chasquid.service: Start request repeated too quickly.', 'start-limit'],
  ["chown: changing ownership of '/etc/chasquid': Operation not permitted", 'permission-denied'],
];

for (const [said, code] of cases) {
  test(`“${said.slice(0, 70)}” is ${code}`, () => {
    const failure = failureOf(`first line\n${said}\nlast line`);
    assert.equal(failure.code, code);
    assert.match(failure.what, /\.$/);
    assert.match(failure.fix, /[.;)]$/);
    assert.doesNotMatch(`${failure.what} ${failure.fix}`, /invalid input|operation failed|unknown error/i);
  });
}

test('the more telling of two reasons is told', () => {
  const said = 'Error writing: No space left on device\nE: Sub-process /usr/bin/dpkg returned an error code (1)';
  assert.equal(failureOf(said).code, 'disk-full');
});

test('what is unknown is told with its last words, and silence as silence', () => {
  assert.deepEqual(
    failureOf('one\nsomething odd happened\n\n').what,
    'A command on the server failed. Its last output was: “something odd happened”.',
  );
  assert.equal(failureOf('').what, 'A command on the server failed without output.');
});

test('chasquid is explained as when it is restarted, with what its line names', () => {
  const line = '☠ chasquid.go:288    example.com: users file error: proto: (line 1:1): unknown field: alice';
  const { line: from, ...explained } = explainFailure(['chasquid starting', line])!;
  assert.equal(from, line);
  assert.deepEqual(failureOf(`chasquid starting\n${line}\n`), explained);
  assert.match(explained.what, /example\.com .*line 1:1/);
});
