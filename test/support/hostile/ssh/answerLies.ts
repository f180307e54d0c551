import { share } from '../../deep';
import type { Generator } from '../../generate';
import { hostileOctets, hostileText, noise } from '../texts';
import { type Answer, encoded, journalLine, line } from './answers';
import { hostileArchive } from './archives';
import { honestly } from './exchange';
import type { SshLie } from './server';

const scripts = [
  'facts',
  'status',
  'tree',
  'queue',
  'trace',
  'file',
  'write',
  'sender',
  'domain',
  'plan',
  'apply',
] as const;

/** Lies within answers that are otherwise as they should be. */
export const answerLies: SshLie[] = [
  lying('nothing', () => ({ lines: [] })),
  lying('a part of the answer', (answer, make) => ({ lines: answer.lines.slice(0, make.number(answer.lines.length)) })),
  lying('what is no JSON', (answer, make) => ({
    lines: [
      ...answer.lines,
      make.pick([hostileText(make).replaceAll('\n', ' '), '{', '{"kind":', 'NaN', "{'kind':'os'}", '\0']),
    ],
  })),
  lying('JSON of any kind', (answer, make) => ({ lines: answer.lines.map(() => anyJson(make)) })),
  lying('JSON nested too deeply', (_answer, make) => {
    const depth = make.pick([1000, 100_000, 2_000_000]);
    return { lines: ['['.repeat(depth) + ']'.repeat(depth)] };
  }),
  lying('fields of any type', (answer, make) => ({
    lines: answer.lines.map(each =>
      Object.fromEntries(
        Object.entries(each as object).map(([name, value]) => [
          name,
          make.number(3) ? anyValue(make) : (value as unknown),
        ]),
      ),
    ),
  })),
  lying('fields of any text', (answer, make) => ({
    lines: answer.lines.map(each =>
      'kind' in (each as object) && make.number(2) ? { ...(each as object), data: encoded(hostileOctets(make)) } : each,
    ),
  })),
  lying('values of any text', (answer, make) => ({ lines: answer.lines.map(each => changedValues(each, make)) })),
  lying('a text of 8 MB', (answer, make) => {
    const at = make.number(answer.lines.length);
    const unit = make.pick([
      'x',
      'a=b\n',
      '\n',
      '\0',
      '{',
      'domains/a\0',
      ' ',
      'address=1.1.1.1\n',
      "find: 'x': Permission denied\n",
      '"',
    ]);
    return {
      lines: answer.lines.map((each, index) =>
        index === at ? { ...(each as object), data: encoded(unit.repeat(8_000_000 / unit.length)) } : each,
      ),
    };
  }),
  lying('a number of 8 MB', answer => ({ lines: [...answer.lines, `{"kind":"x","n":${'9'.repeat(8_000_000)}}`] })),
  lying('100,000 lines of each kind', (answer, make) => {
    const each = make.pick(answer.lines);
    return { lines: [...answer.lines, ...Array.from({ length: 100_000 }, () => each)] };
  }),
  lying('the same output, of any text', (answer, make) => ({
    ...answer,
    lines: make.number(2) ? [] : answer.lines,
    output: Buffer.concat(Array.from({ length: 20 }, () => Buffer.concat([hostileOctets(make), Buffer.from('\n')]))),
    code: make.number(256),
  })),
  lying('output of 8 MB on one line', answer => ({
    ...answer,
    output: Buffer.alloc(8_000_000, 'E: Unable to locate package x '),
    code: 100,
    lines: [],
  })),
  {
    name: 'an archive of any kind',
    acts: ['facts', 'tree'],
    command: async (exchange, make) => {
      const files = encoded(await hostileArchive(make));
      return honestly(exchange, answer => ({
        ...answer,
        lines: answer.lines.map(each =>
          (each as { kind?: string }).kind === 'files' ? { ...(each as object), data: files } : each,
        ),
      }));
    },
  },
  {
    name: 'journals of any kind',
    acts: ['status', 'trace'],
    command: async (exchange, make) => {
      const journal = encoded(Array.from({ length: make.pick([10, 2000]) }, () => hostileJournalLine(make)).join('\n'));
      return honestly(exchange, answer => ({
        ...answer,
        lines: answer.lines.map(each =>
          ['journal', 'trace'].includes((each as { kind: string }).kind)
            ? { ...(each as object), data: journal }
            : each,
        ),
      }));
    },
  },
  {
    name: 'queue items of any kind',
    acts: ['queue'],
    command: (exchange, make) =>
      honestly(exchange, answer => ({
        ...answer,
        lines: [
          ...Array.from({ length: make.pick([3, share(20_000, 2000)]) }, () =>
            line('item', hostileItem(make), hostileText(make, 100)),
          ),
          line('count', make.pick(['x', '-1', '1e999', '5'])),
        ],
      })),
  },
  {
    name: 'an end in the middle of the answer',
    acts: scripts,
    command: async (exchange, make) => {
      if (!exchange.mark) return honestly(exchange);
      exchange.begin();
      exchange.say('{"kind":"os","name":"","data":"SUQ9');
      if (make.number(2)) exchange.channel.close();
      else exchange.connection.end();
    },
  },
  {
    name: 'silence in the middle of the answer',
    acts: scripts,
    quiet: true,
    command: async exchange => {
      exchange.begin();
      if (exchange.mark) exchange.say('{"kind":"os","name":"","data":"SUQ9');
    },
  },
  {
    name: 'another is always at work',
    acts: ['apply'],
    quiet: true,
    command: (exchange, make) =>
      honestly(exchange, answer =>
        (answer.lines[0] as { log?: string } | undefined)?.log
          ? { ...answer, lines: [{ waitedFor: hostileText(make) }] }
          : answer,
      ),
  },
];

