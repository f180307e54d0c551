// The commands as other extensions call them: with all inputs as an argument, nobody there to answer, results to go on with.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ServerEntry } from '../../../src/app/settings';
import type { RecordVerdict } from '../../../src/dns/records/record';
import type { HostFacts } from '../../../src/host/facts/facts';
import type { QueueState } from '../../../src/host/queue';
import type { MessageTrace } from '../../../src/host/logs/trace';
import type { StepResult } from '../../../src/provision/plan';
import type { Host } from '../../sandbox/host';
import { Caller, callerExtension } from './caller';
import { keyEntry, Stage } from './stage';

const domain = 'example.test';
const hostname = 'mail.example.test';
const address = `i@${domain}`;
const server = 'mail';
const password = 'four knots on a cord';

interface Document {
  uri: string;
  languageId: string;
  text: string;
}

describe('called by a program', () => {
  let stage: Stage;
  let caller: Caller;
  let host: Host;
  let queueId: string;

  before(async () => {
    caller = await Caller.create();
    stage = await Stage.open({
      name: 'program',
      hosts: [{ name: 'mail' }],
      knowsHosts: true,
      extensions: [callerExtension],
      environment: caller.environment,
    });
    host = stage.world.host('mail');
  });
  after(async () => {
    await stage?.close();
    await caller?.close();
  });

  /** A call after which no question may be open. */
  const call = <Result>(command: string, args: object, withinMs?: number): Promise<Result> =>
    unasked(command, caller.call<Result>(command, args, withinMs));
  /** The same for the commands which are confirmed, through the exported API: no link can reach it. */
  const run = <Result>(command: string, args: object, withinMs?: number): Promise<Result> =>
    unasked(command, caller.run<Result>(command, args, withinMs));
  const unasked = async <Result>(command: string, calling: Promise<Result>): Promise<Result> => {
    const result = await calling;
    assert.deepEqual(
      [await stage.window.quickInput.isOpen(), await stage.window.dialog.isOpen()],
      [false, false],
      command,
    );
    return result;
  };

  it('a server is added and gives its facts', async () => {
    const entry = keyEntry(host);
    assert.deepEqual(await call<ServerEntry>('addServer', entry), entry);
    const facts = await call<HostFacts>('connect', { server });
    assert.deepEqual(
      [facts.os.id, facts.os.versionId, facts.user, facts.chasquid],
      ['debian', '13', 'root', undefined],
    );
    assert.equal((await call<HostFacts>('refresh', { server })).hostname, facts.hostname);
  });

  it(
    'the set-up tells each step: in a dry run, for real, and when nothing is left to do',
    { timeout: 600_000 },
    async () => {
      const { tsig, address: dnsServer } = stage.world.dns;
      const credentials = {
        NSUPDATE_SERVER: dnsServer,
        NSUPDATE_ZONE: domain,
        TSIG_NAME: tsig.name,
        TSIG_ALGORITHM: tsig.algorithm,
        TSIG_SECRET: tsig.secret,
      };
      const inputs = {
        challenge: 'dns-01',
        dnsProvider: 'rfc2136',
        dnsCredentials: Object.entries(credentials)
          .map(([key, value]) => `${key}=${value}`)
          .join('\n'),
        dnsWait: '1',
        acmeServer: stage.world.acme.directory,
        sender: address,
        senderPassword: password,
      };
      const setUp = (more: object) =>
        call<StepResult[]>('setUpServer', { server, domain, hostname, inputs, ...more }, 500_000);
      const states = (results: StepResult[]) => [...new Set(results.slice(1).map(({ state }) => state))];
      const dry = await setUp({ dryRun: true });
      assert.deepEqual([dry[0]!.id, dry[0]!.state, states(dry)], ['preflight', 'done', ['needed']]);
      assert.equal((await host.exec('command -v chasquid')).code, 1);

      const real = await setUp({});
      // What an earlier step has made right already is done.
      assert.deepEqual(states(real).sort(), ['applied', 'done'], JSON.stringify(real));
      assert.equal(real.find(({ id }) => id === 'certificate')!.state, 'applied');
      for (const { durationMs } of real) assert.ok(Number.isInteger(durationMs) && durationMs >= 0);
      assert.deepEqual(states(await setUp({})), ['done']);
      assert.equal(await call('runStep', { server, step: 'hostname', domain, hostname }), 'done');
    },
  );

  it('senders are added, checked, changed and removed', async () => {
    const other = `news@${domain}`;
    await call('addSender', { server, address: other, password });
    const check = async (tried: string) =>
      (await call<{ ok: boolean }>('checkSenderPassword', { server, address: other, password: tried })).ok;
    assert.deepEqual([await check(password), await check('not it')], [true, false]);
    await run('changeSenderPassword', { server, address: other, password: 'another cord' });
    assert.equal(await check('another cord'), true);
    await run('removeSender', { server, address: other });
    const facts = await call<HostFacts>('refresh', { server });
    assert.deepEqual(facts.chasquid!.domains, [{ ...facts.chasquid!.domains[0]!, name: domain, senders: ['i'] }]);
  });

  it('records come with their verdicts, and as text to publish', async () => {
    const records = await call<RecordVerdict[]>('checkDns', { server, domain });
    const spf = records.find(({ purpose }) => purpose === 'spf')!;
    assert.deepEqual([spf.name, spf.status], [domain, 'missing']);
    const zone = await call<string>('copyDnsRecords', { server, domain, format: 'bind' });
    assert.match(zone, /_domainkey/);
    assert.match(await call<string>('exportZone', { server, domain, format: 'octodns' }), /_dmarc/);
    for (const record of records.filter(({ status, requirement }) => status !== 'ok' && requirement === 'required')) {
      if (record.type === 'TXT') await stage.world.dns.addText(record.name, record.value);
      else await stage.world.dns.update(`add ${record.name}. 1 ${record.type} ${record.value}`);
    }
    const again = await call<RecordVerdict[]>('showDnsRecords', { server, domain });
    assert.deepEqual(
      again
        .filter(({ requirement, status }) => requirement === 'required' && status !== 'ok')
        .map(({ type, name }) => `${type} ${name}`),
      [],
    );
  });

  it('a test mail tells its queue ID, with which it can be traced', async () => {
    const to = 'someone@sink.test';
    const sent = await call<{ accepted: boolean; queueId: string; trace: string[] }>('sendTestMail', {
      server,
      from: address,
      password,
      to,
    });
    assert.equal(sent.accepted, true);
    assert.match(sent.queueId, /^[\w-]{11}$/);
    assert.ok(sent.trace.length > 3);
    ({ queueId } = sent);
    const { raw } = await stage.world.receiver.waitFor(message => message.to.includes(to));
    const trace = await call<MessageTrace>('traceMessage', { server, id: queueId });
    assert.equal(trace.id, queueId);
    assert.deepEqual((await call<QueueState>('showQueue', { server })).items, []);
    const verdicts = await call<{ dkim: { result: string }[] }>('analyzeMessage', { source: raw.toString('utf8') });
    assert.equal(verdicts.dkim[0]?.result, 'pass', JSON.stringify(verdicts));
  });

  it('where mail goes is told, and changed', async () => {
    const recipients = async (who: string) =>
      (
        await call<{ recipients: { address: string }[] }>('resolveAddress', { server, address: `${who}@${domain}` })
      ).recipients.map(each => each.address);
    assert.deepEqual(await recipients('i'), [address]);
    await run('forwardMail', { server, domain, to: 'you@sink.test' });
    assert.deepEqual([await recipients('i'), await recipients('anybody')], [['you@sink.test'], ['you@sink.test']]);
    const document = await call<Document>('openAliases', { server, domain });
    assert.equal(document.languageId, 'chasquid-aliases');
    assert.match(document.text, /^\*: you@sink\.test$/m);
    assert.equal((await call<Document>('openConfig', { server })).languageId, 'chasquid-conf');
    assert.equal((await call<{ host: string }>('showMailSettings', { server, address })).host, hostname);
  });

  it('the service, the plan, a backup and a further domain do without a user too', { timeout: 180_000 }, async () => {
    await call('restartService', { server });
    await call('showStatus', { server });
    await call('showLogs', { server, lines: 10 });
    await call('backUpConfiguration', { server, installGit: true }, 120_000);
    assert.match(
      await call<string>('exportPlan', {
        server,
        format: 'shell',
        domain,
        hostname,
        inputs: { challenge: 'http-01', acmeServer: stage.world.acme.directory, sender: address },
      }),
      /^#!\/bin\/sh/,
    );
    await call('addDomain', { server, domain: 'example2.test' }, 120_000);
    await run('removeDomain', { server, domain: 'example2.test' });
  });

  it(
    'what has consequences is confirmed, whatever the arguments of the command say',
    { timeout: 120_000 },
    async () => {
      const { commit } = await run<{ commit: { id: string } }>('backUpConfiguration', { server });
      const aliases = await host.sh(`cat /etc/chasquid/domains/${domain}/aliases`);
      const users = await host.sh(`cat /etc/chasquid/domains/${domain}/users`);
      for (const [command, args, question] of [
        [
          'forwardMail',
          { server, domain, to: 'other@sink.test' },
          /^Forward all mail to example\.test to other@sink\.test\?$/,
        ],
        ['removeSender', { server, address }, /^Remove sender i@example\.test\?$/],
        ['removeSender', { server, address, interactive: true }, /^Remove sender i@example\.test\?$/],
        ['changeSenderPassword', { server, address, password: 'of somebody else' }, /^Change the password of i@/],
        ['removeDomain', { server, domain }, /^Remove domain example\.test from mail\?$/],
        [
          'backUpConfiguration',
          { server, remote: 'git@sink.test:x.git' },
          /^Copy the configuration of mail to git@sink/,
        ],
        ['restoreConfiguration', { server, commit: commit.id }, /^Restore the configuration of mail from /],
        ['removeServer', { server }, /^Remove mail from the list\?$/],
      ] as const) {
        const called = caller.call(command, args);
        assert.match(await stage.window.dialog.message(), question);
        assert.doesNotMatch(await stage.window.dialog.detail(), /of somebody else/);
        await stage.window.dialog.press('Cancel');
        assert.equal(await called, undefined, command);
      }
      assert.equal(await host.sh(`cat /etc/chasquid/domains/${domain}/aliases`), aliases);
      assert.equal(await host.sh(`cat /etc/chasquid/domains/${domain}/users`), users);
      assert.equal((await call<{ ok: boolean }>('checkSenderPassword', { server, address, password })).ok, true);
      const { chasquid } = await call<HostFacts>('refresh', { server });
      assert.deepEqual(
        chasquid!.domains.map(({ name }) => name),
        [domain],
      );
      await assert.rejects(run('forgetEverything', {}), /There is no command “forgetEverything”/);
    },
  );

  it('a step is undone; what was edited since is only taken away with a yes, or when a program forces it', async () => {
    const config = '/etc/chasquid/chasquid.conf';
    await host.sh(`sed -i 's/^hostname:.*/& # mine/' ${config}`);
    const edited = await host.sh(`cat ${config}`);
    const undo = { server, step: 'hostname' };
    await assert.rejects(
      call('undoStep', undo),
      /Edited since this step changed it: \/etc\/chasquid\/chasquid\.conf\./,
    );
    const { dialog } = stage.window;
    const clicked = caller.call('undoStep', { ...undo, interactive: true });
    assert.match(await dialog.message(), /^Undo the last change of “Server name” on mail\?$/);
    await dialog.press('Undo');
    assert.match(await dialog.message(), /^Files of “Server name” were edited since\. Undo anyway\?$/);
    assert.match(await dialog.detail(), /chasquid\.conf.*kept in \/var\/backups\/chasquid-setup/);
    await dialog.press('Cancel');
    assert.equal(await clicked, undefined);
    const forced = caller.call('undoStep', { ...undo, force: true });
    assert.match(await dialog.detail(), /whatever was edited since/);
    await dialog.press('Cancel');
    assert.equal(await forced, undefined);
    assert.equal(await host.sh(`cat ${config}`), edited);

    const result = await run<{ restored: string[]; kept: string }>('undoStep', { ...undo, force: true });
    assert.ok(result.restored.includes(config), JSON.stringify(result));
    assert.equal(await host.sh(`cat ${result.kept}/files${config}`), edited);
    assert.equal(await call('runStep', { server, step: 'hostname', domain, hostname }), 'applied');
  });

  it('what goes wrong is thrown, in sentences, and nothing hangs on a question', async () => {
    await assert.rejects(call('connect', { server: 'nowhere' }), /^Error: There is no server named “nowhere”\. /);
    await assert.rejects(call('addSender', { server, address, password }), /exists already/);
    await assert.rejects(
      call('addSender', { server, address: `x$(reboot)@${domain}`, password }),
      /cannot contain|may not|not/,
    );
    await assert.rejects(
      run('forwardMail', { server, domain, to: `x@${domain}` }),
      /mail domain of this server itself/,
    );
    const [failed] = await call<StepResult[]>('setUpServer', {
      server,
      domain,
      hostname: 'not a name',
      steps: ['hostname'],
    }).catch((error: Error) => [{ state: error.message }] as unknown as StepResult[]);
    assert.match(failed!.state, /failed|name/);
    await call('disconnect', { server });
    await run('removeServer', { server });
    await assert.rejects(call('connect', { server }), /There is no server named/);
  });
});
