import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerSnapshot } from '../../../../src/app/snapshot';
import { checkConfig } from '../../../../src/chasquid/config/check';
import { parseUsers } from '../../../../src/chasquid/users/parse';
import { newest } from '../../../../src/chasquid/versions';
import { isStandIn, standInText } from '../../../../src/views/pages/standIn';

const file = { server: 'mail', path: '/etc/chasquid/chasquid.conf' };
const snapshot = (state: ServerSnapshot['state'], more: Partial<ServerSnapshot> = {}): ServerSnapshot => ({
  name: 'mail',
  address: 'root@mail.example.com',
  state,
  dns: {},
  ...more,
});
const all = [
  standInText(file),
  standInText(file, snapshot('offline')),
  standInText(file, snapshot('failed', { failure: { short: 'connection refused', message: 'The whole story.' } })),
  standInText(file, snapshot('connected'), 'You may not read it.'),
  standInText({ server: 'a\nb: c', path: '/x\r\nroot: me@evil.test' }, snapshot('connected'), 'one\ntwo: three'),
];

describe('what stands in for a file', () => {
  it('says what is the matter and what to do, and names the file', () => {
    const [gone, offline, failed, unreadable] = all as [string, string, string, string];
    assert.match(gone, /^# This is not the file: mail is no longer in your list of servers\.\n/);
    assert.match(offline, /^# This is not the file: mail is not connected\.\n# Choose “Connect to mail” above/);
    assert.match(failed, /\n# The last attempt to connect failed: connection refused\.\n/);
    assert.doesNotMatch(failed, /whole story/);
    assert.match(unreadable, /^# This is not the file: it could not be read on mail\.\n# You may not read it\.\n/);
    for (const text of all.slice(0, 4)) assert.match(text, /\n# \/etc\/chasquid\/chasquid\.conf\n$/);
  });

  it('is nothing but comments in each of our languages, whatever names and reasons hold', () => {
    for (const text of all) {
      for (const line of text.trimEnd().split(/[\r\n]/)) assert.match(line, /^# /, text);
      assert.deepEqual(checkConfig(text, newest), []);
      assert.deepEqual(parseUsers(text, newest).users, []);
    }
  });

  it('is known again, so that it is never saved', () => {
    for (const text of all) assert.ok(isStandIn(text));
    assert.equal(isStandIn('# The aliases of example.com\npostmaster: me\n'), false);
    assert.equal(isStandIn(''), false);
  });
});
