/** Texts made by grammar from a seed: the same seed gives the same text. */
export class Generator {
  constructor(private seed: number) {}

  /** A whole number below `below` (mulberry32). */
  number(below: number): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.number(items.length)]!;
  }

  some(most: number, make: () => string): string {
    return Array.from({ length: this.number(most + 1) }, make).join('');
  }

  /** A damaged or odd aliases file. */
  aliases(): string {
    return this.some(9, () => this.aliasLine() + this.pick(['\n', '\n', '\n', '\r\n']));
  }

  private aliasLine(): string {
    const name = () => this.pick(names);
    const target = () => name() + this.pick(domains) + this.pick(tails);
    const list = () => target() + this.some(2, () => this.pick([', ', ',', ' , ', ',,', '; ', ' ']) + target());
    return this.pick([
      () => `# ${name()}`,
      () => '',
      () => name(),
      () => `${name()}: | ${this.pick(['cat', '', 'cat -n a:b, c # x', '"a b"', 'rel/path'])}`,
      () => `${name()}:`,
      () => `: ${target()}`,
      () => `${name()}@d: ${target()}`,
      () => `\u00a0${name()}\u3000:\u0085${target()}\u2028`,
      () => `\ufeff${name()}: ${target()}`,
      () => `; ${list()}`,
      () => `${name()} = ${target()}`,
      () => `${name()}${this.pick([':', ' : ', ': ', ':\t', '::'])}${list()}`,
      () => `${name()}: ${list()}`,
      () => `${name()}: ${list()}`,
    ])();
  }

  /** An aliases file that every version takes, with chains, circles and catch-alls. */
  soundAliases(): string {
    const targets = ['a', 'b', 'c', 'u', '*@e', 'a@e', 'b@d', 'c@x.org', 'a+s', '| cat', 'é', 'a, b', 'c, u@d, x@y'];
    return this.some(
      9,
      () => `${this.pick(['a', 'b', 'c', '*', 'a.b', 'a+s', 'u', 'é', 'A'])}: ${this.pick(targets)}\n`,
    );
  }

  /** Lines in the usual spelling, and such as are nearly so. */
  nearlyPlain(): string {
    const address = () => this.pick(plainNames) + this.pick(plainDomains);
    const list = () => address() + this.some(3, () => this.pick([', ', ',', ' ,\t', ',  ']) + address());
    return this.some(12, () => {
      const right = this.pick([
        list,
        list,
        () =>
          `|${this.pick(['', ' ', ' /', '/'])}bin/${this.pick(plainNames)}${this.pick(['', ' x', '$x', ', a@b', '%', ' '])}`,
      ])();
      return `${this.pick(plainNames)}:${this.pick(['', ' ', '\t', '  '])}${right}${this.pick(['\n', '\n', ' \n', '\r\n', '\r\r\n'])}`;
    });
  }

  /** A users file, nearly always a wrong one. */
  users(): string {
    const colon = () => this.pick([': ', ': ', ':', ' ', '']);
    const end = () => this.pick([' ', ' ', '\n', ', ', '; ', ';;', '']);
    const some = (most: number, make: () => string) => this.some(most, () => make() + end());
    const close = () => this.pick(['}', '}', '}', '}', '>', ']', '']);
    const word = () => this.pick(bytes);
    const member = () => `${this.pick(scryptFields)}: ${this.pick([word, () => this.pick(integers)])()}`;
    const scheme = () =>
      this.pick([
        () => `scrypt${colon()}{ ${some(6, member)}${close()}`,
        () => `plain${colon()}{ password${colon()}${word()} }`,
        () => `denied${colon()}${this.pick(['{}', '<>', 'true'])}`,
        () => this.pick(['scrypt < r: 8 >', 'plain: { pass: "x" }', 'plain { password: "x" password: "y" }']),
        () => this.pick(['bcrypt: {}', '[a.b]: {}', '2: {}']),
      ])();
    const part = () =>
      this.pick([
        () => `key${colon()}${word()}`,
        () => 'key: "u"',
        () => `value${colon()}{ ${scheme()} }`,
        () => `value${colon()}{ ${some(2, scheme)} }`,
        () => this.pick(['Key: "x"', '1: "x"', 'value: 5', 'value: [ {} ]', 'x { y { z: [1, {}] } }']),
      ])();
    const entry = () => `{ ${some(3, part)}${close()}`;
    return some(3, () =>
      this.pick([
        () => `users${colon()}${entry()}`,
        () => `users${colon()}${entry()}`,
        () => `users: [${entry()}${this.pick([', ', '', ' '])}${entry()}${this.pick([']', ']', ',]', ''])}`,
        () => this.pick(['users: "x"', '# c', 'users < key: "a" >', '}', 'users: []', 'users: [[]]', 'user: {}']),
      ])(),
    );
  }

  /** A chasquid.conf, often a wrong one. */
  config(): string {
    const value = () => this.pick([...strings, ...numbers, ...literals]);
    return this.some(5, () => {
      const name = this.pick([...fields, ...fields, ...wrongNames]);
      const colon = this.pick([': ', ': ', ':', ' : ', ':\n', ' ', '=', ' # c\n: ']);
      const given = this.pick([
        value,
        value,
        () => `[${value()}, ${value()}]`,
        () => '[]',
        () => `[${value()}`,
        () => '{ }',
      ])();
      return `${name}${colon}${given}${this.pick(['\n', '\n', '\n', ' ', ', ', '; ', ';;', '\r\n', ''])}`;
    });
  }
}

