import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loginAddress } from '../../../../src/ssh/config/address';

test('a login is named by user, host and port', () => {
  assert.equal(loginAddress({ user: 'root', host: 'mail.example.com', port: 22 }), 'root@mail.example.com:22');
  assert.equal(loginAddress({ user: 'root', host: '2001:db8::1', port: 2222 }), 'root@[2001:db8::1]:2222');
});

test('different logins have different names', () => {
  const base = { user: 'root', host: '127.0.0.1', port: 2222 };
  const logins = [
    base,
    { ...base, user: 'admin' },
    { ...base, host: '127.0.0.2' },
    { ...base, port: 22 },
    { ...base, port: 222 },
    // The same forwarded port leads to the one and to the other.
    { ...base, hostKeyAlias: 'one' },
    { ...base, hostKeyAlias: 'other' },
    { ...base, user: 'a@b', host: 'c' },
    { ...base, user: 'a', host: 'b@c' },
    { ...base, user: 'a%40b', host: 'c' },
  ];
  assert.equal(new Set(logins.map(loginAddress)).size, logins.length);
});
