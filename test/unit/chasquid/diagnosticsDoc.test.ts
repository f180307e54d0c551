import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkConfig } from '../../../src/chasquid/config/check';
import type { Diagnostic } from '../../../src/chasquid/diagnostics';
import type { ConfigTree } from '../../../src/chasquid/tree/model';
import { lintTree } from '../../../src/chasquid/tree/lint';
import { readTree } from '../../../src/chasquid/tree/read';
import { nodeFiles } from '../../../src/cli/nodeFiles';
import { withFiles } from '../../support/cli';
import { FolderExample } from '../../support/folderExample';
import { checkUsers } from '../../../src/chasquid/users/check';
import { type Version, versionOf } from '../../../src/chasquid/versions';

const doc = readFileSync('docs/diagnostics.md', 'utf8');
const sections = doc
  .split(/^### /m)
  .slice(1)
  .map(text => ({ code: text.split('\n', 1)[0]!.trim(), text }));

/** Findings for an aliases file of example.com, a domain whose only user is alice. */
function checkAliasesOfExample(text: string, version: Version): Diagnostic[] {
  const users = { path: 'users', text: 'users: { key: "alice" value: { plain: { password: "x" } } }' };
  const domain = { folder: 'example.com', path: 'domains/example.com', name: 'example.com', users, dkim: [] };
  const tree: ConfigTree = {
    path: '.',
    domains: [{ ...domain, aliases: { path: 'aliases', text } }],
    strayFiles: [],
    hooks: [],
    problems: [],
  };
  return lintTree(tree, version, 0).find(report => report.path === 'aliases')!.diagnostics;
}

const checks: Record<string, (text: string, version: Version) => Diagnostic[]> = {
  aliases: checkAliasesOfExample,
  conf: checkConfig,
  users: checkUsers,
};

const threeSentences = /^.+[.…] .+[.] .+[.?…]$/s;

for (const { code, text } of sections) {
  test(`${code} is documented with a bad and a good example`, () => {
    for (const verdict of ['bad', 'good']) assert.match(text, new RegExp(`^\`\`\`\\w+ ${verdict}`, 'm'));
  });
  for (const [, language, verdict, version, example] of text.matchAll(
    /^```(\w+) (bad|good) ?([\d.]*)\n([\s\S]*?)^```$/gm,
  )) {
    if (language === 'files') {
      test(`the documented ${verdict} folder of ${code} ${verdict === 'bad' ? 'has' : 'lacks'} it`, () =>
        withFiles({}, async folder => {
          const written = new FolderExample(folder);
          await written.write(example!);
          const reports = lintTree(await readTree(nodeFiles, folder), versionOf(version), written.now);
          const found = reports.flatMap(report => report.diagnostics);
          const codes = found.map(each => each.code);
          assert.equal(codes.includes(code), verdict === 'bad', codes.join(', '));
          for (const { message } of found) assert.match(message, threeSentences);
        }));
      continue;
    }
    test(`the documented ${verdict} example of ${code} ${verdict === 'bad' ? 'has' : 'lacks'} it`, () => {
      const found = checks[language!]!(example!, versionOf(version));
      const codes = found.map(each => each.code);
      assert.equal(codes.includes(code), verdict === 'bad', codes.join(', '));
      for (const each of found) {
        assert.match(each.message, threeSentences);
        assert.ok(each.range.start >= 0 && each.range.end <= example!.length && each.range.start <= each.range.end);
      }
    });
  }
}

test('every code is documented, and every documented code exists', () => {
  const pattern = /'((?:alias|config|users|certificate|dkim|domains?|hook)-[a-z-]+)'/g;
  // alias-resolve is the name of a hook.
  const used = new Set<string>();
  for (const file of globSync('src/chasquid/**/*.ts')) {
    for (const [, code] of readFileSync(file, 'utf8').matchAll(pattern)) if (code !== 'alias-resolve') used.add(code!);
  }
  assert.deepEqual([...used].sort(), sections.map(section => section.code).sort());
});
