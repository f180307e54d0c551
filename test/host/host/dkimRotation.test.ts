import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { parseServer } from '../../../src/dns/resolver/wire';
import { openView } from '../../../src/dns/check/view';
import { DkimRotation, isAutomatic } from '../../../src/host/domains/dkimRotation';
import { readFacts } from '../../../src/host/facts/readFacts';
import { recordFacts } from '../../../src/host/facts/recordFacts';
import { unsignedReason } from '../../../src/provision/dkimProof';
import type { Steps } from '../../../src/provision/step';
import type { Received } from '../../sandbox/receiver';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { shippedSteps } from '../provision/support';

const domain = 'example.test';
const hostname = 'mail.example.test';
const password = 'four knots on a cord';

for (const suite of suites) {
  describe(`a DKIM key is rotated on ${suite}`, () => {
    let both: BothSuites;
    let record: string;
    let steps: Steps;

    before(async () => {
      steps = await shippedSteps();
      const byHand = { domain, hostname, selector: 'old', senders: { user: password } };
      both = await bootBoth(async host => (record = await setUpByHand(host, byHand)), [suite]);
      const { ipv4, ipv6 } = both.world.host(suite);
      await both.world.dns.update(
        `add ${hostname}. 1 A ${ipv4}`,
        `add ${hostname}. 1 AAAA ${ipv6}`,
        `add ${domain}. 1 TXT "v=spf1 -all"`,
        `add _dmarc.${domain}. 1 TXT "v=DMARC1; p=reject; adkim=s"`,
      );
      await both.world.dns.addText(`old._domainkey.${domain}`, record);
    });
    after(() => both?.close());

    /** As a new window would: nothing is kept but what lies on the server. */
    function open(): DkimRotation {
      const shell = both.shells.get(suite)!;
      const { address, port } = both.world.dns;
      return new DkimRotation(
        {
          server: suite,
          shell: () => Promise.resolve(shell),
          facts: () => readFacts(shell),
          records: facts => recordFacts(facts, domain, both.world.host(suite).ipv4),
          view: records => openView(records, { servers: [parseServer(`${address}:${port}`)] }),
          unsignedReason: () => unsignedReason(shell, steps, domain),
        },
        domain,
      );
    }

    let count = 0;
    /** A message that only DKIM vouches for, as it arrived. */
    async function mail(): Promise<Received> {
      const subject = `Message ${++count}`;
      const transport = createTransport({
        ...{ host: both.world.host(suite).ipv4, port: 587, requireTLS: true, tls: { rejectUnauthorized: false } },
        auth: { user: `user@${domain}`, pass: password },
      });
      await transport.sendMail({ from: `user@${domain}`, to: 'someone@sink.test', subject, text: 'Hello.' });
      return both.world.receiver.waitFor(({ raw }) => raw.includes(`Subject: ${subject}\r\n`), 30_000);
    }

    test('a new key with which mail would not be signed goes back, and the old one goes on signing', async () => {
      const host = both.world.host(suite);
      if (suite === 'bookworm')
        await assert.rejects(open().begin('spare', 'ed25519'), { code: 'ed25519-too-early', message: /Choose RSA/ });
      await open().begin('spare', 'rsa');
      let view = (await open().look())!;
      while (view.step.action !== 'move-in') {
        if (view.step.action === 'stage') await open().act(view);
        else if (view.step.action === 'publish')
          for (const { name, value } of view.step.records!) await both.world.dns.addText(name, value);
        else await open().tell(view.state, { did: 'skip', wait: view.step.wait! });
        view = (await open().look())!;
      }
      // What signs, in front of the real one: it adds nothing for the new key.
      const program = suite === 'bookworm' ? 'dkimsign' : 'chasquid-util';
      await host.sh(`cat >/usr/local/bin/${program}; chmod 755 /usr/local/bin/${program}`, {
        stdin: `#!/bin/sh\ncase " $* " in *" spare "*) echo "no luck today" >&2; ${suite === 'bookworm' ? 'cat; exit 0' : 'exit 1'} ;; esac\nexec /usr/bin/${program} "$@"\n`,
      });
      await assert.rejects(open().act(view), {
        code: 'not-signed',
        message: /^The new key spare was moved back.*with the key spare.*no luck today/s,
      });
      const { chasquid } = await readFacts(both.shells.get(suite)!);
      assert.deepEqual(
        chasquid!.domains[0]!.dkim.map(key => key.selector),
        ['old'],
      );
      assert.equal((await open().look())!.step.action, 'move-in', 'it can be tried again');
      const got = await mail();
      assert.deepEqual(
        got.dkim.map(one => `${one.selector} ${one.result}`),
        ['old pass'],
      );
      await host.sh(`rm /usr/local/bin/${program}`);
      await open().forget();
    });

    test('and mail passes DMARC before, between and after', async () => {
      const way: string[] = [];
      const signedBy: string[] = [];
      assert.equal(await open().look(), undefined, 'none is under way');
      await assert.rejects(open().begin('old', 'rsa'), { name: 'NameError' });
      await open().begin('new', 'rsa');
      for (let turn = 0; turn < 20; turn++) {
        const rotation = open();
        const view = (await rotation.look())!;
        const { step, state } = view;
        way.push(step.action);
        const got = await mail();
        assert.equal(got.dmarc, 'pass', `${step.action}: ${JSON.stringify(got.dkim)}`);
        signedBy.push(
          got.dkim
            .map(one => `${one.selector} ${one.result}`)
            .sort()
            .join(', '),
        );
        if (isAutomatic(step)) await rotation.act(view);
        else if (step.action === 'publish' || step.action === 'revoke') {
          for (const { name, value } of step.records!) {
            if (step.action === 'revoke') await both.world.dns.update(`delete ${name}. TXT`);
            await both.world.dns.addText(name, value);
          }
        } else if (step.action === 'verify') {
          await rotation.tell(state, { did: 'verify', at: Date.now() });
        } else if (step.wait) await rotation.tell(state, { did: 'skip', wait: step.wait });
        else break;
      }
      const expected =
        suite === 'trixie'
          ? ['stage', 'publish', 'move-in', 'verify', 'wait-caches', 'take-out', 'wait-mail', 'revoke', 'done']
          : ['stage', 'publish', 'move-in', 'verify', 'wait-mail', 'revoke', 'done'];
      // A wait of a second may be over by itself, and a restart within the same second cannot be told from none.
      const sure = (steps: string[]) => steps.filter(step => !/^wait|^restart/.test(step));
      assert.deepEqual(sure(way), sure(expected), way.join(' '));
      assert.equal(signedBy[0], 'old pass');
      assert.equal(signedBy.at(-1), 'new pass');
      if (suite === 'trixie') assert.equal(signedBy[way.indexOf('verify')], 'new pass, old pass');
      if (suite === 'bookworm')
        assert.equal(
          await both.world.host(suite).sh(`head -n 1 /etc/chasquid/certs/${domain}/dkim_privkey.pem`),
          '-----BEGIN RSA PRIVATE KEY-----\n',
          'the form that every dkimsign reads',
        );
      assert.match((await both.world.dns.query(`old._domainkey.${domain}`, 'TXT')).join(), /p=$/);
      await open().forget();
      assert.equal(await open().look(), undefined);
    });
  });
}
