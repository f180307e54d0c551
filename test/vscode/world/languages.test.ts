// What the languages know of a server whose files are opened from it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

describe('an aliases file of a server', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;
  const domains = '/etc/chasquid/domains';

  before(async () => {
    stage = await Stage.open({
      name: 'languages',
      hosts: [{ name: 'mail', ready: withChasquid }],
      prepare: async one => {
        await setUpByHand(one, {
          domain: 'example.test',
          hostname: 'mail.example.test',
          selector: 's',
          senders: { anna: 'first password' },
        });
        await one.sh(`cp -a ${domains}/example.test ${domains}/other.test; : >${domains}/other.test/users
          printf 'ring: bell@example.test\\npostmaster: anna@example.test\\n' >${domains}/other.test/aliases
          printf 'postmaster: anna\\nteam: anna, ben\\nbell: ring@other.test\\n' >${domains}/example.test/aliases`);
      },
      knowsHosts: true,
      servers: world => [keyEntry(world.host('mail'))],
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    await stage.connect('mail');
  });
  after(() => stage?.close());

  it('is judged together with the users and the other domains there', async () => {
    await window.sidebar.row('mail', 'example.test', 'Aliases').click();
    await window.editor.shows('aliases');
    const found = await window.problems.waitFor('what shows only over all domains', all => all.length === 2);
    assert.deepEqual(
      found.map(({ source, line }) => [source, line]),
      [
        ['chasquidalias-loop', 3],
        ['chasquidalias-unknown-target', 2],
      ],
    );
    assert.match(found[0]!.message, /bell@example\.test → ring@other\.test → bell@example\.test/);
    assert.match(found[1]!.message, /“ben@example\.test” is neither a user nor an alias/);
    await window.screenshot('findings');
  });

  it('follows what becomes of the server', async () => {
    await host.sh(`printf 'ring: anna@example.test\\n' >${domains}/other.test/aliases`);
    await window.runCommand('Chasquid: Refresh');
    const [left] = await window.problems.waitFor('that the circle is gone', all => all.length === 1);
    assert.equal(left!.source, 'chasquidalias-unknown-target');
  });
});
