import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import type { RootShell } from '../../../src/host/protocol/privilege';
import { readFacts } from '../../../src/host/facts/readFacts';
import { checkStep } from '../../../src/provision/check';
import { completeInputs } from '../../../src/provision/inputs';
import { runPlan } from '../../../src/provision/runner';
import type { Step, Steps } from '../../../src/provision/step';
import { runAction } from '../../../src/provision/stepAction';
import { causeOf } from '../../../src/text/problem';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { olderPackage } from '../../sandbox/older';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { connectRoot } from '../../support/connect';
import { Witness, shippedSteps } from './support';

const conf = '/etc/chasquid';
const domain = 'example.test';
const hostname = 'mail.example.test';
const password = 'a dog in the reeds';
const key = `${conf}/certs/${domain}/dkim_privkey.pem`;
const hook = `${conf}/hooks/post-data`;

/** Of a chasquid before 1.14 the hook signs, with the dkimsign of dkimpy 1.0 as on Ubuntu 22.04. */
describe('mail that the hook signs with an older dkimsign', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;
  let step: Step;
  let shell: RootShell;

  const check = () => checkStep(shell, steps, step, completeInputs(steps, [], { domain, selector: 'sel' }));
  const apply = async () => {
    const ui = new Witness(['skip']);
    const { results } = await runPlan({
      ...{ shell, steps, chosen: ['dkim'], inputs: { domain, selector: 'sel' }, mode: 'apply', ui },
      reconnect: () => connectRoot(host),
    });
    return results[0]!;
  };
  const publicKey = async () => (await host.sh(`openssl pkey -in ${key} -pubout -outform DER | base64 -w0`)).trim();
  const keyFacts = async () => (await readFacts(shell)).chasquid!.domains[0]!.dkim[0]!;
  const form = async () => (await host.sh(`head -n 1 ${key}`)).trim();
  const writeHook = (text: string) => host.sh(`cat >${hook}`, { stdin: text });

  let count = 0;
  /** How the signatures of a message were judged where it arrived; or what the server said against it. */
  const signatures = async (): Promise<string[]> => {
    const subject = `Message ${++count}`;
    const transport = createTransport({
      ...{ host: host.ipv4, port: 587, requireTLS: true, tls: { rejectUnauthorized: false } },
      auth: { user: `user@${domain}`, pass: password },
    });
    await transport.sendMail({ from: `user@${domain}`, to: 'someone@sink.test', subject, text: 'Hello.' });
    const got = await world.receiver.waitFor(({ raw }) => raw.includes(`Subject: ${subject}\r\n`), 30_000);
    return got.dkim.map(one => `${one.selector} ${one.result}`);
  };
  const publish = async () => {
    const { facts } = await check();
    await world.dns.update(`delete sel._domainkey.${domain}. TXT`);
    await world.dns.addText(`sel._domainkey.${domain}`, `v=DKIM1; k=${facts.algorithm}; p=${facts.publicKey}`);
  };

  before(async () => {
    steps = await shippedSteps();
    step = steps.list.find(({ id }) => id === 'dkim')!;
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'bookworm', ready: withChasquid }] });
    host = world.host('mail');
    // openssl 3 writes the key as PKCS#8.
    await setUpByHand(host, { domain, hostname, selector: 'sel', senders: { user: password } });
    await host.sh('cat >/root/dkim.deb; dpkg -i /root/dkim.deb >/dev/null', {
      stdin: readFileSync(olderPackage('python3-dkim')),
    });
    shell = await connectRoot(host);
  });
  after(() => world?.close());

  // They differ in what becomes of a message to which dkimsign added nothing: 1.8 sends it, 1.10 to 1.13 refuse it.
  for (const [version, silent] of [
    ['1.8', true],
    ['1.13', false],
  ] as const) {
    describe(`as the hook of ${version} calls it`, () => {
      let was: string;

      before(async () => {
        await host.sh(`cp ${hook} /root/hook`);
        if (silent)
          await host.sh(`sed -i 's/^\\([[:space:]]*\\)diff --changed/\\1! diff --changed/; s/ && exit 1$//' ${hook}`);
        assert.equal((await host.sh(`grep -c '! diff' ${hook} || true`)).trim(), silent ? '1' : '0');
        was = await publicKey();
        await publish();
      });
      after(() => host.sh(`cat /root/hook >${hook}`));

      test('a key in a form that it cannot read does not count as signing', async () => {
        assert.equal(await form(), '-----BEGIN PRIVATE KEY-----');
        if (silent) assert.deepEqual(await signatures(), []);
        else await assert.rejects(signatures(), { responseCode: 451 });
        const found = await check();
        assert.equal(found.state, 'needed', JSON.stringify(found));
        assert.match(found.detail, /not signed.*cannot read the form/);
        assert.match(found.diff.join('\n'), /^- .*dkim_privkey\.pem \(PKCS#8.*\n\+ .*PKCS#1/);
        assert.equal(found.facts.publicKey, was);
        assert.equal(await form(), '-----BEGIN PRIVATE KEY-----', 'a check changes nothing');
        assert.equal((await keyFacts()).usable, false);
      });

      test('the same key is rewritten, and mail passes with the record that was published', async () => {
        const result = await apply();
        assert.deepEqual([result.state, result.detail], ['applied', 'The post-data hook signs with sel']);
        assert.equal(await form(), '-----BEGIN RSA PRIVATE KEY-----');
        assert.equal(await publicKey(), was);
        assert.equal((await host.sh(`stat -c '%a %U %G' ${key}`)).trim(), '640 root chasquid');
        assert.deepEqual(await signatures(), ['sel pass']);
        assert.equal((await keyFacts()).usable, undefined);
        assert.equal((await apply()).state, 'done');
        assert.equal((await host.sh(`ls /tmp ${conf}/certs/${domain}`)).includes('new-key'), false);
        assert.equal((await runAction(shell, steps, step, 'undo', { domain })).failure, undefined);
        assert.equal(await form(), '-----BEGIN PRIVATE KEY-----');
      });
    });
  }

  test('a new key is made in the form that it reads', async () => {
    await host.sh(`rm ${key} ${conf}/domains/${domain}/dkim_selector`);
    assert.deepEqual((await check()).diff, [`+ ${key} (rsa2048)`, `+ ${conf}/domains/${domain}/dkim_selector: sel`]);
    const result = await apply();
    assert.deepEqual([result.state, result.detail], ['applied', 'The post-data hook signs with sel']);
    assert.equal(await form(), '-----BEGIN RSA PRIVATE KEY-----');
    await publish();
    assert.deepEqual(await signatures(), ['sel pass']);
  });

  test('a hook that signs nothing, fails, or signs with another key is told apart', async () => {
    const original = await host.sh(`cat ${hook}`);
    const outcome = async (text: string) => {
      await writeHook(text);
      const { state, problems } = await check();
      return [state, problems[0]?.code, problems[0] && causeOf(problems[0])];
    };
    assert.deepEqual(await outcome('#!/bin/sh\n# Once: dkimsign\necho "no filter today" >&2\n'), [
      'impossible',
      'signs-nothing',
      `Mail of ${domain} leaves without a signature. The hook ${hook} was given a message and added no signature with the selector sel. It reported: no filter today`,
    ]);
    assert.deepEqual(await outcome('#!/bin/sh\n# dkimsign\necho "spam detected" >&2; exit 20\n'), [
      'impossible',
      'signing-fails',
      `Mail of ${domain} cannot be signed with the key sel. The hook ${hook} ended with status 20. It reported: spam detected`,
    ]);
    await host.sh(`openssl genrsa -traditional -out ${conf}/other.pem 2048 2>/dev/null; chmod 644 ${conf}/other.pem`);
    const [state, code] = await outcome(original.replaceAll('"certs/$DOMAIN/dkim_privkey.pem"', `${conf}/other.pem`));
    assert.deepEqual([state, code], ['impossible', 'signature-wrong']);
    for (const [away, back] of [
      [`mv ${hook} /root/away`, `mv /root/away ${hook}`],
      [`chmod 644 ${hook}`, `chmod 755 ${hook}`],
    ] as const) {
      await host.sh(away);
      const { state: without, problems } = await check();
      assert.deepEqual([without, problems[0]?.code], ['impossible', 'no-signing-hook'], away);
      await host.sh(back);
    }
    // By what the hook signs is its own affair.
    await host.sh(`cp /usr/bin/dkimsign /usr/local/bin/our-signer`);
    assert.deepEqual(await outcome(original.replaceAll('dkimsign', 'our-signer')), ['done', undefined, undefined]);
    await writeHook(original);
    assert.equal((await check()).state, 'done');
  });

  test('the hook runs as the daemon, with what chasquid gives it and nothing else', async () => {
    const original = await host.sh(`cat ${hook}`);
    await writeHook(original.replace('set -e\n', 'set -e\n{ id -un; pwd; env; } >/tmp/seen\n'));
    assert.equal((await check()).state, 'done');
    const seen = (await host.sh('cat /tmp/seen')).trim().split('\n');
    assert.deepEqual(seen.slice(0, 2), ['chasquid', conf]);
    const names = seen
      .slice(2)
      .map(line => line.split('=')[0]!)
      .filter(name => !['_', 'SHLVL', 'OLDPWD'].includes(name));
    assert.deepEqual(
      names.sort(),
      'AUTH_AS EHLO_DOMAIN EHLO_DOMAIN_RAW FROM_LOCAL_DOMAIN MAIL_FROM ON_TLS PATH PWD RCPT_TO REMOTE_ADDR SHELL SPF_PASS USER'.split(
        ' ',
      ),
    );
    await writeHook(original);
  });

  test('a key that the daemon cannot read yet is left to the step Permissions', async () => {
    await host.sh(`chmod 600 ${key}; chown root: ${key}`);
    const found = await check();
    assert.deepEqual(
      [found.state, found.detail],
      ['done', 'There is the key sel; the step Permissions lets chasquid read it'],
    );
    await host.sh(`chown root:chasquid ${key}; chmod 640 ${key}`);
  });
});
