import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAliases } from '../../../src/chasquid/aliases/checkFile';
import { checkLine } from '../../../src/chasquid/aliases/checkLine';
import { AliasFile } from '../../../src/chasquid/aliases/file';
import { formatAliases } from '../../../src/chasquid/aliases/format';
import { LiveAliases } from '../../../src/chasquid/aliases/live';
import { nameProblem, occurrencesIn } from '../../../src/chasquid/aliases/occurrences';
import { type AliasWorld, resolveAddress } from '../../../src/chasquid/aliases/resolve';
import { checkConfig } from '../../../src/chasquid/config/check';
import { effectiveConfig } from '../../../src/chasquid/config/effective';
import { formatConfig } from '../../../src/chasquid/config/format';
import { parseConfig } from '../../../src/chasquid/config/parse';
import { applyEdits, type Diagnostic } from '../../../src/chasquid/diagnostics';
import { checkUsers } from '../../../src/chasquid/users/check';
import { newest, versionOf } from '../../../src/chasquid/versions';
import { deep } from '../../support/deep';
import { Generator } from '../../support/generate';

const rounds = deep ? 10_000 : 600;
const versions = [versionOf('1.11'), versionOf('1.13'), versionOf('1.15.0'), newest];
const separators = { suffixSeparators: '+', dropCharacters: '.' };
const asked = ['a@d', 'b@d', 'c@d', 'u@d', 'a.b@d', 'a+s@d', 'q@d', 'é@d', 'a@x.org'];

function fileOf(text: string, version = newest): AliasFile {
  return new AliasFile(text, { domain: 'd', version, ...separators });
}

function worldOf(file: AliasFile) {
  const users = ['u@d'];
  return {
    ...separators,
    version: file.context.version,
    domains: new Set(['d', 'e']),
    aliases: file.entries.recipients,
    userExists: (user: string, domain: string) => users.includes(`${user}@${domain}`),
    usersKnown: () => true,
  };
}

const answers = (world: AliasWorld) => asked.map(address => resolveAddress(world, address));

function assertInside(found: readonly Diagnostic[], text: string): void {
  for (const { range, message, fixes = [] } of found) {
    // What is wrong, what chasquid does with it, what to do.
    assert.match(message, /^.+[.…] .+[.] .+[.?…]$/s);
    for (const span of [range, ...fixes.flatMap(fix => fix.edits)]) {
      assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, JSON.stringify({ text, span }));
    }
  }
}

test('findings never throw, stay inside the text, and say in three sentences what to do', () => {
  const make = new Generator(1);
  for (let round = 0; round < rounds; round++) {
    const version = make.pick(versions);
    const file = fileOf(make.aliases(), version);
    assertInside(checkAliases(file, worldOf(file)), file.text);
    const config = make.config();
    assertInside(checkConfig(config, version), config);
    const users = make.number(4) ? make.users() : config;
    assertInside(checkUsers(users, version), users);
  }
});

test('a plain line says what reading it in full says, and nothing can be said about it by itself', () => {
  const make = new Generator(8);
  let plain = 0;
  for (let round = 0; round < rounds * 4; round++) {
    const version = make.pick(versions);
    const between = make.pick([separators, { suffixSeparators: '-', dropCharacters: '_' }]);
    const context = { domain: 'd', version, ...between };
    const file = new AliasFile(make.number(2) ? make.nearlyPlain() : make.aliases(), context);
    for (let line = 0; line < file.lineCount; line++) {
      const entry = file.entry(line);
      if (!entry?.plain) continue;
      plain++;
      const parsed = file.line(line);
      const what = JSON.stringify(file.lineText(line));
      assert.ok(parsed.kind === 'entry', what);
      assert.deepEqual(
        { key: parsed.key, recipients: parsed.recipients },
        { key: `${entry.user}@d`, recipients: entry.recipients },
        what,
      );
      assert.deepEqual(checkLine(file.lineText(line), parsed, context), [], what);
    }
  }
  assert.ok(plain > rounds, `only ${plain} lines were plain`);
});

test('every line that chasquid ≥ 1.16 refuses has its error, and no other line has one', () => {
  const make = new Generator(2);
  for (let round = 0; round < rounds; round++) {
    const file = fileOf(make.aliases());
    const first = checkAliases(file, worldOf(file)).find(each => each.upstream !== undefined);
    const { error } = file.entries;
    assert.equal(first?.upstream, error?.upstream);
    if (error) assert.equal(first!.range.start, file.start(error.line) + error.start);
  }
});

