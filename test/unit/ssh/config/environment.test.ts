import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { resolveConfig } from '../../../../src/ssh/config/config';
import { environmentOf } from '../../../../src/ssh/config/environment';

const own = { LANG: 'ka_GE.UTF-8', LC_ALL: 'C', LC_TIME: 'en_DK', SECRET: 'x', GONE: undefined };

describe('environmentOf', () => {
  it('sends what the patterns name, of what there is', () => {
    assert.deepEqual(environmentOf([['LANG', 'LC_*'], ['GONE']], '', own), {
      LANG: 'ka_GE.UTF-8',
      LC_ALL: 'C',
      LC_TIME: 'en_DK',
    });
    assert.deepEqual(environmentOf([], '', own), {});
  });

  it('takes patterns back', () => {
    assert.deepEqual(environmentOf([['LANG', 'LC_*'], ['-LC_*'], ['LC_TIME']], '', own), {
      LANG: 'ka_GE.UTF-8',
      LC_TIME: 'en_DK',
    });
  });

  it('has values of SetEnv in place of its own', () => {
    assert.deepEqual(
      environmentOf([['LANG']], 'LANG=C.UTF-8 EDITOR="vi -u NONE" "PAGER=less -R" NONSENSE  EMPTY= LAST=a=b', own),
      {
        LANG: 'C.UTF-8',
        EDITOR: 'vi -u NONE',
        PAGER: 'less -R',
        EMPTY: '',
        LAST: 'a=b',
      },
    );
  });
});

describe('the variables of a configuration file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ssh-environment-'));
  after(() => rmSync(dir, { recursive: true }));

  it('come from the same lines as with ssh -G', async () => {
    const file = join(dir, 'config');
    writeFileSync(
      file,
      'Host mail\n  SendEnv LANG\n  SetEnv FIRST="1 and more" AND=2\nHost other\n  SendEnv HOME\nHost *\n  SendEnv LC_* PATH\n  SetEnv SECOND=2\n',
    );
    const told = execFileSync('ssh', ['-G', '-F', file, 'mail'], { encoding: 'utf8' }).split('\n');
    const words = (keyword: string) =>
      told.filter(line => line.startsWith(`${keyword} `)).map(line => line.slice(keyword.length + 1));
    assert.deepEqual(words('sendenv'), ['LANG', 'LC_*', 'PATH']);
    assert.deepEqual(words('setenv'), ['FIRST=1 and more', 'AND=2']);
    const { environment } = await resolveConfig({ host: 'mail', configFile: file }, { log: () => undefined });
    const expected = environmentOf([['LANG', 'LC_*', 'PATH']], 'FIRST="1 and more" AND=2', process.env);
    assert.deepEqual(environment, expected);
    assert.equal(environment['PATH'], process.env['PATH']);
    assert.equal(environment['FIRST'], '1 and more');
  });
});
