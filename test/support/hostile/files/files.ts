import type { FileAct } from '../acts/files';
import { Generator } from '../../generate';
import type { Trial } from '../run';
import { hostileText, noise } from '../texts';

/** How one file may be like none that a user wrote. `make` makes a text of that kind. */
const ways: Record<string, (write: (make: Generator) => string, make: Generator) => string | Buffer> = {
  'made by grammar': (write, make) => write(make),
  'with octets changed here and there': (write, make) => {
    const octets = Buffer.from(write(make));
    for (let count = make.number(20); count > 0 && octets.length > 0; count--)
      octets[make.number(octets.length)] = make.number(256);
    return octets;
  },
  'put together of many': (write, make) => Array.from({ length: 3000 }, () => write(make)).join('\n'),
  'one line of 10 MB': (_write, make) =>
    make
      .pick(['a', ' ', 'a: b, ', '"', '#', '{', '\\', 'a:', ',', '| a ', '\u00a0'])
      .repeat(10_000_000)
      .slice(0, 10_000_000),
  '100,000 lines': (write, make) => {
    const line = make.pick<(at: number) => string>([at => `n${at}: b`, () => '', () => '# c', () => 'hostname: "x"']);
    return `${write(make)}\n${Array.from({ length: 100_000 }, (_, at) => line(at)).join('\n')}`;
  },
  '20,000 lines with something wrong': (write, make) =>
    `${write(make)}\n${make.pick(['a: b\n', 'x\n', '}\n', 'a: a, b, c\n', ': b\n', 'users {\n', 'users: {}\n']).repeat(20_000)}`,
  'nested without end': (_write, make) =>
    make.pick(['users {', 'users: { key: "a" value: {', '[', '{<[', 'x < ', '(']).repeat(200_000),
  'numbers without end': (write, make) =>
    `${write(make)}\nmax_data_size_mb: ${'9'.repeat(500_000)}\nlogN: ${'0x' + 'f'.repeat(100_000)}`,
  'names without end': (write, make) =>
    `${write(make)}\n${'n'.repeat(1_000_000)}: ${'v'.repeat(1_000_000)}@${'d.'.repeat(100_000)}\n`,
  'NULs and what is not seen': (write, make) =>
    `${write(make)}\0${hostileText(make)}\u202e\ufeff${write(make)}`.repeat(50),
  'any text': (_write, make) =>
    Array.from({ length: 300 }, () => `${hostileText(make, 300)}${make.pick([': ', '\n', ' '])}`).join(''),
  noise: (_write, make) => noise(make, 500_000),
};

const kinds: Record<FileAct, (make: Generator) => string> = {
  aliases: make => (make.number(2) ? make.aliases() : make.soundAliases()),
  conf: make => make.config(),
  users: make => make.users(),
};

export const fileTrials: Trial[] = Object.entries(ways).flatMap(([name, way]) =>
  (Object.keys(kinds) as FileAct[]).map(act => trial(name, act, make => way(kinds[act], make))),
);

export const honestFiles: Trial[] = (Object.keys(kinds) as FileAct[]).map(act =>
  trial('nothing', act, () => Array.from({ length: 200 }, (_, seed) => kinds[act](new Generator(seed))).join('\n')),
);

function trial(name: string, act: FileAct, write: (make: Generator) => string | Buffer): Trial {
  return {
    name,
    act,
    quiet: false,
    start: make =>
      Promise.resolve({
        asked: { port: 0, text: Buffer.from(write(make) as string).toString('base64') },
        visited: () => true,
        stop: () => Promise.resolve(),
      }),
  };
}
