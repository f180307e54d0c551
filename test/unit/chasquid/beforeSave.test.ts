import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consequencesOf } from '../../../src/chasquid/beforeSave';
import { versionOf } from '../../../src/chasquid/versions';

const aliases = '/etc/chasquid/domains/example.com/aliases';

describe('consequencesOf', () => {
  it('tells lines that an old chasquid skips from those at which a new one stops', () => {
    const text = 'a: b\nno colon here\nc: d\n';
    const old = consequencesOf(aliases, text, versionOf('1.15.0-1+b4'));
    assert.deepEqual([old.errors, old.lost.map(({ line }) => line)], [[], [2]]);
    assert.match(old.lost[0]!.message, /skips the line silently/);
    const strict = consequencesOf(aliases, text, versionOf('1.16.0'));
    assert.deepEqual([strict.errors.map(({ line }) => line), strict.lost], [[2], []]);
    assert.match(strict.errors[0]!.message, /stops within 30 seconds/);
  });

  it('tells a line that is too long for every version', () => {
    const { errors } = consequencesOf(aliases, `a: b\nlong: ${'x'.repeat(65_536)}@example.com\n`, versionOf('1.15.0'));
    assert.deepEqual(
      errors.map(({ line }) => line),
      [2],
    );
  });

  it('judges the configuration and the users as well', () => {
    const config = consequencesOf('/etc/chasquid/chasquid.conf', '# fine\nhostnam: "x"\n', versionOf('1.15.0'));
    assert.deepEqual(
      config.errors.map(({ line }) => line),
      [2],
    );
    assert.match(config.errors[0]!.message, /does not start with such a file/);
    const users = consequencesOf('domains/example.com/users', 'users: {\n', versionOf('1.15.0'));
    assert.equal(users.errors.length, 1);
  });

  it('has nothing to say of what is right, or is none of these files', () => {
    for (const [path, text] of [
      [aliases, 'postmaster: i\n'],
      ['/etc/chasquid/chasquid.conf', 'hostname: "mail.example.com"\n'],
      ['/var/log/chasquid-setup/packages.log', 'no colon here\n'],
    ] as const)
      assert.deepEqual(consequencesOf(path, text, versionOf('1.16.0')), { errors: [], lost: [] });
  });
});
