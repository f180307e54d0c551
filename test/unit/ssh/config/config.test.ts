import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type HostConfig, resolveConfig } from '../../../../src/ssh/config/config';
import { SshConfigError } from '../../../../src/ssh/errors';
import type { SshTarget } from '../../../../src/ssh/config/target';

const dir = mkdtempSync(join(tmpdir(), 'ssh-config-'));
after(() => rmSync(dir, { recursive: true }));
mkdirSync(join(dir, 'conf.d'));
writeFileSync(join(dir, 'conf.d', '10-first.conf'), 'Host included\n  HostName 192.0.2.10\n  User first\n');
writeFileSync(
  join(dir, 'conf.d', '20-second.conf'),
  'Host included\n  User second\n  Port 2210\nHost other\n  Port 1\n',
);
writeFileSync(join(dir, 'conf.d', '.hidden.conf'), 'Host included\n  IdentityFile /hidden\n');
writeFileSync(join(dir, 'inside'), 'HostKeyAlias from-inside\n');

const config = `
# comment
Include ${dir}/conf.d/*.conf
Include ${dir}/missing
Host plain
  HostName plain.example.com
  Port 2222
  User me
  IdentityFile ~/.ssh/plain_key
  IdentityFile "/keys/with space"
  IdentitiesOnly yes
Host tokens
  HostName %h.example.com
  User admin
  Port 2200
  IdentityFile /keys/%h-%p-%r-%n-100%%
  UserKnownHostsFile ~/.ssh/known_%h /other/%n
  GlobalKnownHostsFile none
  IdentityAgent /run/agent-%r
Host a?c *.wild !x.wild
  HostName 198.51.100.1
  StrictHostKeyChecking accept-new
Host jumper
  ProxyJump first,me@second:2022
Host nojump
  ProxyJump none
Host strict
  StrictHostKeyChecking yes
  HostKeyAlias Alias.Example
Host lax
  StrictHostKeyChecking no
Host equals
  HostName=equals.example.com
  Port = 2300
Host scoped
  Include ${dir}/inside
Match originalhost matched,other user root
  Port 2400
Match host *.example.com !user nobody
  ServerAliveInterval 33
Match final host plain.example.com
  ConnectTimeout 7
Match all
  ServerAliveCountMax 9
Host *
  User fallback
  IdentityFile /keys/everywhere
  ConnectTimeout 11
`;
const configFile = join(dir, 'config');
writeFileSync(configFile, config);

const quiet = { log: () => undefined };
const resolve = (host: string, more: Partial<SshTarget> = {}) => resolveConfig({ host, configFile, ...more }, quiet);

