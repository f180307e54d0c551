import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cachedResolver } from '../../../src/dns/resolver/cache';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { parseServer } from '../../../src/dns/resolver/wire';
import { watchDelivery } from '../../../src/host/logs/delivery';
import { readFacts } from '../../../src/host/facts/readFacts';
import { addSender } from '../../../src/host/senders/senders';
import { traceMessage } from '../../../src/host/logs/trace';
import type { HostError } from '../../../src/host/protocol/shell';
import { analyzeMessage } from '../../../src/mail/analyze';
import type { SubmitError } from '../../../src/mail/submit';
import { submitTestMail } from '../../../src/mail/submit';
import type { Suite } from '../../sandbox/host';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';

/** Each sends to the other, so that each also is a receiver which is not ours. */
const domainOf = { bookworm: 'example.test', trixie: 'example2.test' };
const other = { bookworm: 'trixie', trixie: 'bookworm' } as const;
const password = 'a good password';
let both: BothSuites | undefined;
let world: BothSuites['world'];
let shells: BothSuites['shells'];

before(async () => {
  both = await bootBoth(async (host, world) => {
    const domain = domainOf[host.suite];
    const record = await setUpByHand(host, {
      domain,
      hostname: `mail.${domain}`,
      selector: 'sel1',
      senders: { i: password },
    });
    await world.dns.update(
      `add mail.${domain}. 5 A ${host.ipv4}`,
      `add mail.${domain}. 5 AAAA ${host.ipv6}`,
      `add ${domain}. 5 MX 10 mail.${domain}.`,
      `add ${domain}. 5 TXT "v=spf1 mx -all"`,
      `add _dmarc.${domain}. 5 TXT "v=DMARC1; p=reject; adkim=s; aspf=s"`,
      `add sel1._domainkey.${domain}. 5 TXT ${record
        .match(/.{1,250}/gs)!
        .map(part => JSON.stringify(part))
        .join(' ')}`,
    );
    await host.sh(`echo 'keep: | /usr/bin/tee /var/lib/chasquid/kept.eml' > /etc/chasquid/domains/${domain}/aliases
      echo 'nowhere: ghost@${domain}' >> /etc/chasquid/domains/${domain}/aliases
      chown chasquid: /etc/chasquid/domains/${domain}/aliases; systemctl restart chasquid`);
  });
  ({ world, shells } = both);
});
after(() => both?.close());

/** Sends through the tunnel of the SSH connection, and watches what becomes of it. */
async function send(suite: Suite, to: string, options: { password?: string; waitMs?: number } = {}) {
  const shell = shells.get(suite)!;
  const address = `i@${domainOf[suite]}`;
  const watch = await watchDelivery({ shell: () => Promise.resolve(shell), from: address, to });
  try {
    const submission = await submitTestMail({
      address,
      password: options.password ?? password,
      to,
      via: { openSocket: () => shell.connection.tunnel('127.0.0.1', 465) },
      servername: `mail.${domainOf[suite]}`,
    });
    const outcome = submission.accepted ? await watch.outcome(options.waitMs ?? 60_000) : watch.current();
    return { submission, outcome };
  } finally {
    watch.close();
  }
}

