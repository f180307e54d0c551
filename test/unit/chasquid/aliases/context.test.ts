import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasContext } from '../../../../src/chasquid/aliases/context';
import { newest, versionOf } from '../../../../src/chasquid/versions';

test('a file alone is read with the domain of its folder and the separators that count without a chasquid.conf', () => {
  assert.deepEqual(aliasContext('EXAMPLE.com', newest), {
    domain: 'example.com',
    version: newest,
    suffixSeparators: '+',
    dropCharacters: '.',
  });
});

test('the separators around it count where they are known, and nothing else of what holds them', () => {
  const version = versionOf('1.11');
  const around = { suffixSeparators: '-', dropCharacters: '', domains: new Set(['a']) };
  assert.deepEqual(aliasContext('xn--bcher-kva.example', version, around), {
    domain: 'bücher.example',
    version,
    suffixSeparators: '-',
    dropCharacters: '',
  });
});
