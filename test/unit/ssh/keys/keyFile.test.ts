import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import ssh2 from 'ssh2';
import { KeyFileError } from '../../../../src/ssh/errors';
import { decryptKey, readKeyFile } from '../../../../src/ssh/keys/keyFile';

const dir = mkdtempSync(join(tmpdir(), 'key-file-'));
after(() => rmSync(dir, { recursive: true }));

let count = 0;
function keygen(...args: string[]): string {
  const file = join(dir, `key${++count}`);
  execFileSync('ssh-keygen', ['-q', '-f', file, ...args], { stdio: 'ignore' });
  return file;
}
function written(text: string): string {
  const file = join(dir, `file${++count}`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
async function refused(file: string, reason: KeyFileError['reason'], message: RegExp): Promise<void> {
  await assert.rejects(readKeyFile(file, ssh2), (error: KeyFileError) => {
    assert.ok(error instanceof KeyFileError, String(error));
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
    return true;
  });
}

test('the public half of an encrypted key is read without its passphrase', async () => {
  const plain = keygen('-t', 'ed25519', '-N', '');
  const open = await readKeyFile(plain, ssh2);
  assert.ok(open.kind === 'private');
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', plain]);
  rmSync(`${plain}.pub`);
  const closed = await readKeyFile(plain, ssh2);
  assert.ok(closed.kind === 'encrypted');
  assert.ok(closed.publicKey!.getPublicSSH().equals(open.key.getPublicSSH()));
  assert.equal(decryptKey(plain, closed.text, 'wrong', ssh2), undefined);
  assert.ok(decryptKey(plain, closed.text, 'secret', ssh2)!.isPrivateKey());
});

test('an old PEM tells its public half only by the .pub beside it', async () => {
  const file = keygen('-t', 'rsa', '-m', 'PEM', '-N', 'secret');
  const beside = await readKeyFile(file, ssh2);
  assert.ok(beside.kind === 'encrypted' && beside.publicKey);
  rmSync(`${file}.pub`);
  const alone = await readKeyFile(file, ssh2);
  assert.ok(alone.kind === 'encrypted');
  assert.equal(alone.publicKey, undefined);
  assert.equal(decryptKey(file, alone.text, 'wrong', ssh2), undefined);
  assert.ok(decryptKey(file, alone.text, 'secret', ssh2));
});

test('a .pub is told apart', async () => {
  assert.equal((await readKeyFile(`${keygen('-t', 'ecdsa', '-N', '')}.pub`, ssh2)).kind, 'public');
});

test('what cannot be used is refused with the reason and the way out', async () => {
  await refused(join(dir, 'missing'), 'missing', /There is no such file\. Choose another identity file\.$/);
  await refused(dir, 'unreadable', /It is a folder\. Choose the file of a private key/);
  await refused(written('hello'), 'unsupported', /not a private key in a supported format\. Choose a key/);
  await refused(
    written('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'),
    'unsupported',
    /PuTTY.+puttygen .+private-openssh/,
  );
  await refused(
    keygen('-t', 'rsa', '-m', 'PKCS8', '-N', ''),
    'unsupported',
    /PKCS #8 format\. Convert it .+ssh-keygen -p/,
  );
});

test('a certificate is not a key', async () => {
  const [authority, key] = [keygen('-t', 'ed25519', '-N', ''), keygen('-t', 'ed25519', '-N', '')];
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'me', '-n', 'me', `${key}.pub`], { stdio: 'ignore' });
  const certificate = join(dir, 'certificate');
  copyFileSync(`${key}-cert.pub`, certificate);
  await refused(certificate, 'unsupported', /It is a certificate, not a key\./);
});

test('the key of a hardware token is said to be one', async () => {
  // Built by hand: a real one needs the token. PROTOCOL.key and PROTOCOL.u2f of OpenSSH.
  const string = (value: Buffer | string) => {
    const bytes = Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const type = 'sk-ssh-ed25519@openssh.com';
  const publicKey = Buffer.concat([string(type), string(Buffer.alloc(32, 1)), string('ssh:')]);
  const checks = Buffer.alloc(8, 7);
  const secret = Buffer.concat([checks, publicKey, Buffer.from([1]), string('handle'), string(''), string('comment')]);
  const padded = Buffer.concat([secret, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (secret.length % 8)) % 8))]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    Buffer.from([0, 0, 0, 1]),
    string(publicKey),
    string(padded),
  ]);
  const armour = (label: string) =>
    `-----BEGIN ${label}-----\n${body
      .toString('base64')
      .match(/.{1,70}/g)!
      .join('\n')}\n-----END ${label}-----\n`;
  await refused(
    written(armour('OPENSSH PRIVATE KEY')),
    'unsupported',
    /hardware security key \(sk\).+Choose an ordinary key/,
  );
  await refused(written(`${type} ${publicKey.toString('base64')} me\n`), 'unsupported', /hardware security key/);
});
