import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, passwordMatches, storedPassword } from '../../../../src/chasquid/users/password';
import { removeUser, setUser, userEntry } from '../../../../src/chasquid/users/edit';
import { parseUsers } from '../../../../src/chasquid/users/parse';
import { versionOf } from '../../../../src/chasquid/versions';

const version = versionOf('1.18.0');
const usersIn = (bytes: Uint8Array) => parseUsers(bytes, version).users;
const set = (bytes: Uint8Array, name: string, entry: string) => setUser(bytes, version, name, entry);
const remove = (bytes: Uint8Array, name: string) => removeUser(bytes, version, name);

/** Made by chasquid-util 1.11 (Debian 1.11-2+b2) with the passwords `secret` and `p ä"\`. */
const made = Buffer.from(
  String.raw`users: {
  key: "user"
  value: {
    scrypt: {
      logN: 14
      r: 8
      p: 1
      keyLen: 32
      salt: "\x8d\xba\xf8eL&\xf7v%)\x88\x1d\x07\xa0w\x1d"
      encrypted: "Nt\x01\x8c\x01V\x17\xeb\x1e.\x86\xb6S\xce\\\xa1\x04\xb1fb\x82P\x7f\xba3t\x1c\xf9\xc9\xfa߃"
    }
  }
}
users: {
  key: "zoë"
  value: {
    scrypt: {
      logN: 14
      r: 8
      p: 1
      keyLen: 32
      salt: "\xec\xf6U\xeb=<\x9d\xd1\xccEQp+\xc9\x12)"
      encrypted: "l\xfc+\xab\x97@\xb8\xad5\xe0U,\xfdQ;\xde\x1bJ(\x85.V\xfe@\x99K\xa8\xa4K\x0e)\xff"
    }
  }
}
`,
);
const entry = userEntry('new', {
  kind: 'scrypt',
  logN: 14,
  r: 8,
  p: 1,
  keyLen: 32,
  salt: Buffer.alloc(16, 0x22),
  encrypted: Buffer.alloc(32, 0xff),
});

test('reads what chasquid-util wrote and judges its passwords', async () => {
  const [user, zoe] = usersIn(made);
  assert.deepEqual([user?.name, zoe?.name], ['user', 'zoë']);
  assert.equal(await passwordMatches('secret', storedPassword(user!)), true);
  assert.equal(await passwordMatches('Secret', storedPassword(user!)), false);
  assert.equal(await passwordMatches('p ä"\\', storedPassword(zoe!)), true);
});

test('a password hashed here has the parameters of chasquid and a salt of its own', async () => {
  const [one, two] = await Promise.all([hashPassword('pässword'), hashPassword('pässword')]);
  assert.deepEqual([one.logN, one.r, one.p, one.keyLen, one.salt.length, one.encrypted.length], [14, 8, 1, 32, 16, 32]);
  assert.notDeepEqual(one.salt, two.salt);
  assert.equal(await passwordMatches('pässword', one), true);
});

test('adding keeps every byte and puts the entry at the end', () => {
  const after = set(made, 'new', entry);
  assert.deepEqual(after.subarray(0, made.length), made);
  assert.deepEqual(
    usersIn(after).map(u => u.name),
    ['user', 'zoë', 'new'],
  );
  const unended = made.subarray(0, -1);
  assert.deepEqual(usersIn(set(unended, 'new', entry)).length, 3);
  assert.equal(set(Buffer.alloc(0), 'new', entry).toString(), `${entry}\n`);
});

test('changing replaces just that entry', () => {
  const commented = Buffer.concat([Buffer.from('# kept\n'), made, Buffer.from('# end')]);
  const after = set(commented, 'user', entry.replace('new', 'user')).toString('latin1');
  assert.ok(after.startsWith('# kept\nusers: {\n  key: "user"'));
  assert.ok(after.endsWith(commented.subarray(commented.indexOf('users: {\n  key: "zo')).toString('latin1')));
  assert.ok(!after.includes('eL&'));
});

test('changing a name that stands twice leaves no old password', () => {
  const twice = Buffer.concat([made, made]);
  const users = usersIn(set(twice, 'user', entry.replace('new', 'user')));
  assert.deepEqual(
    users.map(u => u.name),
    ['zoë', 'user', 'zoë'],
  );
});

test('removing leaves the other bytes as they were', () => {
  assert.equal(
    remove(made, 'zoë').toString('latin1'),
    made.subarray(0, made.indexOf('users: {\n  key: "zo')).toString('latin1'),
  );
  assert.deepEqual(remove(remove(made, 'zoë'), 'user'), Buffer.alloc(0));
  assert.deepEqual(remove(made, 'nobody'), made);
});

test('entries in a list, in angle brackets, with separators and on one line', () => {
  const one = (name: string) => `{ key: "${name}" value { denied {} } }`;
  const list = Buffer.from(`users: [ ${one('a')}, ${one('b')} ,${one('c')} ]`);
  for (const name of ['a', 'b', 'c']) {
    const left = usersIn(remove(list, name)).map(u => u.name);
    assert.deepEqual(
      left,
      ['a', 'b', 'c'].filter(n => n !== name),
    );
  }
  assert.deepEqual(
    usersIn(set(list, 'b', entry.replace('new', 'b'))).map(u => [u.name, u.scheme]),
    [
      ['a', 'denied'],
      ['c', 'denied'],
      ['b', 'scrypt'],
    ],
  );
  const line = Buffer.from(`users < key: "a" value < denied <> > >; users ${one('b')}, users ${one('c')}`);
  assert.deepEqual(
    usersIn(remove(line, 'b')).map(u => u.name),
    ['a', 'c'],
  );
});

test('any name and hash read back as they were', () => {
  const salt = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const scrypt = {
    kind: 'scrypt' as const,
    logN: 14,
    r: 8,
    p: 1,
    keyLen: 32,
    salt,
    encrypted: Buffer.from([0, 0x37, 1, 0x38]),
  };
  const name = 'zoë"\\\n7';
  const [read] = usersIn(Buffer.from(userEntry(name, scrypt)));
  assert.deepEqual([read!.name, storedPassword(read!)], [name, scrypt]);
});
