import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import ssh2 from 'ssh2';
import { readConfigFile } from '../../../../src/ssh/config/configFile';
import { readKeyFile } from '../../../../src/ssh/keys/keyFile';
import { readKnownHosts } from '../../../../src/ssh/hostKeys/knownHosts';

const dir = mkdtempSync(join(tmpdir(), 'local-'));
after(() => rmSync(dir, { recursive: true }));
const at = (name: string) => join(dir, name);

test('what is no regular file, or huge, is not read as key, configuration or list of host keys: it is named at once', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('/dev/zero', at('endless'));
  writeFileSync(at('huge'), '');
  truncateSync(at('huge'), 10 * 2 ** 30);
  for (const [name, why] of [
    ['pipe', 'It is a device, a pipe or a socket, not a regular file.'],
    ['endless', 'It is a device, a pipe or a socket, not a regular file.'],
    ['huge', 'It is larger than '],
  ] as const) {
    for (const [code, read] of [
      ['key-file', () => readKeyFile(at(name), ssh2)],
      ['config', () => readConfigFile(at(name), dir)],
      ['known-hosts-unreadable', () => readKnownHosts([at(name)])],
    ] as const)
      await assert.rejects(read(), (error: Error & { code: string }) => {
        assert.equal(error.code, code);
        assert.ok(error.message.includes(why) && error.message.includes(at(name)), error.message);
        return true;
      });
  }
});

test('/dev/null is an empty configuration and an empty list of host keys, also behind a link', async () => {
  symlinkSync('/dev/null', at('nothing'));
  for (const file of ['/dev/null', at('nothing')]) {
    assert.deepEqual(await readConfigFile(file, dir), []);
    assert.deepEqual(await readKnownHosts([file]), []);
  }
});
