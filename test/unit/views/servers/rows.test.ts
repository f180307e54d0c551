import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DnsState, ServerSnapshot } from '../../../../src/app/snapshot';
import type { DkimKeyFacts, HostFacts } from '../../../../src/host/facts/facts';
import { escape } from '../../../../src/text/markdown';
import type { Row } from '../../../../src/views/servers/row';
import { serverRow, shortVersion } from '../../../../src/views/servers/rows';

const facts: HostFacts = {
  os: { id: 'debian', versionId: '13', prettyName: 'Debian GNU/Linux 13 (trixie)' },
  user: 'root',
  privilege: 'root',
  hostname: 'mail.example.com',
  memoryMb: 2048,
  diskFreeMb: 20480,
  addresses: { ipv4: ['203.0.113.7'], ipv6: [] },
  problems: [],
};
const chasquid = {
  version: '1.15.0-1+b4',
  service: 'active' as const,
  configDir: '/etc/chasquid',
  daemonUser: 'chasquid',
  domains: [
    { name: 'example.com', senders: ['news'], aliasCount: 2, catchAll: 'you@gmail.com', dkim: [] },
    { name: 'empty.example', senders: [], aliasCount: 0, dkim: [] },
  ],
  certificates: [],
};
const key = {
  selector: '20261124',
  file: 'domains/example.com/dkim:20261124.pem',
  algorithm: 'rsa' as const,
  publicKey: 'MIIB',
  bits: 2048,
  readable: true,
  loaded: true,
};
/** Nothing is left to do, as far as the server itself tells. */
const whole = {
  ...chasquid,
  domains: [{ ...chasquid.domains[0]!, dkim: [key] }],
  certificates: [
    {
      name: 'mail.example.com',
      names: ['mail.example.com'],
      issuer: 'CA',
      notBefore: 0,
      linked: false,
      notAfter: Date.now() / 1000 + 60 * 86400,
      readable: true,
    },
  ],
};
const allRight: DnsState = { ok: 9, total: 9, errors: [], dkim: { '20261124': 'ok' } };
const offline: ServerSnapshot = { name: 'mail', address: 'root@mail.example.com', state: 'offline', dns: {} };

function at(row: Row, ...labels: string[]): Row {
  return labels.reduce((parent, label) => {
    const child = parent.children.find(candidate => candidate.label === label);
    assert.ok(child, `no row ${label} under ${parent.label}`);
    return child;
  }, row);
}

describe('serverRow', () => {
  it('says in words what the icon shows', () => {
    const states: [Partial<ServerSnapshot>, string, RegExp][] = [
      [{ state: 'offline' }, 'not connected', /\boffline\b/],
      [{ state: 'connecting' }, 'connecting…', /\bconnecting\b/],
      [{ state: 'lost' }, 'connection lost', /\boffline\b/],
      [{ state: 'failed', failure: { short: 'host key changed', message: 'x' } }, 'host key changed', /\boffline\b/],
      [{ state: 'connected' }, 'checking…', /\bconnected\b/],
      [{ state: 'connected', facts }, 'no chasquid yet', /\bbare\b/],
      [{ state: 'connected', facts: { ...facts, chasquid } }, 'chasquid 1.15.0 · 4 things to do', /\bchasquid\b/],
      [{ state: 'connected', facts: { ...facts, chasquid: whole } }, 'chasquid 1.15.0 · running', /\bchasquid\b/],
      [
        { state: 'connected', facts: { ...facts, chasquid: whole }, dns: { 'example.com': allRight } },
        'chasquid 1.15.0 · healthy',
        /\bchasquid\b/,
      ],
      [
        { state: 'connected', facts: { ...facts, chasquid: { ...chasquid, service: 'failed' } } },
        'chasquid 1.15.0 · failed',
        /\bchasquid\b/,
      ],
    ];
    for (const [change, description, context] of states) {
      const row = serverRow({ ...offline, ...change });
      assert.equal(row.description, description);
      assert.match(row.context, context);
    }
  });

  it('connects on a click only when there is no connection', () => {
    assert.equal(serverRow(offline).command?.id, 'chasquid.connect');
    assert.equal(serverRow({ ...offline, state: 'connected', facts }).command, undefined);
  });

  it('shows domains, senders, aliases and what is missing', () => {
    const row = serverRow({ ...offline, state: 'connected', facts: { ...facts, chasquid } });
    assert.equal(at(row, 'example.com', 'Senders', 'news').address, 'news@example.com');
    assert.equal(at(row, 'example.com', 'Aliases').description, '2 · catch-all → you@gmail.com');
    assert.equal(at(row, 'empty.example').description, '2 things to do');
    assert.equal(at(row, 'example.com', 'DKIM').description, 'no key: mail is not signed');
  });

  it('tells of a DKIM key whether its record stands in the DNS and whether chasquid signs with it', () => {
    const description = (change: Partial<DkimKeyFacts>, dns?: DnsState): string | undefined => {
      const domains = [{ ...whole.domains[0]!, dkim: [{ ...key, ...change }] }];
      const state = { state: 'connected' as const, facts: { ...facts, chasquid: { ...whole, domains } } };
      return at(serverRow({ ...offline, ...state, dns: dns ? { 'example.com': dns } : {} }), 'example.com', 'DKIM')
        .description;
    };
    assert.equal(description({}), '20261124 · signing');
    assert.equal(description({}, allRight), '20261124 · published, signing');
    assert.equal(
      description({ loaded: false }, { ...allRight, dkim: { '20261124': 'missing' } }),
      '20261124 · not published, not loaded yet',
    );
    assert.equal(
      description({ readable: false }, { ...allRight, dkim: { '20261124': 'wrong' } }),
      '20261124 · another key is published, not readable by chasquid',
    );
    assert.equal(description({ usable: false }, allRight), '20261124 · published, not signing');
    assert.equal(description({}, { ...allRight, dkim: {} }), '20261124 · signing');
  });

  it('gives every row an id of its own', () => {
    const ids: string[] = [];
    const collect = (row: Row): void => {
      ids.push(row.id);
      row.children.forEach(collect);
    };
    collect(serverRow({ ...offline, state: 'connected', facts: { ...facts, chasquid } }));
    assert.equal(new Set(ids).size, ids.length);
  });

  it('never lets a server write markup into a tooltip', () => {
    const hostile = '[x](command:evil) <img src=x>';
    const row = serverRow({ ...offline, name: hostile, state: 'failed', failure: { short: 'x', message: hostile } });
    assert.doesNotMatch(row.tooltip, /(?<!\\)\[x\]|(?<!\\)<img/);
  });
});

describe('words', () => {
  it('keep versions short', () => {
    assert.equal(shortVersion('1.11-2+b2'), '1.11');
    assert.equal(escape('a*b\nc'), 'a\\*b c');
  });
});
