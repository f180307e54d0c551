import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaintSentences } from '../../../src/host/protocol/complaints';
import { confString, readConf } from '../../../src/host/facts/confValue';
import { listeners } from '../../../src/host/facts/listeners';
import { versionOf } from '../../../src/chasquid/versions';

test('listening ports of /proc/net/tcp and tcp6', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 00000000:01D1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 0100007F:01D1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1
   3: 00000000:0019 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 2 1
   0: 00000000000000000000000000000000:0019 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000`;
  assert.deepEqual(listeners(table), [
    { port: 25, loopback: false },
    { port: 80, loopback: true },
    { port: 465, loopback: false },
    { port: 3001, loopback: true },
  ]);
});

test('complaints of find and tar become one sentence per path', () => {
  const sentences = complaintSentences(
    [
      "find: 'domains/example.com': Permission denied",
      'find: ‘domains/example.com’: Permission denied',
      'tar: domains/a b/users: Cannot open: Permission denied',
      'tar: Exiting with failure status due to previous errors',
      "find: 'certs': No such file or directory",
      'gzip: stdout: Broken pipe',
    ].join('\n'),
    'alice',
  );
  assert.deepEqual(sentences, [
    'domains/example.com could not be read: alice may not open it. Connect as root, or as a user who may use sudo.',
    'domains/a b/users could not be read: alice may not open it. Connect as root, or as a user who may use sudo.',
    'The server reported: “gzip: stdout: Broken pipe”.',
  ]);
});

test('a string of chasquid.conf', () => {
  const conf = (text: string) => confString(readConf(Buffer.from(text), versionOf('1.15.0')), 'hostname');
  assert.equal(conf('# x\nhostname: "mail.example.com"\nmax_data_size_mb: 50'), 'mail.example.com');
  for (const text of ['', 'hostname: ""', 'hostname: mail', 'hostname: "unclosed']) assert.equal(conf(text), undefined);
});