test('the formatter keeps what the file means, and does nothing the second time', () => {
  const make = new Generator(3);
  for (let round = 0; round < rounds; round++) {
    const before = fileOf(round % 2 ? make.aliases() : make.soundAliases());
    const after = fileOf(
      formatAliases(before)
        .map(line => `${line}\n`)
        .join(''),
    );
    assert.deepEqual([...after.entries.recipients], [...before.entries.recipients]);
    assert.equal(after.entries.error?.upstream, before.entries.error?.upstream);
    assert.deepEqual(answers(worldOf(after)), answers(worldOf(before)));
    assert.equal(formatAliases(after).join('\n'), after.text.slice(0, -1));
  }
});

test('formatting chasquid.conf keeps the effective configuration, and does nothing the second time', () => {
  const make = new Generator(4);
  let formatted = 0;
  for (let round = 0; round < rounds * 2; round++) {
    const text = make.config();
    const before = parseConfig(text, newest);
    const after = applyEdits(text, formatConfig(before, text));
    if (before.errors.length > 0) assert.equal(after, text);
    else {
      formatted++;
      const again = parseConfig(after, newest);
      assert.deepEqual(again.errors, []);
      assert.deepEqual(effectiveConfig(again), effectiveConfig(before), text);
      assert.equal(applyEdits(after, formatConfig(again, after)), after);
    }
  }
  assert.ok(formatted > rounds / 10, `only ${formatted} files were right`);
});

test('a safe fix removes its finding', () => {
  const make = new Generator(5);
  let fixed = 0;
  for (let round = 0; round < rounds; round++) {
    const file = fileOf(make.aliases());
    const found = checkAliases(file, worldOf(file));
    for (const each of found) {
      const fix = each.fixes?.find(fix => fix.safe);
      if (!fix) continue;
      fixed++;
      const after = fileOf(applyEdits(file.text, fix.edits));
      const left = checkAliases(after, worldOf(after)).filter(other => other.code === each.code).length;
      const had = found.filter(other => other.code === each.code).length;
      assert.ok(left < had, `${each.code}: ${fix.title}\n${file.text}\n→\n${after.text}`);
    }
  }
  assert.ok(fixed > rounds / 4, `only ${fixed} findings had a safe fix`);
});

test('a renamed alias resolves as before, up to the name', () => {
  const make = new Generator(6);
  for (let round = 0; round < rounds; round++) {
    const before = fileOf(make.soundAliases());
    if (!before.entries.recipients.has('a@d')) continue;
    assert.equal(nameProblem('renamed', before.context), undefined);
    const edits = [...occurrencesIn(before, 'a@d', key => before.entries.recipients.has(key))].map(
      ({ line, span }) => ({
        start: before.start(line) + span.start,
        end: before.start(line) + span.end,
        text: 'renamed',
      }),
    );
    const after = fileOf(applyEdits(before.text, edits));
    const expected = resolveAddress(worldOf(before), 'a@d');
    const back = (text: string) => text.replace(/^renamed@/, 'a@');
    const { recipients, error } = resolveAddress(worldOf(after), 'renamed@d');
    assert.equal(error, expected.error);
    assert.deepEqual(
      recipients?.map(each => ({ ...each, address: back(each.address) })),
      expected.recipients,
    );
  }
});

test('a file edited line by line has the findings of the file read at once', () => {
  const make = new Generator(7);
  const run = (work: Generator_) => {
    for (let step = work.next(); !step.done; step = work.next());
  };
  for (let round = 0; round < rounds / 3; round++) {
    const { context } = fileOf('');
    const live = new LiveAliases(context);
    let lines = make.aliases().replaceAll('\r', '').split('\n');
    const loading = live.load(lines);
    // Now and then the changes come while the text is still being read.
    if (make.number(2)) run(loading);
    else loading.next();
    for (let edit = 0; edit < 4; edit++) {
      const first = make.number(lines.length);
      const last = first + make.number(lines.length - first);
      const inserted = make.aliases().replaceAll('\r', '').split('\n');
      lines = [...lines.slice(0, first), ...inserted, ...lines.slice(last + 1)];
      live.change(first, last, inserted);
    }
    run(loading);
    run(live.collect());
    const whole = fileOf(lines.join('\n'));
    run(live.judge(worldOf(whole)));
    const shown = [...live.findings()].map(({ line, diagnostic }) => [
      live.start(line) + diagnostic.range.start,
      diagnostic.code,
    ]);
    const expected = checkAliases(whole, worldOf(whole)).map(each => [each.range.start, each.code]);
    assert.deepEqual(shown.sort(), expected.sort());
  }
});

type Generator_ = globalThis.Generator<unknown, unknown>;
