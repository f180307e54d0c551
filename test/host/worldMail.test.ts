import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { Sandbox } from '../sandbox';
import type { Suite } from '../sandbox/host';
import { verify } from '../sandbox/verify';
import { setUpByHand } from '../support/chasquid';

const servers: { name: string; suite: Suite; domain: string; version: RegExp }[] = [
  { name: 'old', suite: 'bookworm', domain: 'example.test', version: /^1\.11/ },
  { name: 'new', suite: 'trixie', domain: 'example2.test', version: /^1\.15/ },
];
const selector = 'sel1';
const password = 'four knots on a cord';

describe('mail in a world', () => {
  let world: Sandbox;

  before(async () => {
    world = await Sandbox.boot({ hosts: servers.map(({ name, suite }) => ({ name, suite })) });
  });
  after(() => world?.close());

  /** Submits a message as user@domain and returns it as it reached the other side. */
  async function send(name: string, domain: string, to: string, subject: string, ms = 30_000) {
    const { ipv4 } = world.host(name);
    const transport = createTransport({
      ...{ host: ipv4, port: 587, requireTLS: true, tls: { rejectUnauthorized: false } },
      auth: { user: `user@${domain}`, pass: password },
    });
    await transport.sendMail({ from: `user@${domain}`, to, subject, text: 'Hello from the sandbox.' });
    return world.receiver.waitFor(({ raw }) => raw.includes(`Subject: ${subject}\r\n`), ms);
  }

  for (const { name, suite, domain, version } of servers) {
    test(`${suite}: chasquid installs from the local packages and runs`, async () => {
      const host = world.host(name);
      assert.equal((await host.exec('command -v chasquid')).code, 1);
      const hostname = `mail.${domain}`;
      const record = await setUpByHand(host, { domain, hostname, selector, senders: { user: password } });
      assert.match(await host.sh("dpkg-query -W -f '${Version}' chasquid"), version);
      await world.dns.update(
        `add ${hostname}. 1 A ${host.ipv4}`,
        `add ${hostname}. 1 AAAA ${host.ipv6}`,
        `add ${domain}. 1 MX 10 ${hostname}.`,
        `add ${domain}. 1 TXT "v=spf1 mx -all"`,
        `add _dmarc.${domain}. 1 TXT "v=DMARC1; p=reject; adkim=s; aspf=s"`,
      );
      await world.dns.addText(`${selector}._domainkey.${domain}`, record);
    });

    test(`${suite}: mail arrives over TLS and passes SPF, DKIM and DMARC`, async () => {
      const got = await send(name, domain, 'someone@sink.test', `To the sink from ${suite}`);
      assert.deepEqual([got.from, got.to, got.helo], [`user@${domain}`, ['someone@sink.test'], `mail.${domain}`]);
      assert.ok([world.host(name).ipv4, world.host(name).ipv6].includes(got.ip), got.ip);
      assert.equal(got.tls, 'TLSv1.3');
      assert.deepEqual([got.spf, got.dkim.map(one => one.result), got.dmarc], ['pass', ['pass'], 'pass']);
      assert.equal(got.dkim[0]!.domain, domain);
      assert.equal(got.headerFrom, domain);
      assert.match(got.verifiedBy, /^mailauth 7\.\d+\.\d+$/);
      const kept = JSON.parse(readFileSync(got.file.replace(/eml$/, 'json'), 'utf8')) as { dmarc: string };
      assert.equal(kept.dmarc, 'pass');
      assert.ok(readFileSync(got.file).equals(got.raw));
    });

    test(`${suite}: certbot gets a certificate for the domain and all below it through a DNS update`, async () => {
      const host = world.host(name);
      const { name: key, secret } = world.dns.tsig;
      const credentials = Object.entries({
        server: world.dns.address,
        port: world.dns.port,
        name: key,
        secret,
        algorithm: 'HMAC-SHA256',
      })
        .map(([field, value]) => `dns_rfc2136_${field} = ${value}\n`)
        .join('');
      await host.sh('umask 077; cat >/root/rfc2136.ini', { stdin: credentials });
      await host.sh(`export DEBIAN_FRONTEND=noninteractive REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
        apt-get -qq install -y --no-install-recommends certbot python3-certbot-dns-rfc2136
        certbot certonly -n --agree-tos -m postmaster@${domain} --server ${world.acme.directory} \\
          --dns-rfc2136 --dns-rfc2136-credentials /root/rfc2136.ini --dns-rfc2136-propagation-seconds 0 -d '${domain}' -d '*.${domain}'`);
      const chain = await host.sh(`cat /etc/letsencrypt/live/${domain}/fullchain.pem`);
      const [leaf, issuer] = chain.match(/-----BEGIN[^]*?END CERTIFICATE-----/g)!.map(pem => new X509Certificate(pem));
      assert.match(leaf!.subjectAltName ?? '', new RegExp(`DNS:\\*\\.${domain}`));
      assert.ok(leaf!.verify(issuer!.publicKey));
      assert.ok(issuer!.verify(new X509Certificate(readFileSync(world.acme.rootFile)).publicKey));
    });

    test(`${suite}: the world's https is trusted, also after the trust store is built again`, async () => {
      const ask = `python3 -c "import urllib.request; print(urllib.request.urlopen('${world.acme.directory}').status)"`;
      assert.equal((await world.host(name).sh(ask)).trim(), '200');
      assert.equal((await world.host(name).sh(`update-ca-certificates >/dev/null 2>&1; ${ask}`)).trim(), '200');
    });
  }

  test('mail to Gmail finds its way to the receiver', async () => {
    const got = await send('new', 'example2.test', 'somebody@gmail.com', 'To Gmail');
    assert.deepEqual([got.to, got.dmarc], [['somebody@gmail.com'], 'pass']);
  });

  test('a message that was changed after it was signed is not taken for genuine', async () => {
    const genuine = await send('new', 'example2.test', 'someone@sink.test', 'To be changed');
    const resolver = new Resolver();
    resolver.setServers([world.dns.endpoint]);
    const again = (raw: Buffer) => verify(raw, { ...genuine, mta: 'mx.sink.test' }, resolver);
    assert.equal((await again(genuine.raw)).dkim[0]!.result, 'pass');
    const changed = Buffer.from(genuine.raw.toString('latin1').replace('Hello', 'Hallo'), 'latin1');
    assert.notEqual((await again(changed)).dkim[0]!.result, 'pass');
  });

  test('mail whose records are gone does not pass', async () => {
    await world.dns.update('delete sel1._domainkey.example2.test. TXT', 'delete example2.test. TXT');
    const got = await send('new', 'example2.test', 'someone@sink.test', 'Without records');
    assert.deepEqual([got.spf, got.dmarc], ['none', 'fail']);
    assert.notEqual(got.dkim[0]!.result, 'pass');
  });

  test('the receiver can refuse, put off, and do without TLS', async () => {
    const tries = (text: string) =>
      world
        .host('new')
        .sh(`for _ in $(seq 50); do journalctl -u chasquid | grep -F '${text}' && exit 0; sleep 0.2; done; exit 1`);
    const give = (subject: string) => send('new', 'example2.test', 'someone@sink.test', subject, 2000);
    await world.receiver.mode('refuse');
    await assert.rejects(give('Refused'), /did not happen/);
    await tries('5.7.1 Refused by policy');
    await world.receiver.mode('greylist');
    await assert.rejects(give('Greylisted'), /did not happen/);
    await tries('4.7.1 Greylisted');
    await world.receiver.mode('without-tls');
    await world.dns.update('add _dmarc.example2.test. 1 TXT "v=DMARC1; p=none"');
    await assert.rejects(give('Plain'), /did not happen/); // chasquid refuses to fall back from the TLS that it has seen.
    await world.receiver.mode('accept');
    assert.equal((await send('new', 'example2.test', 'someone@sink.test', 'Taken again')).tls, 'TLSv1.3');
  });
});
