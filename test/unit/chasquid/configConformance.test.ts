import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { durationError, effectiveConfig, printConfig } from '../../../src/chasquid/config/effective';
import { parseConfig } from '../../../src/chasquid/config/parse';
import { errorText } from '../../../src/chasquid/prototext/errorText';
import { decodeText, printable } from '../../../src/chasquid/text';
import { newest, versionOf } from '../../../src/chasquid/versions';

interface Case {
  name: string;
  b64: string;
  results: Record<string, { rc: number; out: string }>;
}

const cases = JSON.parse(readFileSync('test/fixtures/conformance/config.json', 'utf8')) as Case[];

/** The blank after `proto:` and after a key differs from build to build on purpose. */
function even(text: string): string {
  return text
    .replace(/proto:\s/, 'proto: ')
    .replace(/^(\w+):\s+/gm, '$1: ')
    .trim();
}

for (const each of cases) {
  test(`the real chasquid agrees: ${each.name}`, () => {
    for (const [name, { rc, out }] of Object.entries(each.results)) {
      const version = name === 'HEAD' ? newest : versionOf(name);
      const file = parseConfig(decodeText(Buffer.from(each.b64, 'base64')), version);
      const effective = effectiveConfig(file);
      const first = file.errors[0];
      const refused = first ? `parsing config: ${errorText(file.source, first)}` : durationError(effective);
      const ours =
        refused === undefined ? printConfig(effective, file.schema, 'vm') : `Error loading config: ${refused}`;
      assert.equal(even(printable(ours)), even(out), name);
      assert.equal(refused === undefined ? 0 : 1, rc, name);
    }
  });
}
