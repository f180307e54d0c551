import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig } from '../../../src/chasquid/config/check';
import { checkAliases } from '../../../src/chasquid/aliases/checkFile';
import { AliasFile } from '../../../src/chasquid/aliases/file';
import { applyEdits, type Diagnostic } from '../../../src/chasquid/diagnostics';
import { newest, versionOf, type Version } from '../../../src/chasquid/versions';
import { Generator } from '../../support/generate';

const versions = [versionOf('1.11'), versionOf('1.13'), versionOf('1.15.0'), newest];
const separators = { suffixSeparators: '+', dropCharacters: '.' };

/** Of a server with the user u, for the domain example.com. */
function aliasFindings(text: string, version: Version): Diagnostic[] {
  const file = new AliasFile(text, { domain: 'example.com', version, ...separators });
  return checkAliases(file, {
    ...separators,
    version,
    domains: new Set(['example.com']),
    aliases: file.entries,
    userExists: (user, domain) => `${user}@${domain}` === 'u@example.com',
    usersKnown: () => true,
  });
}

/** Lines about which there is nothing to say. */
const sound = ['postmaster: u', 'one: u', 'two: b@x.org, one', 'three: | /bin/cat', '# comment', '', 'four: two'];
const mistakes = [
  ...['; note', '// note', 'x = u', 'x@example.com: u', 'x@other: u', 'X: u', '"x": u', 'x\u200b: u', '\ufeffx: u'],
  ...['x:: u', 'x: u # note', 'x: b@x.org # note', 'x: Bob <b@x.org>', 'x: <b@x.org>', 'x: "u"', 'x: "b@x.org"'],
  ...[
    'x: u; b@x.org',
    'x: b@x.org; c@x.org; u',
    'x: u b@x.org',
    'x: u, u',
    'x: b@x.org, u, b@x.org',
    'x: u@example.com',
    'x: u@Example.COM',
  ],
  ...['x: "| /bin/cat"', 'x: \\u', 'x: u\u200b', 'x: b@x\u200b.org', 'x: |', 'x:', ': u', 'no colon', '  u, one'],
  ...['x: b@x.org via m1/', 'x: b@x.org via /m1', 'x: b@x.org VIA m1', 'x: b@x.org\tvia\tm1', 'x: b@x.org via m1:25'],
  ...['one: b@x.org', 'ONE: b@x.org', 'x: u\rz: u'],
];

const codes = (found: readonly Diagnostic[]) => found.map(each => each.code).sort();

/** Applies each fix of each finding by itself: no more than the other findings may be left. */
function assertFixes(text: string, findings: (text: string) => Diagnostic[], fixed: Set<string>): void {
  const found = findings(text);
  for (const each of found) {
    for (const fix of each.fixes ?? []) {
      const others = codes(found.filter(other => other !== each));
      fixed.add(each.code);
      const after = applyEdits(text, fix.edits);
      const added = codes(findings(after)).filter(
        code => !others.includes(code) || !others.splice(others.indexOf(code), 1),
      );
      assert.deepEqual(added, [], `${each.code}, ${fix.title}\n${text}\n→\n${after}`);
    }
  }
}

/** The safe fixes one after the other, as “fix all” offers them, until there are none. */
function fixAll(text: string, findings: (text: string) => Diagnostic[]): string {
  for (let round = 0; ; round++) {
    const fix = findings(text).flatMap(each => each.fixes?.filter(({ safe }) => safe).slice(0, 1) ?? [])[0];
    if (!fix) return text;
    assert.ok(round < 100, `fix all does not come to an end:\n${text}`);
    text = applyEdits(text, fix.edits);
  }
}

test('each fix removes its finding from a sound aliases file with one mistake, and adds none', () => {
  const make = new Generator(31);
  const fixed = new Set<string>();
  for (const version of versions) {
    const findings = (text: string) => aliasFindings(text, version);
    assert.deepEqual(findings(sound.join('\n')), []);
    for (const mistake of mistakes) {
      const lines = [...sound];
      lines.splice(make.number(lines.length + 1), 0, mistake);
      assertFixes(lines.join('\n'), findings, fixed);
    }
  }
  assert.deepEqual([...fixed].sort(), [
    'alias-address-refused',
    'alias-duplicate',
    'alias-foreign-syntax',
    'alias-left-at',
    'alias-left-case',
    'alias-left-unmatchable',
    'alias-line-ending',
    'alias-missing-colon',
    'alias-missing-side',
    'alias-own-domain',
    'alias-pipe-empty',
    'alias-recipient-repeated',
    'alias-via-empty',
    'alias-via-server',
  ]);
});

test('fix all leaves nothing of mistakes that can be fixed safely, wherever they are', () => {
  const make = new Generator(32);
  for (let round = 0; round < 300; round++) {
    const version = make.pick(versions);
    const findings = (text: string) => aliasFindings(text, version);
    const lines = [...sound];
    for (let count = make.number(8); count > 0; count--) {
      const safe = make.pick(mistakes.filter(each => fixAll(each, findings) !== each));
      lines.splice(make.number(lines.length + 1), 0, safe.replace(/^x/, `x${round}y${count}`));
    }
    const text = lines.join('\n');
    const after = fixAll(text, findings);
    assert.deepEqual(codes(findings(after)), [], `${version.text}\n${text}\n→\n${after}`);
  }
});

const soundConfig = ['hostname: "mx.example.com"', 'max_data_size_mb: 50', '# comment', 'smtp_address: "systemd"'];
const configMistakes = [
  ...[
    'data_dir "/var/lib/x"',
    'data_dir = "/var/lib/x"',
    'data_di: "/var/lib/x"',
    'dovecot_auth: yes',
    'dovecot_auth: TRUE',
  ],
  ...[
    'max_queue_items: "200"',
    'max_queue_items: 0200',
    'data_dir: /var/lib/x',
    'data_dir: "/var/lib/x',
    '; note',
    '// note',
  ],
  ...[
    'dovecot_auth: false;;',
    'mail_log_path: "<sysloog>"',
    'mail_log_path: "<stdin>"',
    'haproxy_incoming: 2',
    '}',
    'unknown: 1',
  ],
  ...[
    '\ufeff',
    'suffix_separators: "+" "-"',
    'mail_delivery_agent_args: "-f %from% %user%"',
    'mail_delivery_agent_args: "-f x"',
  ],
  ...['monitoring_address: "1099"', 'submission_address: ""', 'drop_characters: "._"'],
];

test('each fix removes its finding from a sound chasquid.conf with one mistake, and adds none', () => {
  const make = new Generator(33);
  const fixed = new Set<string>();
  for (const version of versions) {
    const findings = (text: string) => checkConfig(text, version);
    assert.deepEqual(findings(soundConfig.join('\n')), []);
    for (const mistake of configMistakes) {
      const lines = [...soundConfig];
      lines.splice(make.number(lines.length + 1), 0, mistake);
      assertFixes(lines.join('\n'), findings, fixed);
    }
  }
  assert.deepEqual([...fixed].sort(), [
    'config-address',
    'config-log-path',
    'config-mda-placeholder',
    'config-mda-words',
    'config-missing-colon',
    'config-octal',
    'config-string',
    'config-syntax',
    'config-unknown-field',
    'config-unquoted',
    'config-wrong-type',
  ]);
});
