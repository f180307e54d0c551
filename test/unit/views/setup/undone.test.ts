import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undoneLines } from '../../../../src/views/setup/undone';

test('an undo names every file by what became of it, and where the replaced versions are', () => {
  const kept = '/var/backups/chasquid-setup/20261124T101112Z-undo-hostname';
  assert.deepEqual(
    undoneLines({
      restored: ['/etc/hosts', '/etc/hostname'],
      merged: ['/etc/chasquid/chasquid.conf'],
      removed: ['/etc/x'],
      kept,
    }),
    [
      'As before the step: /etc/hosts, /etc/hostname',
      'Undone, keeping what was edited since: /etc/chasquid/chasquid.conf',
      'Removed: /etc/x',
      `The replaced versions are in ${kept} on the server.`,
    ],
  );
  assert.deepEqual(undoneLines({ restored: [], merged: [], removed: [], kept: '' }), []);
});