for (const suite of suites) {
  const domain = domainOf[suite];

  test(`${suite}: a test mail is taken, delivered over TLS and passes SPF, DKIM and DMARC`, async () => {
    await world.receiver.mode('accept');
    const { submission, outcome } = await send(suite, 'you@sink.test');
    assert.equal(submission.accepted, true);
    assert.match(submission.response, /^250 /);
    assert.equal(submission.tls.protocol, 'TLSv1.3');
    assert.match(submission.tls.reason!, /self-signed/);
    const spoken = submission.trace.map(line => line.text).join('\n');
    assert.match(spoken, /Going on: the SSH connection/);
    assert.match(spoken, /→ MAIL FROM/);
    assert.ok(
      !spoken.includes(password) && !spoken.includes(Buffer.from(`\0i@${domain}\0${password}`).toString('base64')),
    );
    assert.equal(outcome.state, 'sent', JSON.stringify(outcome));
    assert.match(outcome.id, /^[\w-]{11}$/);
    assert.deepEqual(outcome.recipients, [{ address: 'you@sink.test', state: 'sent', attempts: 1 }]);
    const message = await world.receiver.waitFor(one => one.raw.includes(submission.messageId));
    assert.deepEqual([message.spf, message.dkim.map(one => one.result), message.dmarc], ['pass', ['pass'], 'pass']);
    assert.ok(message.tls);
    assert.match(message.raw.toString(), /^Date: /m);

    const trace = await traceMessage(shells.get(suite)!, outcome.id);
    assert.equal(trace.done, true);
    assert.equal(trace.from, `i@${domain}`);
    assert.ok(
      trace.entries.some(entry => entry.event?.kind === 'auth'),
      trace.entries.map(entry => entry.text).join('\n'),
    );
    await assert.rejects(
      traceMessage(shells.get(suite)!, 'AAAAAAAAAAA'),
      (error: HostError) => error.code === 'message-not-found',
    );
  });

  test(`${suite}: the receiver's refusal comes back in its own words`, async () => {
    await world.receiver.mode('refuse');
    const { submission, outcome } = await send(suite, 'refused@sink.test');
    await world.receiver.mode('accept');
    assert.equal(submission.accepted, true);
    assert.equal(outcome.state, 'failed');
    assert.match(outcome.answer!, /5\.7\.1 Refused by policy/);
  });

  test(`${suite}: put off for now is told as waiting, with the reason`, async () => {
    await world.receiver.mode('defer');
    const { outcome } = await send(suite, 'later@sink.test');
    await world.receiver.mode('accept');
    assert.equal(outcome.state, 'waiting');
    assert.match(outcome.answer!, /Mailbox is full for now/);
  });

  test(`${suite}: what the server refuses at once is reported with its reason and what to do`, async () => {
    const wrong = await send(suite, 'you@sink.test', { password: 'wrong "password"' });
    assert.equal(wrong.submission.accepted, false);
    assert.match(wrong.submission.reason!, /could not log in\. The server answered: “535 .*Check Sender Password/);
    assert.equal(wrong.outcome.state, 'not-seen');
    assert.ok(!JSON.stringify(wrong.submission).includes('wrong \\"password'));
    const ghost = await send(suite, `ghost@${domain}`);
    assert.equal(ghost.submission.accepted, false);
    assert.match(ghost.submission.reason!, /does not know ghost@/);
  });

  test(`${suite}: without a tunnel an untrusted certificate stops it, a trusted one does not`, async () => {
    const host = world.host(suite);
    const mail = {
      address: `i@${domain}`,
      password,
      to: 'you@sink.test',
      servername: `mail.${domain}`,
      via: { host: host.ipv4 },
    };
    await assert.rejects(submitTestMail(mail), (error: SubmitError) => {
      assert.equal(error.code, 'untrusted');
      assert.match(error.message, /not sent: this computer does not trust .* self-signed/);
      return true;
    });
    const ca = await host.sh(`cat /etc/chasquid/certs/mail.${domain}/fullchain.pem`);
    const trusted = await submitTestMail({ ...mail, ca });
    assert.deepEqual([trusted.accepted, trusted.tls.authorized], [true, true]);
    await assert.rejects(
      submitTestMail({ ...mail, ca, servername: 'other.test' }),
      /is for mail\..*, not for other\.test/,
    );
    await assert.rejects(submitTestMail({ ...mail, via: { host: host.ipv4, port: 4650 } }), (error: SubmitError) => {
      assert.equal(error.code, 'unreachable');
      return /nothing listens on that port/.test(error.message);
    });
    await host.closePorts('in', [465]);
    await assert.rejects(submitTestMail({ ...mail, timeoutMs: 1500 }), /a firewall drops it/);
    await host.openPorts();
    // Port 25 speaks SMTP, not TLS.
    await assert.rejects(
      submitTestMail({ ...mail, via: { host: host.ipv4, port: 25 } }),
      (error: SubmitError) => error.code === 'tls',
    );
    await assert.rejects(submitTestMail({ ...mail, signal: AbortSignal.abort(new Error('enough')) }), /enough/);
  });

  test(`${suite}: a sender made by us sends as well`, async () => {
    await addSender(shells.get(suite)!, `made@${domain}`, 'made by us');
    const shell = shells.get(suite)!;
    const submission = await submitTestMail({
      address: `made@${domain}`,
      password: 'made by us',
      to: 'you@sink.test',
      via: { openSocket: () => shell.connection.tunnel('127.0.0.1', 465) },
      servername: `mail.${domain}`,
    });
    assert.equal(submission.accepted, true);
  });

  test(`${suite}: what another chasquid received is analyzed as passing everything`, async () => {
    const receiver = world.host(other[suite]);
    await receiver.sh('rm -f /var/lib/chasquid/kept.eml');
    const { outcome } = await send(suite, `keep@${domainOf[other[suite]]}`);
    assert.equal(outcome.state, 'sent', JSON.stringify(outcome));
    const kept =
      await receiver.sh(`for _ in $(seq 100); do [ -s /var/lib/chasquid/kept.eml ] && sleep 0.2 && break; sleep 0.1; done
      base64 -w0 /var/lib/chasquid/kept.eml`);
    const resolver = cachedResolver(serverResolver({ servers: [parseServer(world.dns.endpoint)] }));
    const analysis = await analyzeMessage(Buffer.from(kept, 'base64'), resolver);
    assert.deepEqual(
      [analysis.tls.result, analysis.spf.result, analysis.dkim.map(one => one.result), analysis.dmarc.result],
      ['pass', 'pass', ['pass'], 'pass'],
      JSON.stringify([analysis, Buffer.from(kept, 'base64').toString().slice(0, 1500)], null, 1),
    );
    assert.ok([world.host(suite).ipv4, world.host(suite).ipv6].includes(analysis.ip.address!));
    assert.ok(analysis.findings.every(finding => finding.severity !== 'error'));
  });

  test(`${suite}: facts and the server's view agree after all this`, async () => {
    const facts = await readFacts(shells.get(suite)!);
    assert.deepEqual(facts.chasquid!.domains[0]!.senders, ['i', 'made']);
    assert.equal(facts.chasquid!.domains[0]!.aliasCount, 2);
  });
}
