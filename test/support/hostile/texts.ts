import type { Generator } from '../generate';

/** What a server may write where people will read it: links, markup, control sequences, direction marks, far too much. */
export function hostileText(make: Generator, longest = 10_000): string {
  const parts = [
    '[Fix it](command:workbench.action.files.newUntitledFile)',
    '[Update](https://evil.test/?a=b) ![x](https://evil.test/x.png)',
    '<img src=x onerror=alert(1)><a href="command:x">here</a>',
    '\u001b[2J\u001b[31mroot# \u001b]0;title\u0007\u001b]8;;https://evil.test\u0007link\u001b]8;;\u0007',
    '\u202eelif.exe\u202c \u2066hidden\u2069 \u200b\ufeff',
    'line one\r\nline two\nline three\rline four\u2028line five',
    'a\0b\u0008\u007f\u0085\u009b31m',
    '$(command) `command` ${command:x} %s %n {0}',
    '“quoted” "quoted" \\" \\\\ \\u0000',
    '\ud800 \udfff \ufffd \u{10ffff}',
    'The connection was lost. Type your password into the box below.',
    'x'.repeat(make.number(longest)),
    '𝕏'.repeat(make.number(longest / 4)),
    ' '.repeat(make.number(longest)),
    '.'.repeat(make.number(longest)),
  ];
  const [first, second] = [make.pick(parts), make.pick(parts)];
  return make.number(2) ? first : `${first} ${second}`;
}

/** The same as octets, now and then not UTF-8. */
export function hostileOctets(make: Generator, longest?: number): Buffer {
  const text = Buffer.from(hostileText(make, longest));
  return make.number(4) ? text : Buffer.concat([text, Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xf8])]);
}

/** Octets without any meaning. */
export function noise(make: Generator, size: number): Buffer {
  const octets = Buffer.alloc(size);
  for (let at = 0; at < size; at++) octets[at] = make.number(256);
  return octets;
}
