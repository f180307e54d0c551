import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AliasFile } from '../../../../src/chasquid/aliases/file';
import { forwardAll, forwardTargetProblem } from '../../../../src/chasquid/aliases/forward';
import { resolveAddress } from '../../../../src/chasquid/aliases/resolve';
import { buildWorld } from '../../../../src/chasquid/tree/world';
import { aliasContext } from '../../../../src/chasquid/aliases/context';
import { versionOf } from '../../../../src/chasquid/versions';

const to = 'you@gmail.com';
const separators = { suffixSeparators: '+', dropCharacters: '.' };

function forward(text: string, users: string[] = ['i'], version = '1.15') {
  const file = new AliasFile(text, aliasContext('a.example', versionOf(version), separators));
  return forwardAll(file, users, to);
}

/** Where mail goes with this file and the user `i`, as chasquid 1.15 resolves it. */
function goesTo(text: string, user: string): string[] {
  const path = 'domains/a.example';
  const users = 'users: { key: "i" value: { denied: {} } }\n';
  const tree = {
    path: '/etc/chasquid',
    config: { path: 'chasquid.conf', text: '' },
    domains: [
      {
        folder: 'a.example',
        path,
        name: 'a.example',
        dkim: [],
        aliases: { path: `${path}/aliases`, text },
        users: { path: `${path}/users`, text: users },
      },
    ],
    strayFiles: [],
    hooks: [],
    problems: [],
  };
  const world = buildWorld(tree, { version: versionOf('1.15') });
  assert.ok(world.userExists('i', 'a.example'));
  return (resolveAddress(world, `${user}@a.example`).recipients ?? []).map(({ address }) => address);
}

describe('forwardAll', () => {
  it('has everybody’s mail end at one address: that of users and of all other names', () => {
    const { text, added } = forward('');
    assert.equal(text, '*: you@gmail.com\ni: you@gmail.com\n');
    assert.deepEqual(added, ['*: you@gmail.com', 'i: you@gmail.com']);
    for (const user of ['i', 'i+tag', 'anybody', 'postmaster']) assert.deepEqual(goesTo(text, user), [to], user);
  });

  it('needs the line of the user: the catch-all alone is not for them', () => {
    assert.deepEqual(goesTo('*: you@gmail.com\n', 'i'), ['i@a.example']);
  });

  it('changes nothing the second time', () => {
    const { text } = forward('# mine\nsales: boss@b.example\n');
    assert.deepEqual(forward(text), { text, added: [], replaced: undefined, kept: [] });
  });

  it('keeps comments, other aliases and what a user wrote for a user', () => {
    const before = '# mine\ni: me@b.example\nsales: boss@b.example';
    const { text, kept } = forward(before);
    assert.equal(text, `${before}\n*: you@gmail.com\n`);
    assert.deepEqual(kept, ['i: me@b.example']);
    assert.deepEqual(goesTo(text, 'sales'), ['boss@b.example']);
    assert.deepEqual(goesTo(text, 'i'), ['me@b.example']);
  });

  it('puts the new catch-all in the place of the old one, and says what it was', () => {
    const { text, replaced, added } = forward('a: b@b.example\n * : old@b.example , c@b.example\n# end\n');
    assert.equal(text, 'a: b@b.example\n*: you@gmail.com\n# end\ni: you@gmail.com\n');
    assert.deepEqual([replaced, added], [' * : old@b.example , c@b.example', ['i: you@gmail.com']]);
  });

  it('leaves a line alone that leads there among others', () => {
    assert.deepEqual(forward('*: x@b.example, you@gmail.com\n').added, ['i: you@gmail.com']);
  });

  it('keeps the line ends of the file', () => {
    const { text } = forward('a: b@b.example\r\n*: c@b.example\r\n');
    assert.equal(text, 'a: b@b.example\r\n*: you@gmail.com\r\ni: you@gmail.com\r\n');
  });

  it('makes no line that chasquid would file under another name', () => {
    assert.deepEqual(forward('', ['a:b', '#c', 'd.e']).added, ['*: you@gmail.com']);
  });

  it('knows that old versions have no catch-all', () => {
    assert.deepEqual(forward('', ['i'], '1.9').added, ['i: you@gmail.com']);
  });
});

describe('where mail can be forwarded to', () => {
  const domains = new Set(['a.example', 'bücher.example']);

  it('is an address of another mail service', () => {
    assert.equal(forwardTargetProblem(to, domains), undefined);
    assert.equal(forwardTargetProblem('you@sub.a.example', domains), undefined);
  });

  it('is not at a domain of the server, however it is written', () => {
    for (const address of ['you@a.example', 'you@A.Example.', 'you@bücher.example', 'you@xn--bcher-kva.example'])
      assert.match(forwardTargetProblem(address, domains) ?? 'accepted', /would loop/, address);
  });

  it('is one whole address', () => {
    for (const address of ['you', 'you@gmail.com, me@gmail.com', '| cat', 'you@localhost'])
      assert.notEqual(forwardTargetProblem(address, domains), undefined, address);
  });
});
