import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { followLogs } from '../../../../src/host/logs/followLogs';
import type { LogEntry } from '../../../../src/host/logs/journal';
import { userShell } from '../../../../src/host/protocol/privilege';
import { LocalRemote } from '../../provision/localRemote';

const dir = mkdtempSync(join(tmpdir(), 'journal-'));
after(() => rmSync(dir, { recursive: true }));

test('a log line without measure is named and left out; those around it are there', async () => {
  const entry = (text: string) =>
    JSON.stringify({ MESSAGE: text, __CURSOR: `s=${text}`, __REALTIME_TIMESTAMP: '1700000000000000' });
  // Scripts set their own PATH, in which this folder is the first.
  writeFileSync(
    join(dir, 'journalctl'),
    `#!/bin/sh
case "$*" in *show-cursor*) exit 0;; esac
echo '${entry('before')}'
printf '{"MESSAGE":"'; head -c 3000000 /dev/zero | tr '\\0' x; echo '"}'
echo '${entry('behind')}'
sleep 60
`,
  );
  chmodSync(join(dir, 'journalctl'), 0o755);
  const remote = new LocalRemote();
  const exec = remote.exec.bind(remote);
  remote.exec = (command, options) =>
    exec(command, {
      ...options,
      ...(options?.stdin !== undefined && {
        stdin: String(options.stdin).replace('PATH=/usr/local/sbin', `PATH=${dir}${delimiter}/usr/local/sbin`),
      }),
    });
  const stop = new AbortController();
  const entries: LogEntry[] = [];
  await followLogs({
    shell: () => Promise.resolve(userShell(remote)),
    signal: stop.signal,
    onEntries: more => {
      entries.push(...more);
      if (entries.some(({ text }) => text === 'behind')) stop.abort();
    },
  });
  assert.deepEqual(
    entries.map(({ text, severity }) => [text.slice(0, 47), severity]),
    [
      ['before', 'info'],
      ['The server sent a log line of more than 256 KiB', 'warning'],
      ['behind', 'info'],
    ],
  );
});
