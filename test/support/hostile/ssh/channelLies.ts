import { share } from '../../deep';
import { hostileOctets, hostileText, noise } from '../texts';
import { honestly } from './exchange';
import { again } from './loginLies';
import { kind, message, sendPacket } from './raw';
import type { SshLie } from './server';

const mb = 1_000_000;
/** Far above every limit of what is read. */
const most = share(300, 80) * mb;
const asksAll = ['facts', 'status', 'plan'] as const;

/** Lies about channels and the commands on them. */
export const channelLies: SshLie[] = [
  { name: 'a channel that is never opened', quiet: true, acts: ['connect', 'names'], channel: () => undefined },
  {
    name: 'a channel that is refused',
    acts: ['connect', 'names'],
    channel: (_accept, _reject, make, connection) => {
      const [reason, words] = [make.pick([1, 2, 3, 4, 99, 0xffffffff]), hostileOctets(make)];
      for (let id = 0; id < 4; id++) sendPacket(connection, message(kind.channelOpenFailure, id, reason, words, 'en'));
    },
  },
  { name: 'a command that never starts', quiet: true, start: () => undefined },
  { name: 'a command that is refused', start: (_accept, reject) => reject() },
  { name: 'a command that never answers', quiet: true, acts: ['connect', 'names'], command: () => Promise.resolve() },
  { name: 'an end without a status', command: async exchange => exchange.channel.close() },
  {
    name: 'any status',
    command: async (exchange, make) => exchange.end(make.pick([1, 126, 127, 255, 0x7fffffff, 0xffffffff])),
  },
  {
    name: 'two ends',
    command: async exchange => {
      exchange.end(0);
      exchange.channel.exit(3);
      exchange.channel.close();
    },
  },
  {
    name: 'a signal of any name',
    command: async (exchange, make) => {
      exchange.begin();
      const name = make.pick(['TERM', hostileText(make), '']);
      for (let id = 0; id < 3; id++)
        sendPacket(
          exchange.connection,
          message(kind.channelRequest, id, 'exit-signal', false, name, true, hostileOctets(make), ''),
        );
      exchange.channel.close();
    },
  },
  {
    name: 'output of any text instead of a shell',
    acts: ['connect', 'names'],
    command: async (exchange, make) => {
      exchange.say(hostileOctets(make));
      exchange.complain(hostileOctets(make));
      exchange.end(1);
    },
  },
  {
    name: 'a line without end before the answer',
    acts: ['connect', 'names'],
    command: exchange => exchange.flood(() => Buffer.alloc(32_768, 'x'), most),
  },
  {
    name: 'complaints without end before the answer',
    command: exchange => exchange.flood(() => Buffer.alloc(32_768, 'x'), most, 'stderr'),
  },
  {
    name: 'a line without end as the answer',
    acts: asksAll,
    command: async exchange => {
      exchange.begin();
      if (!exchange.mark) return honestly(exchange);
      await exchange.flood(() => Buffer.alloc(32_768, 'x'), most);
    },
  },
  {
    name: 'complaints without end as the answer',
    acts: [...asksAll, 'apply', 'logs'],
    command: async (exchange, make) => {
      if (!exchange.mark || (await exchange.question()) === 'facts') return honestly(exchange);
      exchange.begin();
      const piece = Buffer.from(`${hostileText(make, 200)}\n`.repeat(100));
      await exchange.flood(() => piece, most, 'stderr');
    },
  },
  {
    name: 'lines without end as the answer',
    acts: asksAll,
    command: async exchange => {
      exchange.begin();
      if (!exchange.mark) return honestly(exchange);
      const piece = Buffer.from('{"kind":"os","name":"","data":""}\n'.repeat(1000));
      await exchange.flood(() => piece, most);
    },
  },
  {
    name: 'marks of others',
    acts: ['connect', 'names'],
    command: async (exchange, make) => {
      const pid = make.pick(['1; rm -rf /', '-1', '', 'x'.repeat(mb), '\0', '4243\r']);
      exchange.complain(`${exchange.command.slice(0, 60)} ${pid}\n`);
      exchange.say(`mark-000000000000000000000000 ${pid}\n`);
      if (exchange.mark) exchange.say(`${exchange.mark} ${pid}\n`);
      await exchange.script();
      exchange.say('\n0123456789abcdef 1 begin 1\n\n0123456789abcdef 1 end 0\n');
      exchange.end(0);
    },
  },
  { name: 'a window of nothing', quiet: true, window: { window: 0, packetSize: 32_768 } },
  { name: 'packets of one octet', acts: ['connect', 'write'], window: { window: 2 ** 31, packetSize: 1 } },
  { name: 'packets of nothing', window: { window: 2 ** 31, packetSize: 0 }, quiet: true },
  { name: 'windows without bounds', acts: ['write'], window: { window: 0xffffffff, packetSize: 0xffffffff } },
  {
    name: 'a window that opens octet by octet',
    quiet: true,
    acts: ['connect', 'write'],
    window: { window: 1, packetSize: 32_768 },
    ready: connection =>
      again(connection, 1, () => {
        for (let id = 0; id < 4; id++) sendPacket(connection, message(kind.windowAdjust, id, 1));
      }),
  },
  {
    name: 'words for channels that do not exist',
    ready: (connection, make) => {
      for (let count = 0; count < 500; count++) {
        const type = make.pick([
          kind.windowAdjust,
          kind.channelData,
          kind.extendedData,
          kind.channelEof,
          kind.channelClose,
          kind.channelRequest,
          kind.channelSuccess,
        ]);
        sendPacket(
          connection,
          message(type, make.pick([0, 1, 2, 77, 0xffffffff]), make.number(5), noise(make, make.number(100))),
        );
      }
    },
  },
  {
    name: 'data of unknown kinds and after the end',
    command: async (exchange, make) => {
      exchange.begin();
      for (const id of [0, 1, 2]) {
        sendPacket(exchange.connection, message(kind.extendedData, id, 77, noise(make, 100)));
        sendPacket(exchange.connection, message(kind.channelEof, id));
        sendPacket(exchange.connection, message(kind.channelData, id, noise(make, 100)));
        sendPacket(exchange.connection, message(kind.windowAdjust, id, 0xffffffff));
        sendPacket(exchange.connection, message(kind.windowAdjust, id, 0xffffffff));
      }
      exchange.end(0);
    },
  },
  {
    name: 'requests without end',
    ready: (connection, make) => {
      const request = make.pick(['keepalive@openssh.com', 'hostkeys-00@openssh.com', hostileText(make, 100)]);
      for (let count = 0; count < share(20_000, 3000); count++)
        sendPacket(connection, message(kind.globalRequest, request, true, noise(make, 8)));
    },
  },
  {
    name: 'channels that the server opens',
    ready: (connection, make) => {
      for (let count = 0; count < share(5000, 2000); count++)
        sendPacket(
          connection,
          message(
            kind.channelOpen,
            make.pick(['x11', 'auth-agent@openssh.com', 'forwarded-tcpip', 'session', hostileText(make, 100)]),
            count,
            0xffffffff,
            32_768,
            'x',
            1,
            'y',
            2,
          ),
        );
    },
  },
  {
    name: 'keys exchanged anew, again and again',
    ready: connection => {
      let count = 0;
      const next = (): void => {
        if (count++ < 20) connection.rekey(next);
      };
      next();
    },
  },
  {
    name: 'DISCONNECT in the middle of an answer',
    acts: ['facts', 'names', 'plan', 'logs'],
    command: async (exchange, make) => {
      exchange.begin();
      exchange.say('0\nsudo');
      sendPacket(exchange.connection, message(kind.disconnect, make.number(20), hostileOctets(make), 'en'));
      exchange.connection.end();
    },
  },
];
