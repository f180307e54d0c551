import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUsers } from '../../../../src/chasquid/users/parse';
import { passwordMatches, storedPassword } from '../../../../src/chasquid/users/password';
import { newest } from '../../../../src/chasquid/versions';

test('judges the other schemes as the daemon does', async () => {
  const { users } = parseUsers(
    'users { key: "p" value { plain { password: "x" } } } users { key: "d" value { denied {} } } users { key: "n" value {} }',
    newest,
  );
  const judged = await Promise.all(users.map(u => passwordMatches('x', storedPassword(u))));
  assert.deepEqual(judged, [true, false, false]);
});

test('parameters which would cost minutes, or which scrypt refuses, match nothing', async () => {
  const scrypt = {
    kind: 'scrypt' as const,
    r: 8,
    p: 1,
    keyLen: 32,
    salt: Buffer.alloc(16),
    encrypted: Buffer.alloc(32),
  };
  for (const logN of [0, 21, 63, NaN]) assert.equal(await passwordMatches('x', { ...scrypt, logN }), false);
  assert.equal(await passwordMatches('', { ...scrypt, logN: 4, keyLen: 0, encrypted: Buffer.alloc(0) }), false);
});
