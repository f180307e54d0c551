import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run as lint } from '../../../src/cli/lint';
import type { LintRecord } from '../../../src/cli/output';
import { type ResolveRecord, run as resolve } from '../../../src/cli/resolve';
import { newest } from '../../../src/chasquid/versions';
import { inProcess, withFiles } from '../../support/cli';

interface AliasCase {
  name: string;
  suffix_separators: string;
  drop_characters: string;
  files_b64: Record<string, string>;
  users: string[];
  results: Record<
    string,
    { load_error: Record<string, string>; resolve: Record<string, string[]>; exists: Record<string, boolean> }
  >;
}
interface ConfigCase {
  name: string;
  b64: string;
  results: Record<string, { rc: number; out: string }>;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join('test/fixtures/conformance', `${name}.json`), 'utf8')) as unknown;
const versionOf = (name: string) => (name === 'HEAD' ? newest.text : name);
/** The findings of a path. The status must be 1 with an error, else 0. */
async function findings(version: string, path: string): Promise<LintRecord[]> {
  const { status, stdout } = await inProcess(lint, ['--format=json', `--chasquid=${version}`, path]);
  const found = JSON.parse(stdout) as LintRecord[];
  assert.equal(status, found.some(each => each.severity === 'error') ? 1 : 0, version);
  return found;
}

for (const each of read('aliases') as AliasCase[]) {
  test(`the command line says what chasquid reports: ${each.name}`, async () => {
    const files: Record<string, string | Uint8Array> = {
      'chasquid.conf': `suffix_separators: ${JSON.stringify(each.suffix_separators)}\ndrop_characters: ${JSON.stringify(each.drop_characters)}\n`,
    };
    for (const [domain, content] of Object.entries(each.files_b64))
      files[`domains/${domain}/aliases`] = Buffer.from(content, 'base64');
    for (const user of each.users) {
      const [name, domain] = user.split('@') as [string, string];
      files[`domains/${domain}/users`] =
        `${String(files[`domains/${domain}/users`] ?? '')}users: { key: ${JSON.stringify(name)} value: { plain: { password: "x" } } }\n`;
    }
    await withFiles(files, async folder => {
      for (const [name, expected] of Object.entries(each.results)) {
        const all = await findings(versionOf(name), folder);
        for (const domain of Object.keys(each.files_b64)) {
          const path = join(folder, 'domains', domain, 'aliases');
          const first = all.find(record => record.path === path && record.upstream !== undefined);
          const [, line, text] = /(?: line (\d+))?: ?((?:missing|left-side|right-side|bufio).*)$|$/s.exec(
            (expected.load_error[domain] ?? '').replace(/^("[^"]*") bufio/, '$1: bufio'),
          )!;
          assert.equal(first?.upstream, text, `${name} ${domain}`);
          if (first) assert.equal(first.severity, 'error', `${name} ${domain}`);
          if (line !== undefined) assert.equal(first!.line, Number(line), `${name} ${domain}`);
        }
        for (const [address, recipients] of Object.entries(expected.resolve)) {
          const asked = await inProcess(resolve, [
            '--format=json',
            `--chasquid=${versionOf(name)}`,
            '--',
            folder,
            address,
          ]);
          const [record] = JSON.parse(asked.stdout) as [ResolveRecord];
          const via = (servers: string[] = []) =>
            servers.length > 0 ? ` via [${servers.map(server => JSON.stringify(server)).join(' ')}]` : '';
          const ours = record.error
            ? [`ERR ${record.error}`]
            : record.recipients.map(to => `(${to.type}) ${to.address}${via(to.via)}`);
          assert.deepEqual(ours, recipients, `${name} ${address}`);
        }
        for (const [address, exists] of Object.entries(expected.exists)) {
          const asked = await inProcess(resolve, [
            '--format=json',
            `--chasquid=${versionOf(name)}`,
            '--',
            folder,
            address,
          ]);
          assert.equal((JSON.parse(asked.stdout) as [ResolveRecord])[0].exists, exists, `${name} ${address}`);
        }
      }
    });
  });
}

for (const each of read('config') as ConfigCase[]) {
  test(`the command line says what chasquid reports: ${each.name}`, () =>
    withFiles({ 'chasquid.conf': Buffer.from(each.b64, 'base64') }, async folder => {
      for (const [name, { rc, out }] of Object.entries(each.results)) {
        const path = join(folder, 'chasquid.conf');
        const first = (await findings(versionOf(name), path)).find(record => record.upstream !== undefined);
        assert.equal(first !== undefined, rc !== 0, name);
        if (!first) continue;
        assert.equal(first.severity, 'error', name);
        const [, line, column, text] =
          /^Error loading config: (?:parsing config: proto:\s(?:syntax error )?(?:\(line (\d+):(\d+)\): )?)?(.*?)[^\S\ufeff]*$/s.exec(
            out,
          )!;
        assert.equal(first.upstream, text, name);
        if (line === undefined) continue;
        assert.equal(first.line, Number(line), name);
        // chasquid counts characters, JSON UTF-16 units: the same in these lines.
        assert.equal(first.column, Number(column), name);
      }
    }));
}
