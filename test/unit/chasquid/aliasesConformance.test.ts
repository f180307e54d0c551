import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { aliasEntries, AliasFile, loadErrorText } from '../../../src/chasquid/aliases/file';
import { aliasExists, type AliasWorld, resolveAddress } from '../../../src/chasquid/aliases/resolve';
import type { Recipient } from '../../../src/chasquid/aliases/model';
import { decodeText, goQuote, printable } from '../../../src/chasquid/text';
import { newest, versionOf } from '../../../src/chasquid/versions';

interface Case {
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

const cases = JSON.parse(readFileSync('test/fixtures/conformance/aliases.json', 'utf8')) as Case[];

function shown(recipient: Recipient): string {
  const via = recipient.via ? ` via [${recipient.via.map(goQuote).join(' ')}]` : '';
  return printable(`(${recipient.type}) ${recipient.address}${via}`);
}

for (const each of cases) {
  test(`the real chasquid agrees: ${each.name}`, () => {
    for (const [name, expected] of Object.entries(each.results)) {
      const version = name === 'HEAD' ? newest : versionOf(name);
      const separators = { suffixSeparators: each.suffix_separators, dropCharacters: each.drop_characters };
      const world: AliasWorld & { aliases: Map<string, Recipient[]>; domains: Set<string> } = {
        ...separators,
        version,
        domains: new Set(Object.keys(each.files_b64)),
        aliases: new Map(),
        userExists: (user, domain) => each.users.includes(`${user}@${domain}`),
      };
      const errors: Record<string, string> = {};
      for (const [domain, content] of Object.entries(each.files_b64)) {
        const file = new AliasFile(decodeText(Buffer.from(content, 'base64')), { domain, version, ...separators });
        const error = file.entries.error;
        if (error)
          errors[domain] = loadErrorText(error, goQuote(`domains/${domain}/aliases`), version.features.strictAliases);
        for (const [key, recipients] of aliasEntries(file)) world.aliases.set(key, recipients);
      }
      assert.deepEqual(errors, expected.load_error, `${name}: load error`);
      for (const [address, recipients] of Object.entries(expected.resolve)) {
        const answer = resolveAddress(world, address);
        const ours = answer.error === undefined ? answer.recipients.map(shown) : [`ERR ${answer.error}`];
        assert.deepEqual(ours, recipients, `${name}: resolve ${address}`);
      }
      for (const [address, exists] of Object.entries(expected.exists)) {
        assert.equal(aliasExists(world, address), exists, `${name}: exists ${address}`);
      }
    }
  });
}
