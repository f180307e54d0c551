import { share } from '../../deep';
import { hostileText } from '../texts';
import { journalLine } from './answers';
import { hostileJournalLine } from './answerLies';
import type { Exchange } from './exchange';
import { honestly } from './exchange';
import type { SshLie } from './server';

const mb = 1_000_000;
const most = share(300, 60) * mb;

/** Lies in a log that is followed. */
export const logLies: SshLie[] = [
  following('a million lines', async exchange => {
    let at = 0;
    const piece = () =>
      Buffer.from(
        Array.from({ length: 500 }, () =>
          journalLine(`${++at} a line as it is in a log of mail, of a usual length`, at),
        ).join('\n') + '\n',
      );
    await exchange.flood(piece, most, 'stderr');
  }),
  following('a line without end', exchange => exchange.flood(() => Buffer.alloc(32_768, 'x'), most, 'stderr')),
  following('an entry without end', async exchange => {
    exchange.complain('{"MESSAGE":"');
    await exchange.flood(() => Buffer.alloc(32_768, 'x'), most, 'stderr');
  }),
  following('entries of 4 MB', async exchange => {
    const piece = Buffer.from(`${journalLine('x'.repeat(4 * mb))}\n`);
    await exchange.flood(() => piece, most, 'stderr');
  }),
  following('entries of any kind', async (exchange, make) => {
    for (let count = 0; count < 2000; count++) exchange.complain(`${hostileJournalLine(make)}\n`);
  }),
  following('a start of any text', async (exchange, make) => {
    for (let count = 0; count < 200; count++) exchange.complain(`start ${hostileText(make).replaceAll('\n', ' ')}\n`);
    exchange.complain(`start ${'s'.repeat(5 * mb)}\n`);
  }),
  following('output beside the log without end', exchange =>
    exchange.flood(() => Buffer.alloc(32_768, '{"a":1}\n'), most),
  ),
  following('empty lines without end', exchange => exchange.flood(() => Buffer.alloc(32_768, '\n'), 50 * mb, 'stderr')),
  following('an end with any words', async (exchange, make) => {
    exchange.complain(hostileText(make));
    exchange.end(make.number(256));
  }),
  following('a cut after each line', async exchange => {
    exchange.complain(`start s=0\n${journalLine('x')}\n`);
    setTimeout(() => exchange.connection.end(), 20);
  }),
];

function following(
  name: string,
  lie: (exchange: Exchange, make: Parameters<NonNullable<SshLie['command']>>[1]) => Promise<void>,
): SshLie {
  return {
    name,
    acts: ['logs'],
    command: async (exchange, make) => {
      if (!exchange.mark || (await exchange.question()) !== 'logs') return honestly(exchange);
      exchange.begin();
      exchange.complain('start s=0;i=0\n');
      await lie(exchange, make);
    },
  };
}