function lying(name: string, change: (answer: Answer, make: Generator) => Partial<Answer>): SshLie {
  return {
    name,
    acts: scripts,
    command: (exchange, make) => honestly(exchange, answer => ({ ...answer, ...change(answer, make) })),
  };
}

function anyValue(make: Generator): unknown {
  return make.pick<() => unknown>([
    () => make.number(100),
    () => -1,
    () => 1e308,
    () => null,
    () => true,
    () => [],
    () => [1, 2, 300, -1],
    () => ({ length: 1e9 }),
    () => ({ type: 'Buffer', data: [1, 2] }),
    () => ({ __proto__: null, toString: 'x' }),
    () => hostileText(make, 200),
    () => '',
  ])();
}

function anyJson(make: Generator): object | string {
  return make.pick<() => object | string>([
    () => 'null',
    () => '5',
    () => '"text"',
    () => [],
    () => ({}),
    () => '{"__proto__":{"kind":"os"},"constructor":1}',
    () => ({ kind: anyValue(make), name: anyValue(make), data: anyValue(make) }),
    () => ({ kind: 'os', data: 5 }),
    () => ({ step: 'packages', state: anyValue(make) }),
    () => ({
      step: 'packages',
      state: 'needed',
      problems: anyValue(make),
      facts: anyValue(make),
      diff: anyValue(make),
    }),
    () => ({ log: anyValue(make), waitedFor: anyValue(make) }),
    () => ({ failure: anyValue(make), backup: anyValue(make) }),
    () => ({ did: anyValue(make) }),
  ])();
}

/** `name=value` lines keep their names; other texts become any. */
function changedValues(each: object | string, make: Generator): object | string {
  if (typeof each === 'string') return hostileText(make);
  const { data } = each as { data?: unknown };
  if (typeof data !== 'string')
    return Object.fromEntries(
      Object.entries(each).map(([name, value]) => [
        name,
        typeof value === 'string' && name !== 'step' ? hostileText(make) : (value as unknown),
      ]),
    );
  const text = Buffer.from(data, 'base64').toString('latin1');
  const changed = text.includes('=')
    ? text.replace(/=.*/g, () => (make.number(3) ? `=${hostileText(make, 500).replaceAll('\n', ' ')}` : '=-1e999'))
    : hostileText(make);
  return { ...each, data: encoded(changed) };
}

export function hostileJournalLine(make: Generator): string {
  return make.pick<() => string>([
    () => journalLine(hostileText(make, 5000), make.number(1e9)),
    () => journalLine(`abcdefghijk ${hostileText(make, 500)} from=a@b to=c@d`, make.number(1e9)),
    () => journalLine(`Courier.SMTP ${hostileText(make, 300)}: ${hostileText(make, 300)}`, make.number(1e9)),
    () => journalLine(`SMTP.Conn 1.2.3.4:5: auth succeeded for ${hostileText(make, 300)}`, make.number(1e9)),
    () => journalLine([...noise(make, 1000)]),
    () => journalLine([[['x']], null, { a: 1 }]),
    () => journalLine({}),
    () => journalLine('x', 1, { PRIORITY: hostileText(make, 20), _COMM: ['systemd'] }),
    () => journalLine('x', 1, { __REALTIME_TIMESTAMP: make.pick(['9'.repeat(400), '-1', '1e400', 'x']) }),
    () => '{"MESSAGE":'.repeat(200),
    () => hostileText(make, 500).replaceAll('\n', ' '),
    () => `{${'"a":1,'.repeat(500)}}`,
    () => journalLine(`x${' '.repeat(make.number(20_000))}y: ${'a,'.repeat(make.number(5000))}`),
  ])();
}

function hostileItem(make: Generator): Buffer {
  return Buffer.from(
    make.pick([
      '',
      'ID: "x"\n'.repeat(500),
      `ID: "${'a'.repeat(make.number(10_000))}"\n`,
      'rcpt { '.repeat(1000),
      'rcpt < via: [ '.repeat(500),
      `ID: "abcdefghijk" To: "${hostileText(make, 200)}" created_at_ts { seconds: 99999999999999999999 nanos: -1 }`,
      'ID: "abcdefghijk" created_at_ts { seconds: 9223372036854775807 }',
      hostileText(make, 2000),
    ]),
  );
}
