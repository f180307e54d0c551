import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import ssh2 from 'ssh2';
import { openAgent } from '../../../../src/ssh/keys/agent';

const dir = mkdtempSync(join(tmpdir(), 'agent-'));
const open: Server[] = [];
after(() => {
  open.forEach(server => server.close());
  rmSync(dir, { recursive: true });
});

test('an agent that answers without end is left', async () => {
  const socket = join(dir, 'endless');
  const server = createServer(connection => {
    connection.on('error', () => undefined);
    const send = (): void => {
      while (connection.writable && connection.write(Buffer.alloc(16_384, 0xff)));
    };
    connection.on('drain', send);
    send();
  });
  open.push(server);
  await new Promise<void>(resolve => server.listen(socket, resolve));
  await assert.rejects(openAgent(socket, ssh2), /^Error: its answer is longer than 256 KiB$/);
});
