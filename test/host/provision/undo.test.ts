import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RootShell } from '../../../src/host/protocol/privilege';
import type { Applied } from '../../../src/provision/applyStep';
import { runPlan } from '../../../src/provision/runner';
import { runAction } from '../../../src/provision/stepAction';
import type { Steps } from '../../../src/provision/step';
import { causeOf } from '../../../src/text/problem';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { connectRoot } from '../../support/connect';
import { Witness, ownStep, shippedSteps } from './support';

const backups = '/var/backups/chasquid-setup';
const settings = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
const lines = (...words: string[]) => words.map(word => `${word}\n`).join('');

describe('a step is undone', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;
  let shell: RootShell & { connection: { close(): void } };

  const text = (file: string) => host.sh(`cat ${file}`);
  const rights = (path: string) => host.sh(`stat -c '%U %G %a' ${path}`);
  const apply = async (script: string): Promise<void> => {
    const step = ownStep(
      'own',
      '[ -e /run/done ] && answer done yes || answer needed no',
      `${script}\ntouch /run/done`,
    );
    await host.sh('rm -f /run/done');
    const { results } = await runPlan({
      shell,
      steps: { ...steps, list: [step] },
      chosen: ['own'],
      inputs: {},
      mode: 'apply',
      ui: new Witness(),
      reconnect: () => connectRoot(host),
    });
    assert.equal(results[0]!.state, 'applied', JSON.stringify(results));
  };
  const undo = (options: { force?: boolean; script?: string } = {}): Promise<Applied> => {
    const { script = 'set -e; restore; undone', force = false } = options;
    return runAction(shell, steps, ownStep('own', '', '', { undo: script }), 'undo', {}, { force });
  };
  const edited = (result: Applied, file: string) => {
    assert.equal(result.failure?.code, 'changed-since', JSON.stringify(result));
    assert.match(causeOf(result.failure), new RegExp(`Edited since.*${file}\\.`));
  };

  before(async () => {
    steps = await shippedSteps();
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'trixie' }] });
    host = world.host('mail');
    shell = await connectRoot(host);
    await host.sh(
      `apt-get -qq update; apt-get -qq install -y acl >/dev/null; mkdir -m 700 /srv/outside; echo secret >/srv/outside/file; chmod 600 /srv/outside/file`,
    );
  });
  after(async () => {
    shell?.connection.close();
    await world?.close();
  });

  test('files get back content, owner, mode and access list; folders keep theirs', async () => {
    await host.sh(`install -d -o root -g games -m 750 /srv/one /srv/one/two; cd /srv/one/two
      echo before >file; chown games:mail file; chmod 640 file; setfacl -m u:nobody:r file; ln -s file link`);
    const look = () =>
      host.sh('getfacl -cp /srv/one /srv/one/two /srv/one/two/file; cat /srv/one/two/file; readlink /srv/one/two/link');
    const was = await look();
    await apply(`cd /srv/one/two; echo after | install_file /srv/one/two/file root:root 644; backup /srv/one/two/link; ln -sfn other link
      echo fresh | replace /srv/one/two/fresh`);
    assert.notEqual(await look(), was);
    const { failure, undone } = await undo();
    assert.equal(failure, undefined);
    assert.equal(await look(), was);
    assert.equal(await rights('/srv/one /srv/one/two'), 'root games 750\nroot games 750\n');
    assert.deepEqual(undone, {
      restored: ['/srv/one/two/file', '/srv/one/two/link'],
      merged: [],
      removed: ['/srv/one/two/fresh'],
      kept: undone?.kept,
    });
    assert.match(undone.kept, /^\/var\/backups\/chasquid-setup\/\d{8}T\d{6}Z-undo-own$/);
    assert.equal(
      await text(`${undone.kept}/files/srv/one/two/fresh ${undone.kept}/files/srv/one/two/file`),
      'fresh\nafter\n',
    );
    assert.equal((await undo()).failure?.code, 'nothing-to-undo');
  });

  test('what was edited since stays, and the version before the undo is kept', async () => {
    await host.sh('cat >/srv/settings', { stdin: lines(...settings) });
    await apply("sed 's/two/TWO/' /srv/settings >$scratch/x; replace /srv/settings <$scratch/x");
    await host.sh('echo mine >>/srv/settings; chmod 600 /srv/settings');
    const { undone } = await undo();
    assert.deepEqual(undone?.merged, ['/srv/settings']);
    assert.equal(await text('/srv/settings'), lines(...settings, 'mine'));
    assert.equal(await rights('/srv/settings'), 'root root 600\n', 'the mode was changed since, too');
    assert.equal(await text(`${undone.kept}/files/srv/settings`), lines('one', 'TWO', ...settings.slice(2), 'mine'));
  });

  test('where the two cannot be told apart nothing is undone, unless forced; then the edit is in the backup', async () => {
    await host.sh('cat >/srv/settings; echo other >/srv/other; rm -f /srv/made', { stdin: lines(...settings) });
    await apply(`sed 's/two/TWO/' /srv/settings >$scratch/x; replace /srv/settings <$scratch/x
      echo changed | replace /srv/other; echo made | replace /srv/made`);
    await host.sh("sed -i 's/TWO/mine/' /srv/settings");
    edited(await undo(), '/srv/settings');
    assert.equal(await text('/srv/other /srv/made'), 'changed\nmade\n');
    const { undone } = await undo({ force: true });
    assert.equal(await text('/srv/other /srv/settings'), lines('other', ...settings));
    assert.match(await text(`${undone!.kept}/files/srv/settings`), /mine/);
    assert.deepEqual(undone?.removed, ['/srv/made']);
  });

  test('a file that the step has made is not removed with what somebody wrote into it', async () => {
    await apply('printf "made\\n" | replace /srv/made');
    await host.sh('printf "mine\\n" >/srv/made');
    edited(await undo(), '/srv/made');
    assert.equal(await text('/srv/made'), 'mine\n');
    const { undone } = await undo({ force: true });
    assert.equal((await host.exec('cat /srv/made')).code, 1);
    assert.equal(await text(`${undone!.kept}/files/srv/made`), 'mine\n');
  });

  test('a private key is compared, but not copied beside the backup', async () => {
    await apply(
      `openssl genpkey -algorithm ed25519 -out $scratch/key; install_file /srv/key root:root 640 <$scratch/key`,
    );
    assert.equal(await host.sh(`grep -rl 'PRIVATE KEY' ${backups} || true`), '');
    await host.sh('openssl genpkey -algorithm ed25519 -out /srv/key');
    edited(await undo(), '/srv/key');
    const { undone } = await undo({ force: true });
    assert.equal(await rights(`${undone!.kept} ${undone!.kept}/files/srv/key`), 'root root 700\nroot root 640\n');
  });

  test('an undo that was cut short goes on', async () => {
    await host.sh('for n in 1 2 3; do echo before >/srv/part$n; done');
    await apply('for n in 1 2 3; do echo after | replace /srv/part$n; done');
    await host.sh('echo after, and more >/srv/part1');
    edited(await undo(), '/srv/part1');
    const cut = 'compare; sed -i 2q "$scratch/decided"; restore; sh -c "kill -KILL \\$PPID"; undone';
    assert.notEqual((await undo({ force: true, script: cut })).failure, undefined);
    assert.equal(await text('/srv/part1 /srv/part2 /srv/part3'), 'before\nbefore\nafter\n');
    const { undone, failure } = await undo();
    assert.equal(failure, undefined);
    assert.deepEqual(undone?.restored, ['/srv/part3']);
    assert.equal(await text('/srv/part1 /srv/part2 /srv/part3'), 'before\nbefore\nbefore\n');
  });

  test('a backup that does not tell what the step left is asked about, unless all is as before', async () => {
    await host.sh('echo before >/srv/old');
    await apply('echo after | replace /srv/old');
    await host.sh(`rm -r ${backups}/*Z-own*/left*`);
    edited(await undo(), '/srv/old');
    await host.sh('echo before >/srv/old');
    assert.deepEqual((await undo()).undone, { restored: [], merged: [], removed: [], kept: '' });
  });

  test('a link that somebody has put there since leads the undo nowhere else', async () => {
    await host.sh('install -d -o nobody /srv/theirs; echo before >/srv/theirs/file; chown nobody /srv/theirs/file');
    await apply('echo after | replace /srv/theirs/file');
    await host.sh('cd /srv/theirs; rm file; ln -s /srv/outside/file file');
    edited(await undo(), '/srv/theirs/file');
    const { undone } = await undo({ force: true });
    assert.deepEqual(undone?.restored, ['/srv/theirs/file']);
    assert.equal(await text('/srv/theirs/file /srv/outside/file'), 'before\nsecret\n');
    assert.equal(await rights('/srv/theirs/file /srv/outside/file'), 'nobody root 644\nroot root 600\n');
    assert.equal((await host.sh(`readlink ${undone.kept}/files/srv/theirs/file`)).trim(), '/srv/outside/file');
  });
});
