import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isWhole, keyType, md5Fingerprint, sha256Fingerprint } from '../../../../src/ssh/keys/fingerprint';

test('fingerprints are those of ssh-keygen', () => {
  const dir = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  try {
    const file = join(dir, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', file]);
    const [type, base64] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    const blob = Buffer.from(base64!, 'base64');
    const printed = (hash: string) => execFileSync('ssh-keygen', ['-l', '-E', hash, '-f', file], { encoding: 'utf8' });
    assert.equal(sha256Fingerprint(blob), printed('sha256').split(' ')[1]);
    assert.equal(md5Fingerprint(blob), printed('md5').split(' ')[1]);
    assert.equal(keyType(blob), type);
    assert.ok(isWhole(blob));
    for (const left of [1, 20, 60]) assert.ok(!isWhole(blob.subarray(0, -left)), `without its last ${left} bytes`);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('what is not a key blob has no type', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('hello world'),
    Buffer.from([0, 0, 0, 200, 1, 2]),
    Buffer.alloc(64),
  ]) {
    assert.equal(keyType(bytes), undefined);
  }
});
