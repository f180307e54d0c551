import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTarget, targetText, validateHost, validateName, validateUser } from '../../../src/app/serverInputs';

describe('parseTarget', () => {
  const cases: [string, object][] = [
    ['mail.example.com', { host: 'mail.example.com' }],
    ['root@203.0.113.7', { host: '203.0.113.7', user: 'root' }],
    ['mail.example.com:2222', { host: 'mail.example.com', port: 2222 }],
    ['2001:db8::7', { host: '2001:db8::7' }],
    ['root@[2001:db8::7]:22', { host: '2001:db8::7', user: 'root', port: 22 }],
    ['ssh root@mail.example.com', { host: 'mail.example.com', user: 'root' }],
    ['ssh -p 2222 root@mail.example.com', { host: 'mail.example.com', user: 'root', port: 2222 }],
    ['ssh root@mail.example.com -p2222', { host: 'mail.example.com', user: 'root', port: 2222 }],
    ['ssh -l root mail.example.com', { host: 'mail.example.com', user: 'root' }],
    [
      'ssh -J ops@jump.example.com:2022,inner -i ~/.ssh/mail root@mail.example.com',
      {
        host: 'mail.example.com',
        user: 'root',
        identityFile: '~/.ssh/mail',
        proxyJump: 'ops@jump.example.com:2022,inner',
      },
    ],
    ['ssh://debian@mail.example.com:22/', { host: 'mail.example.com', user: 'debian', port: 22 }],
    ['  почта.example  ', { host: 'почта.example' }],
  ];
  for (const [text, target] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(parseTarget(text), { target, problem: undefined }));
  }

  for (const target of [
    { host: 'mail.example.com' },
    { host: '2001:db8::7', user: 'root', port: 2222 },
    { host: '203.0.113.7', port: 22 },
    { host: '203.0.113.7', user: 'root', proxyJump: 'ops@jump.example.com:2022,inner' },
  ]) {
    it(`reads back ${targetText(target)}`, () =>
      assert.deepEqual(parseTarget(targetText(target)), { target, problem: undefined }));
  }

  const hostile = [
    '$(reboot)',
    '`id`',
    'a b',
    "a'b",
    'a"b',
    'a;b',
    'a\nb',
    'a|b',
    '-oProxyCommand=x',
    'root@-oX',
    '$(x)@host',
    'host:70000',
    'ssh -p host',
    'ssh -oProxyCommand=reboot host',
    'ssh -J -oProxyCommand=reboot host',
    'ssh -J a,$(id) host',
    'ssh host reboot',
    'ssh host -i',
    '',
  ];
  for (const text of hostile) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.match(parseTarget(text).problem ?? '', /\.$/));
  }
});

describe('validators', () => {
  it('say what is wrong with a host, a user and a name', () => {
    assert.match(validateHost('a b') ?? '', /a space/);
    assert.match(validateUser('a;b') ?? '', /“;”/);
    assert.match(validateName('x\ny', []) ?? '', /line breaks/);
    assert.match(validateName('mail', ['mail']) ?? '', /already a server/);
    assert.equal(validateName('mail 2', ['mail']), undefined);
  });
});
