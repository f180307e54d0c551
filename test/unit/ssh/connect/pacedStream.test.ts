import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { PacedStream } from '../../../../src/ssh/connect/pacedStream';

const listening: { close(): void }[] = [];
after(() => listening.forEach(server => server.close()));

/** A stream to somebody on loopback who does `talk`. */
async function pacedTo(talk: (socket: Socket) => void): Promise<PacedStream> {
  const server = createServer(talk);
  listening.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return new PacedStream(connect((server.address() as AddressInfo).port, '127.0.0.1'));
}

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('every byte is handed on in its order, up to the end', async () => {
  const sent = randomBytes(3_000_001);
  const stream = await pacedTo(socket => socket.end(sent));
  assert.equal(hash(await buffer(stream)), hash(sent));
});

test('every byte that is written arrives', async () => {
  const sent = randomBytes(1_000_003);
  const arrived = new Promise<Buffer>(resolve => {
    void pacedTo(socket => void buffer(socket).then(resolve)).then(stream => stream.end(sent));
  });
  assert.equal(hash(await arrived), hash(sent));
});

test('others get their turn while many small messages are read', async () => {
  const stream = await pacedTo(socket => socket.end(Buffer.alloc(2_000_000)));
  let turns = 0;
  const count = setInterval(() => turns++, 1);
  let read = 0;
  stream.on('data', (piece: Buffer) => {
    read += piece.length;
    // As long as ssh2 takes for as many bytes of the smallest messages.
    for (const end = performance.now() + piece.length / 10_000; performance.now() < end;);
  });
  await new Promise(resolve => stream.once('close', resolve));
  clearInterval(count);
  assert.equal(read, 2_000_000);
  assert.ok(turns >= 10, `${turns} turns`);
});

test('a cut ends it with the error, and what it was to say is dropped', async () => {
  const stream = await pacedTo(socket => socket.resetAndDestroy());
  const [error] = await Promise.all([
    new Promise<NodeJS.ErrnoException>(resolve => stream.once('error', resolve)),
    new Promise(resolve => stream.once('close', resolve)),
  ]);
  assert.equal(error.code, 'ECONNRESET');
});
