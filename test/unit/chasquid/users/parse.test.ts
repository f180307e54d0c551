import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText } from '../../../../src/chasquid/text';
import { parseUsers, userNames, usersError } from '../../../../src/chasquid/users/parse';
import { versionOf } from '../../../../src/chasquid/versions';

const version = versionOf('1.18.0');

test('bytes and text are read alike, with places in what was given', () => {
  const text = 'users: { key: "zoë" value: { plain: { password: "é" } } }\nusers: { key: "b" value: { denied: {} } }\n';
  const bytes = Buffer.from(text);
  const [ofText, ofBytes] = [parseUsers(text, version), parseUsers(bytes, version)];
  assert.deepEqual(ofBytes.users, ofText.users);
  assert.deepEqual(
    ofText.users.map(({ name, scheme, inList }) => [name, scheme, inList]),
    [
      ['zoë', 'plain', false],
      ['b', 'denied', false],
    ],
  );
  const [, second] = ofText.users;
  assert.equal(
    text.slice(ofText.source.offset(second!.key.start), ofText.source.offset(second!.key.end)),
    '"b"',
    'as UTF-16',
  );
  assert.equal(
    bytes.subarray(ofBytes.source.offset(second!.entry.start), ofBytes.source.offset(second!.entry.end)).toString(),
    'users: { key: "b" value: { denied: {} } }',
    'as bytes',
  );
});

test('a file that is not UTF-8 is read alike too', () => {
  const bytes = Buffer.concat([Buffer.from('users: { key: "a" } # '), Buffer.from([0xff, 0xfe]), Buffer.from('\n')]);
  assert.deepEqual(parseUsers(bytes, version).users, parseUsers(decodeText(bytes), version).users);
});

test('an entry without key or password is an entry', () => {
  const { users } = parseUsers('users: [{}, { key: "a" }]', version);
  assert.deepEqual(
    users.map(({ name, scheme, inList }) => [name, scheme, inList]),
    [
      ['', undefined, true],
      ['a', undefined, true],
    ],
  );
  assert.deepEqual(users[0]!.key, { ...users[0]!.entry, kind: 'message', fields: [] });
});

test('no user counts where the file has an error, which is given in chasquid’s words with its line', () => {
  const denied = Buffer.from('users { key: "a"\n value { denied {} } }');
  const [newer, older] = [parseUsers(denied, versionOf('1.13')), parseUsers(denied, versionOf('1.11-2+b2'))];
  assert.equal(usersError(newer), undefined);
  assert.deepEqual([...userNames(newer)], ['a']);
  assert.equal(usersError(older), 'line 2: unknown field: denied');
  assert.deepEqual([...userNames(older)], []);
  assert.match(usersError(parseUsers('alice\n', version))!, /^line 1: /);
});
