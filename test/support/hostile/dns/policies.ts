import { createServer, type Socket } from 'node:net';
import type { Generator } from '../../generate';
import { listen, pump as pumpPieces } from '../loopback';
import type { Liar, Trial } from '../run';
import { hostileText, noise } from '../texts';

/** What a web server may answer to who asks for a policy. */
const lies: Record<string, (socket: Socket, make: Generator) => void> = {
  'a body without end': socket => pump(socket, ok(''), () => Buffer.alloc(65_536, 'x')),
  'a line of the head without end': socket => pump(socket, 'HTTP/1.1 200 OK\r\nX: ', () => Buffer.alloc(65_536, 'x')),
  'lines of the head without end': socket =>
    pump(socket, 'HTTP/1.1 200 OK\r\n', () => Buffer.from('X-A: b\r\n'.repeat(5000))),
  'chunks of any size': (socket, make) =>
    socket.end(`${ok('Transfer-Encoding: chunked\r\n')}${make.pick(['ffffffffffffffff', '-1', 'zz', '5'])}\r\nabc`),
  'a length that is not true': socket => socket.end(`${ok('Content-Length: 99999999999\r\n')}version: STSv1`),
  'another status of any text': (socket, make) =>
    socket.end(
      `HTTP/1.1 ${make.pick([99, 404, 599, 999])} ${hostileText(make, 500).replaceAll(/[\r\n]/g, ' ')}\r\n\r\n`,
    ),
  'a way elsewhere': socket => socket.end('HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n'),
  noise: (socket, make) => socket.end(noise(make, 3000)),
  'a bomb of zeros': socket => socket.end(ok('Content-Encoding: gzip\r\n')),
  'an end at once': socket => socket.end(),
  'a hurried end': socket => void socket.resetAndDestroy(),
  silence: () => undefined,
};

const ok = (more: string): string => `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${more}\r\n`;

export const policyTrials: Trial[] = Object.entries(lies).map(([name, lie]) => ({
  name,
  act: 'policy',
  quiet: name === 'silence',
  start: make => startWeb(socket => lie(socket, make)),
}));

/** The second is no honest one: what reports a bad answer is loaded by the first that comes. */
export const honestPolicies: Trial[] = [
  (socket: Socket) => void socket.end(`${ok('Content-Length: 14\r\n')}version: STSv1`),
  (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\n'.padEnd(40_000, 'X: y\r\n')),
].map(answer => ({ name: 'nothing', act: 'policy', quiet: false, start: () => startWeb(answer) }));

async function startWeb(lie: (socket: Socket) => void): Promise<Liar> {
  let visits = 0;
  const server = createServer(socket => {
    socket.once('data', () => {
      visits++;
      lie(socket);
    });
  });
  const { port, close } = await listen(server);
  return { asked: { port }, visited: () => visits > 0, stop: close };
}

function pump(socket: Socket, head: string, piece: () => Buffer): void {
  socket.write(head);
  pumpPieces(socket, piece);
}
