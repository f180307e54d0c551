import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check/check';
import { openView } from '../../../src/dns/check/view';
import { mailHostResolver } from '../../../src/host/mailHostResolver';
import type { SshConnection } from '../../../src/ssh/connection';
import { Sandbox } from '../../sandbox/index';
import { connect } from '../../support/connect';
import { facts } from '../../support/records';

describe('the resolver that a mail host asks, through its SSH connection', () => {
  let world: Sandbox;
  let connection: SshConnection;
  before(async () => {
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'trixie' }] });
    connection = await connect(world.host('mail'), 'plain');
    await world.dns.update('add example.test. 5 MX 10 mail.example.test.', 'add example.test. 5 TXT "v=spf1 mx -all"');
  });
  after(async () => {
    connection?.close();
    await world?.close();
  });

  it('answers as the host sees the world, for a user without any privilege', async () => {
    const resolver = await mailHostResolver(connection);
    const [mx, none] = await Promise.all([
      resolver.query('example.test', 'MX'),
      resolver.query('no.example.test', 'A'),
    ]);
    assert.deepEqual([mx.state, mx.values, none.state], ['found', ['10 mail.example.test'], 'no-name']);
    assert.match(mx.server, /, asked by the mail server$/);
  });

  it('says what the DNS says of the host’s own name and address, not what stands in /etc/hosts', async () => {
    const host = world.host('mail');
    await host.sh(
      'echo "127.0.1.1 mail.example.test mail" >> /etc/hosts; echo "fe80::7 mail.example.test" >> /etc/hosts',
    );
    await world.dns.update(`add mail.example.test. 5 A ${host.ipv4}`);
    await host.sh('resolvectl flush-caches');
    assert.match(await host.sh('resolvectl query mail.example.test'), /127\.0\.1\.1/);
    const resolver = await mailHostResolver(connection);
    const [v4, v6] = await Promise.all([
      resolver.query('mail.example.test', 'A'),
      resolver.query('mail.example.test', 'AAAA'),
    ]);
    assert.deepEqual([v4.values, v6.state, resolver.local], [[host.ipv4], 'no-data', false]);
  });

  it('is one of those whom a check asks', async () => {
    const of = facts({ ipv4: [world.host('mail').ipv4], ipv6: [] });
    const [address, port] = [world.dns.address, world.dns.port];
    const { resolver, ...options } = openView(of, {
      servers: [{ host: address, port }],
      mailHost: await mailHostResolver(connection),
    });
    const records = await checkDomain(of, resolver, options);
    assert.deepEqual(
      records.find(record => record.purpose === 'mx')!.seen!.map(({ from, values }) => [from, values]),
      [
        ['resolver', ['10 mail.example.test']],
        ['mail-host', ['10 mail.example.test']],
      ],
    );
  });

  it('says that it cannot be reached where tunnels are forbidden', async () => {
    const host = world.host('mail');
    await host.sh('echo "AllowTcpForwarding no" > /etc/ssh/sshd_config.d/20-no-tunnels.conf; systemctl restart ssh');
    const other = await connect(host, 'plain');
    try {
      const answer = await (await mailHostResolver(other)).query('example.test', 'MX');
      assert.deepEqual([answer.state, answer.failure], ['failed', 'unreachable']);
    } finally {
      other.close();
    }
  });
});