const names = [
  'a',
  'b',
  'c',
  'A',
  'a.b',
  'a+s',
  'a.b+s.t',
  '*',
  'u',
  'é',
  'א',
  '\u200b',
  'x y',
  '"q"',
  '*.',
  '**',
  '+s',
  // What folding, bidirectional and contextual rules are about.
  ...[
    'ß',
    'İ',
    'ς',
    'Ａ',
    'e\u0301',
    '가',
    'K',
    'ǅ',
    '1א',
    'א1',
    '٣',
    'l·l',
    'a·b',
    'क्\u200dष',
    '\u0375α',
    'ア・',
    '€',
    '😀',
  ],
  ...['\x00', '\ufffd', '\u{10ffff}', '\u00ad', '\u0085x', 'Ა', 'ꭰ'],
];
const plainNames = ['a', 'b', 'c', 'u', 'a.b', 'a.b.c', 'x-y', 'a+s', 'f_g', '...', '+', '-', 'a--b', '*', 'A', ''];
const plainDomains = [
  ...['', '', '', '@d', '@e', '@x.org', '@xn--a.org', '@a--b.org', '@x..y', '@y', '@-.z', '@x_y.z', '@x.', '@.x', '@'],
  ...[`@${'l'.repeat(63)}.org`, `@${'l'.repeat(64)}.org`, `@org.${'l'.repeat(64)}`, '@a@b.c'],
];
const domains = [
  '',
  '',
  '@d',
  '@e',
  '@x.org',
  '@xn--aca-6ma.com',
  '@ñaca.com',
  '@xn--0000',
  '@x y',
  '@',
  '@d@e',
  '@E.',
  ...['@XN--ACA-6MA.com', '@faß.de', '@xn--fa-hia.de', '@xn--e1afmkfd', '@İ.com', '@Σ.com', '@xn--4xa', '@a\u00adb.c'],
];
const tails = ['', '', '', '', ' via m1', ' via m1/m2', ' via m1/', ' VIA x', ' # c', ' via m1:25', ' <a@b>', ' via'];
const strings = [
  '"a"',
  "'b'",
  '"a" "b"',
  '"\\x41\\101\\u00e9"',
  '"\\777"',
  '"\\q"',
  '"\\u12"',
  '"abc',
  '""',
  '"systemd"',
  '":25"',
  ...[
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\U00110000"',
    '"\\400"',
    '"\\x"',
    '"\\xff"',
    '"\\xc3\\xa9"',
    '"\u0080"',
    "'a\"b'",
  ],
  ...['"a" # c\n "b"', '"2h"', '"1h30m"', '"2d"', '".5h"', '"1µs"', '"-5s"', '"a""b"', '"a"x', "'abc", '"\\'],
];
const numbers = ['1', '0', '-1', '010', '08', '0x10', '0x', '5.', '1e5', '5f', '1f', '50MB', '9223372036854775808'];
const literals = [
  'nan',
  '-inf',
  '-true',
  'a-b',
  '[[1]]',
  '{ a: 1 }',
  '\u00a0',
  'true',
  'True',
  't',
  'false',
  'TRUE',
  'yes',
  'localhost',
  'mx.example.com',
  '<syslog>',
  'é',
  '//x',
];
const bytes = ['"a"', "'b'", '"x" "y"', '"\\001\\xff\\303"', '""', '"é"', '5', 'true', '"abc', '"\\q"', '[]', '{}'];
const integers = ['14', '8', '0x10', '010', '-1', '"8"', '4294967296', '2147483648', '99999999999999999999', '8.0'];
const scryptFields = ['logN', 'r', 'p', 'keyLen', 'salt', 'encrypted', 'logn'];
const fields = (
  'hostname max_data_size_mb smtp_address submission_address monitoring_address mail_delivery_agent_bin ' +
  'mail_delivery_agent_args data_dir suffix_separators drop_characters mail_log_path dovecot_auth haproxy_incoming'
).split(' ');
const wrongNames = [
  'hostnam',
  '1',
  '[a.b]',
  'h-x',
  '"hostname"',
  'max_queue_items',
  '}',
  ';',
  '[a..b]',
  '[',
  '\ufeffhostname',
  'é',
  '99999999999',
  '//',
];
