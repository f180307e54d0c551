import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerSnapshot } from '../../../../src/app/snapshot';
import type { HostFacts } from '../../../../src/host/facts';
import { escape } from '../../../../src/views/markdown';
import { duration, serverRow, shortVersion, type Row } from '../../../../src/views/servers/rows';

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
      [{ state: 'connected', facts: { ...facts, chasquid } }, 'chasquid 1.15.0 · running', /\bchasquid\b/],
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
    assert.equal(at(row, 'empty.example').description, '1 thing to do');
    assert.equal(at(row, 'example.com', 'DKIM').description, 'no key: mail is not signed');
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
  it('keep versions and times short', () => {
    assert.equal(shortVersion('1.11-2+b2'), '1.11');
    assert.equal(duration(90), '1 min');
    assert.equal(duration(86400 * 12), '12 days');
    assert.equal(escape('a*b\nc'), 'a\\*b c');
  });
});
