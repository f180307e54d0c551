import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RootShell } from '../../../src/host/protocol/privilege';
import { checkStep, type StepCheck } from '../../../src/provision/check';
import { completeInputs } from '../../../src/provision/inputs';
import { runPlan } from '../../../src/provision/runner';
import { runAction } from '../../../src/provision/stepAction';
import type { Steps } from '../../../src/provision/step';
import { causeOf } from '../../../src/text/problem';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { connectRoot } from '../../support/connect';
import { Witness, shippedSteps } from './support';

const conf = '/etc/chasquid';
const theirs = `${conf}/domains/theirs.test`;

describe('the permissions of a server where one domain’s folder belongs to somebody else', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;
  let shell: RootShell & { connection: { close(): void } };
  const inputs = { domain: 'example.test', hostname: 'mail.example.test' };

  const permissions = () => steps.list.find(each => each.id === 'permissions')!;
  const check = (): Promise<StepCheck> => checkStep(shell, steps, permissions(), completeInputs(steps, [], inputs));
  const apply = async () => {
    const ui = new Witness(['skip']);
    const reconnect = () => connectRoot(host);
    return (await runPlan({ shell, steps, chosen: ['permissions'], inputs, mode: 'apply', ui, reconnect })).results[0]!;
  };
  const undo = () => runAction(shell, steps, permissions(), 'undo', inputs);
  const outside = () => host.sh(`cd ${conf}/outside && stat -c '%n %U %G %a' . * && getfacl -cp . * && cat *`);
  const modes = (...names: string[]) => host.sh(`cd ${theirs} && stat -c '%n %U %G %a %h' ${names.join(' ')}`);

  before(async () => {
    steps = await shippedSteps();
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'trixie', ready: withChasquid }] });
    host = world.host('mail');
    await setUpByHand(host, { domain: 'example.test', hostname: 'mail.example.test', selector: 's', senders: {} });
    shell = await connectRoot(host);
    await host.sh(`set -e; apt-get -qq install -y acl >/dev/null; chown root:root ${conf}/domains; chmod 755 ${conf}/domains
      install -d -m 700 ${conf}/outside; cd ${conf}/outside; for name in one two three; do echo "secret $name" >$name; chmod 600 $name; done; chmod 644 three
      install -d -o nobody -g nogroup ${theirs}; chmod o-w ${conf}/*`);
  });
  after(async () => {
    shell?.connection.close();
    await world?.close();
  });

  test('what a link leads to is not opened to the daemon, and the link is named', async () => {
    const was = await outside();
    await host.sh(`cd ${theirs}; ln -s ${conf}/outside/one users; ln -s ${conf}/outside folder
      mkdir "$(printf 'x\\n${conf}/outside')"; printf x >"$(printf 'x\\n${conf}/outside/one')"; chmod 600 x*one; chown -h nobody: *`);
    const found = await check();
    assert.equal(found.state, 'impossible');
    assert.deepEqual(
      found.problems.map(problem => [problem.code, /what (\S+) leads to/.exec(causeOf(problem))?.[1]]),
      [
        ['unsafe-link', `${theirs}/folder`],
        ['unsafe-link', `${theirs}/users`],
      ],
    );
    await host.sh(`cd ${theirs}; : >aliases; chown root:root aliases; chmod 600 aliases`);
    const result = await apply();
    assert.deepEqual([result.state, result.code], ['failed', 'unsafe-link'], JSON.stringify(result));
    assert.equal(await outside(), was);
    assert.equal(await modes('aliases'), 'aliases root chasquid 640 1\n');
    await host.sh(`cd ${theirs}; rm -r *`);
    assert.equal((await check()).state, 'done');
  });

  test('the other names of a file keep owner and mode', async () => {
    const was = await outside();
    await host.sh(
      `cd ${theirs}; ln ${conf}/outside/one 'dkim:one.pem'; ln ${conf}/outside/two users; ln ${conf}/outside/three 'dkim:three.pem'`,
    );
    const result = await apply();
    assert.equal(result.state, 'applied', JSON.stringify(result));
    assert.equal(await outside(), was);
    assert.equal(
      await modes('*'),
      'dkim:one.pem root chasquid 640 1\ndkim:three.pem root chasquid 640 1\nusers root chasquid 640 1\n',
    );
    await host.sh(`chmod 660 ${theirs}/users`);
    const { undone } = await undo();
    assert.deepEqual(undone?.restored.sort(), [`${theirs}/dkim:one.pem`, `${theirs}/dkim:three.pem`]);
    assert.equal(
      await modes('*'),
      'dkim:one.pem root root 600 1\ndkim:three.pem root root 644 1\nusers root chasquid 660 1\n',
      'what was changed since stays',
    );
    assert.equal(await outside(), was);
  });
});
