import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { HostKeyError } from '../../../../src/ssh/errors';
import { knownHostName, parseKnownHosts, readKnownHosts, speaksOf } from '../../../../src/ssh/hostKeys/knownHosts';

const dir = mkdtempSync(join(tmpdir(), 'known-hosts-'));
after(() => rmSync(dir, { recursive: true }));

const keys = ['ed25519', 'ecdsa', 'rsa'].map(type => {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(dir, type)]);
  return readFileSync(join(dir, `${type}.pub`), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');
});
const [ed25519, ecdsa, rsa] = keys as [string, string, string];

const text = `# a comment
mail.example.com ${ed25519} a comment behind
mail.example.com,192.0.2.1 ${rsa}

*.wild.example ${ecdsa}
*.neg.example,!bad.neg.example ${ed25519}
[port.example.com]:2222 ${ed25519}
[2001:db8::1]:2222,[192.0.2.9]:2222 ${rsa}
MiXed.Example.COM ${ed25519}
@revoked revoked.example.com ${rsa}
@cert-authority *.ca.example ${ed25519}
@unknown marker.example.com ${ed25519}
  indented.example.com\t${ed25519}
old.example.com 1024 35 1234567890
short.example.com ssh-ed25519
wrongtype.example.com ssh-rsa ${ed25519.split(' ')[1]}
`;

function found(name: string, source = text): number[] {
  return parseKnownHosts(source, 'f')
    .filter(entry => speaksOf(entry, name))
    .map(entry => entry.line);
}

test('lines are found by name', () => {
  assert.deepEqual(found('mail.example.com'), [2, 3]);
  assert.deepEqual(found('192.0.2.1'), [3]);
  assert.deepEqual(found('a.wild.example'), [5]);
  assert.deepEqual(found('wild.example'), []);
  assert.deepEqual(found('good.neg.example'), [6]);
  assert.deepEqual(found('bad.neg.example'), []);
  assert.deepEqual(found(knownHostName('port.example.com', 2222)), [7]);
  assert.deepEqual(found(knownHostName('port.example.com', 22)), []);
  assert.deepEqual(found(knownHostName('2001:DB8::1', 2222)), [8]);
  assert.deepEqual(found(knownHostName('mixed.EXAMPLE.com', 22)), [9]);
  assert.deepEqual(found('indented.example.com'), [13]);
});

test('markers are told apart from plain keys', () => {
  const marked = (name: string) => parseKnownHosts(text, 'f').filter(entry => speaksOf(entry, name))[0]?.marker;
  assert.equal(marked('revoked.example.com'), 'revoked');
  assert.equal(marked('x.ca.example'), 'cert-authority');
});

test('lines that OpenSSH passes over are passed over', () => {
  for (const name of ['marker', 'old', 'short', 'wrongtype']) assert.deepEqual(found(`${name}.example.com`), []);
});

test('the same lines are found as by ssh-keygen -F, plain and hashed by ssh-keygen -H', () => {
  const names = [
    'mail.example.com',
    '192.0.2.1',
    '[port.example.com]:2222',
    '[2001:db8::1]:2222',
    'nobody.example.com',
  ];
  const plain = join(dir, 'plain');
  // ssh-keygen -H refuses lines it cannot read.
  const readable = text
    .split('\n')
    .filter(line => !/^(@unknown|old|short|wrongtype)/.test(line))
    .join('\n');
  writeFileSync(plain, readable);
  const hashed = join(dir, 'hashed');
  writeFileSync(hashed, readable);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', hashed], { stdio: 'ignore' });
  assert.match(readFileSync(hashed, 'utf8'), /^\|1\|/m);
  for (const file of [plain, hashed]) {
    const content = readFileSync(file, 'utf8');
    for (const name of names) {
      const output = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' }).stdout;
      const expected = [...output.matchAll(/found: line (\d+)/g)].map(match => Number(match[1]));
      assert.deepEqual(found(name, content), expected, `${name} in ${file}`);
      assert.equal(expected.length > 0, name !== 'nobody.example.com');
    }
  }
});

test('a missing file is empty', async () => {
  assert.deepEqual(await readKnownHosts([join(dir, 'missing'), join(dir, 'plain', 'below-a-file')]), []);
});

test('a file that cannot be read fails closed', async () => {
  const directory = join(dir, 'a-directory');
  mkdirSync(directory);
  const unreadable = join(dir, 'unreadable');
  writeFileSync(unreadable, text);
  chmodSync(unreadable, 0);
  // Root reads everything; a directory can be read by nobody.
  const files = process.getuid?.() === 0 ? [directory] : [directory, unreadable];
  for (const file of files) {
    await assert.rejects(readKnownHosts([file]), (error: HostKeyError) => {
      assert.equal(error.code, 'known-hosts-unreadable');
      assert.match(
        error.message,
        /cannot be read\. (It is a folder|The system reports EACCES)\. Without it .+\. Put a file there/,
      );
      return error instanceof HostKeyError;
    });
  }
});
