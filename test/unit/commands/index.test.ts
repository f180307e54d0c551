import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import manifest from '../../../package.json';
import { commands, internalCommands } from '../../../src/commands';

describe('the commands', () => {
  const ids = commands.map(([name]) => `chasquid.${name}`).sort();

  it('are those of the manifest', () => {
    assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), ids);
  });

  it('are the only ones in the menus', () => {
    const inMenus = Object.values(manifest.contributes.menus)
      .flat()
      .flatMap(item => ('command' in item ? [item.command] : []));
    assert.deepEqual(
      inMenus.filter(id => !ids.includes(id)),
      [],
    );
  });

  it('that only pages of ours call are not in the manifest', () => {
    assert.deepEqual(
      internalCommands.map(([name]) => name).filter(name => ids.includes(`chasquid.${name}`)),
      [],
    );
  });
});
