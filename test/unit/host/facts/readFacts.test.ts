import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { readConfigTree } from '../../../../src/host/files/configTree';
import { readQueue } from '../../../../src/host/queue';
import { readFacts } from '../../../../src/host/facts/readFacts';
import type { Shell } from '../../../../src/host/protocol/shell';
import { longestTurn } from '../../../support/eventLoop';
import { gzippedTar } from '../../../support/tar';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const line = (kind: string, data: string | Buffer, name = '') => ({ kind, name: base64(name), data: base64(data) });

/** A server that answers whatever it is asked with these lines. */
const answering = (...result: unknown[]): Shell => ({ run: () => Promise.resolve({ code: 0, result, output: '' }) });

async function server(domains: string[], files: Record<string, string | Buffer>, ...more: unknown[]): Promise<Shell> {
  return answering(
    line('os', 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 13"\n'),
    line('system', 'user=root\nuid=0\ngroups=root\nhostname=mail.example.com\nmemory=1000000\ndisk=1000000\n'),
    line('config', '/etc/chasquid'),
    line('unit', 'version=chasquid 1.15.0\nActiveState=active\nStateChangeTimestamp=@2000000000\ndaemon=chasquid\n'),
    line('domains', domains.map(name => `domains/${name}\0`).join('')),
    line('files', await gzippedTar(files)),
    ...more,
  );
}

test('a server with very many domains and keys is read without holding anything up', async () => {
  const names = Array.from({ length: 5000 }, (_, at) => `d${at}.example`);
  const keys = names.flatMap(name => {
    const file = `domains/${name}/dkim:s.pem`;
    return [line('key', '', file), line('changed', '1900000000', file)];
  });
  const shell = await server(names, { 'chasquid.conf': 'hostname: "m"\n' }, ...keys);
  const { result, ms } = await longestTurn(() => readFacts(shell));
  assert.equal(result.chasquid!.domains.length, 5000);
  assert.ok(ms < 200, `held up for ${ms} ms`);
});

test('large files are read without holding anything up, and what is too large is left out and named', async () => {
  const shell = await server(['a.example', 'b.example', 'c.example', 'd.example'], {
    'chasquid.conf': 'hostname: "m"\n',
    'domains/a.example/aliases': Array.from({ length: 300_000 }, (_, at) => `user${at}: other${at}\n`).join(''),
    'domains/a.example/users': Array.from({ length: 5000 }, (_, at) => `users: { key: "u${at}" value: { } }\n`).join(
      '',
    ),
    'domains/b.example/aliases': '\n'.repeat(2_000_000),
    'domains/c.example/users': 'a '.repeat(4_000_000),
    'domains/d.example/aliases': Buffer.alloc(17 * 1024 * 1024, 'x'),
  });
  const { result, ms } = await longestTurn(() => readFacts(shell));
  const { domains } = result.chasquid!;
  assert.deepEqual(
    domains.map(({ aliasCount, senders }) => [aliasCount, senders.length]),
    [
      [300_000, 5000],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  );
  assert.deepEqual(result.problems, [
    'domains/b.example/aliases has more than 1000000 lines, so it is not read here. Check what is in it.',
    'domains/c.example/users is larger than 4 MiB, so it is not read here. Check what is in it.',
    'domains/d.example/aliases is larger than 16 MiB, so it is not read here. Check what is in it.',
  ]);
  assert.ok(ms < 300, `held up for ${ms} ms`);
  const tree = await readConfigTree(shell);
  assert.deepEqual(
    tree.problems.map(problem => problem.path),
    ['b.example/aliases', 'c.example/users', 'd.example/aliases'].map(path => `/etc/chasquid/domains/${path}`),
  );
});

test('a key whose file is not named like a selector is not used, and named', async () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const files = ['s1', 's 2', 's3\nupdate delete victim.example. a', '-'].map(
    name => `domains/a.example/dkim:${name}.pem`,
  );
  const shell = await server(['a.example'], {}, ...files.map(file => line('key', key, file)));
  const { chasquid, problems } = await readFacts(shell);
  assert.deepEqual(
    chasquid!.domains[0]!.dkim.map(({ selector }) => selector),
    ['s1'],
  );
  assert.equal(problems.length, 3);
  assert.match(
    problems[1]!,
    /^domains\/a\.example\/dkim:s3 update delete .+ cannot be a selector, .+ Rename the file /,
  );
});

test('a configuration file that is too large to be one is not understood as one', async () => {
  const shell = await server([], { 'chasquid.conf': 'a '.repeat(1_000_000) });
  const { chasquid, problems } = await readFacts(shell);
  assert.equal(chasquid!.hostname, undefined);
  assert.match(problems.join(), /^chasquid\.conf is larger than 64 KiB, so it is not read here\. Check /);
});

test('lists and texts without measure are refused or cut', async () => {
  const names = 'domains/a\0'.repeat(200_000);
  await assert.rejects(
    readFacts(answering(line('os', ''), line('system', ''), line('config', '/c'), line('domains', names))),
    {
      code: 'answer-too-large',
      message: /^The server listed more than 100000 domains\. So many are not read\. Look /,
    },
  );
  const { ms, result } = await longestTurn(() =>
    readFacts(
      answering(
        line('os', 'x\n'.repeat(8_000_000)),
        line('system', '=\n'.repeat(8_000_000)),
        line('complaints', '\n'.repeat(16_000_000)),
      ),
    ),
  );
  assert.equal(result.os.id, 'linux');
  assert.ok(ms < 2000, `held up for ${ms} ms`);
});

test('a queue of very many and of very large messages is read without holding anything up', async () => {
  const item = (id: string, more = '') => line('item', `ID: "${id}"\nfrom: "a@b.example"\n${more}`, `/q/m:${id}`);
  const many = Array.from({ length: 5000 }, (_, at) => item(`id${at}`));
  const shell = answering(line('count', '5001'), item('large', 'a '.repeat(4_000_000)), ...many);
  const { result, ms } = await longestTurn(() => readQueue(shell));
  assert.deepEqual(
    [result.length, result.items.length, result.items[0]],
    [5001, 1000, { id: 'large', from: '', to: [], recipients: [], created: 0 }],
  );
  assert.ok(ms < 300, `held up for ${ms} ms`);
});