/** What OpenSSH itself makes of the same file. */
function openssh(host: string, user?: string): Map<string, string[]> {
  const args = ['-G', '-F', configFile, ...(user ? ['-l', user] : []), host];
  const output = execFileSync('ssh', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const found = new Map<string, string[]>();
  for (const line of output.trim().split('\n')) {
    const space = line.indexOf(' ');
    const keyword = line.slice(0, space);
    found.set(keyword, [...(found.get(keyword) ?? []), line.slice(space + 1)]);
  }
  return found;
}

const hosts = ['plain', 'tokens', 'abc', 'ac', 'm.wild', 'x.wild', 'jumper', 'nojump', 'strict', 'lax', 'equals'];
for (const host of [...hosts, 'scoped', 'included', 'other', 'matched', 'unheard-of.example.com']) {
  for (const user of [undefined, 'root', 'nobody']) {
    test(`${user ?? ''}@${host} is read as by ssh -G`, async () => {
      const mine = await resolve(host, user ? { user } : {});
      const theirs = openssh(host, user);
      const one = (keyword: string) => theirs.get(keyword)?.[0];
      assert.equal(mine.host, one('hostname')!.toLowerCase());
      assert.equal(String(mine.port), one('port'));
      assert.equal(mine.user, one('user'));
      assert.equal(mine.identitiesOnly, one('identitiesonly') === 'yes');
      assert.equal(mine.jumps.join(','), one('proxyjump') ?? '');
      assert.equal(mine.hostKeyAlias, one('hostkeyalias')?.toLowerCase());
      assert.equal(mine.connectTimeoutMs / 1000, Number(one('connecttimeout')));
      assert.equal(String(mine.keepaliveCount), one('serveralivecountmax'));
      if (one('serveraliveinterval') !== '0') assert.equal(mine.keepaliveMs / 1000, Number(one('serveraliveinterval')));
      const strict: Record<string, HostConfig['strictHostKeyChecking']> = {
        true: 'yes',
        ask: 'ask',
        'accept-new': 'accept-new',
        false: 'accept-new',
      };
      assert.equal(mine.strictHostKeyChecking, strict[one('stricthostkeychecking')!]);
      // ssh -G prints paths before their tokens are filled in; `tokens` is looked at below.
      if (host !== 'tokens') {
        const home = (path: string) => path.replace(/^~/, homedir());
        assert.deepEqual(mine.identityFiles, theirs.get('identityfile')!.map(home));
      }
    });
  }
}

test('tokens are filled in', async () => {
  const { host, identityFiles, knownHostsFiles, agent } = await resolve('tokens');
  assert.equal(host, 'tokens.example.com');
  assert.equal(identityFiles[0], '/keys/tokens.example.com-2200-admin-tokens-100%');
  assert.deepEqual(knownHostsFiles, [join(homedir(), '.ssh', 'known_tokens.example.com'), '/other/tokens']);
  assert.equal(agent, '/run/agent-admin');
});

test('the target goes before the configuration', async () => {
  const mine = await resolve('plain', {
    port: 99,
    user: 'you',
    identityFile: '/my/key',
    proxyJump: 'gate',
    agent: 'none',
    knownHostsFiles: ['/k'],
  });
  assert.deepEqual([mine.port, mine.user, mine.identityFiles[0], mine.jumps], [99, 'you', '/my/key', ['gate']]);
  assert.deepEqual([mine.agent, mine.knownHostsFiles, mine.chosenIdentity], [undefined, ['/k'], true]);
  assert.deepEqual((await resolve('jumper', { proxyJump: 'none' })).jumps, []);
});

test('without a configuration OpenSSH’s defaults hold', async () => {
  const mine = await resolveConfig({ host: 'Mail.Example.COM', configFile: 'none' }, quiet);
  assert.deepEqual([mine.host, mine.port, mine.user], ['mail.example.com', 22, userInfo().username]);
  assert.deepEqual(mine.methods, ['publickey', 'keyboard-interactive', 'password']);
  assert.deepEqual([mine.namedIdentities, mine.strictHostKeyChecking, mine.identitiesOnly], [0, 'ask', false]);
  assert.equal(mine.identityFiles.includes(join(homedir(), '.ssh', 'id_ed25519')), true);
});

test('login methods can be preferred and forbidden', async () => {
  const file = join(dir, 'methods');
  writeFileSync(
    file,
    'PreferredAuthentications password,gssapi-with-mic,publickey\nHost x\nPasswordAuthentication no\n',
  );
  const methods = async (host: string) => (await resolveConfig({ host, configFile: file }, quiet)).methods;
  assert.deepEqual(await methods('y'), ['password', 'publickey']);
  assert.deepEqual(await methods('x'), ['publickey']);
});

test('Match exec runs nothing, and says so', async () => {
  const file = join(dir, 'exec');
  const trace = join(dir, 'it-ran');
  writeFileSync(file, `Match exec "touch ${trace}"\n  Port 1\nMatch !exec "touch ${trace}"\n  Port 2\n`);
  const log: string[] = [];
  const deps = { log: (level: string, text: string) => void log.push(`${level} ${text}`) };
  const { port } = await resolveConfig({ host: 'h', configFile: file }, deps);
  assert.equal(port, 22);
  assert.throws(() => execFileSync('ls', [trace], { stdio: 'ignore' }));
  assert.deepEqual(log, [`warn "Match exec" in ${file} is not evaluated here; its block is passed over.`]);
});

test('of ProxyCommand and ProxyJump the first one counts', async () => {
  const file = join(dir, 'proxy');
  writeFileSync(
    file,
    'Host a\n  ProxyCommand nc %h %p\n  ProxyJump gate\nHost b\n  ProxyJump gate\n  ProxyCommand nc %h %p\nHost c\n  ProxyCommand none\n',
  );
  const read = (host: string, more = {}) => resolveConfig({ host, configFile: file, ...more }, quiet);
  const [a, b, c] = [await read('a'), await read('b'), await read('c')];
  assert.deepEqual([a.proxyCommand, a.jumps], ['nc %h %p', []]);
  assert.deepEqual([b.proxyCommand, b.jumps], [undefined, ['gate']]);
  assert.deepEqual([c.proxyCommand, c.jumps], [undefined, []]);
  const direct = await read('a', { proxyJump: 'none' });
  assert.deepEqual([direct.proxyCommand, direct.jumps], [undefined, []]);
});

test('a broken configuration is refused with file and line', async () => {
  const broken = async (text: string, expected: RegExp) => {
    const file = join(dir, 'broken');
    writeFileSync(file, text);
    await assert.rejects(resolveConfig({ host: 'h', configFile: file }, quiet), (error: SshConfigError) => {
      assert.match(error.message, expected);
      return error instanceof SshConfigError;
    });
  };
  await broken('Host a\n  User "me\n', /broken cannot be understood\. Line 2 /);
  await broken('Host\n', /Line 1 /);
  await broken('Host a\n  Port\n  User me\n', /Line 2 /);
  await broken('Port ssh\n', /Port "ssh" is not a number/);
  await broken(`Include ${join(dir, 'broken')}\n`, /nest more than 16 deep/);
  await broken(`Include ${dir}\n`, /cannot be read\. It is a folder\. Put a file there/);
});

test('a host name that is none is refused', async () => {
  for (const host of ['', 'a b', 'a\nb', '-oProxyCommand=x', 'me@host', 'a/b', 'a\0b', 'a,b']) {
    await assert.rejects(resolveConfig({ host, configFile: 'none' }, quiet), SshConfigError, JSON.stringify(host));
  }
});
