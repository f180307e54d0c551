/**
 * Reads the files which chasquid keeps in protobuf text format (users, queue items) without their schema, as a tree that
 * knows where in the file each field stands, so that one entry can be changed and every other byte kept.
 * Grammar: protobuf-go `internal/encoding/text` (the same in chasquid 1.11 … 1.18).
 */
export interface ProtoField {
  name: string;
  value: ProtoValue;
  /** Byte offsets of the whole field, its separator included. For an element of a list: of the element. */
  start: number;
  end: number;
  inList: boolean;
}

export type ProtoValue =
  | { kind: 'message'; fields: ProtoField[] }
  | { kind: 'string'; bytes: Buffer }
  /** A number or an identifier, as written. */
  | { kind: 'scalar'; text: string };

export class ProtoSyntaxError extends Error {
  override name = 'ProtoSyntaxError';
  constructor(
    readonly line: number,
    expected: string,
  ) {
    super(`line ${line}: expected ${expected}`);
  }
}

const blank = /[ \n\r\t]*(?:#[^\n]*\n?[ \n\r\t]*)*/y;
const identifier = /[A-Za-z_][A-Za-z0-9_]*/y;
const scalar = /-?[ \t]*[A-Za-z0-9_.+-]+/y;
const string = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y;

/** @throws ProtoSyntaxError naming the line. */
export function parseProto(bytes: Uint8Array): ProtoField[] {
  const text = Buffer.from(bytes).toString('latin1');
  let at = 0;

  const fail = (expected: string): never => {
    throw new ProtoSyntaxError(text.slice(0, at).split('\n').length, expected);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const skip = () => take(blank);
  const eat = (character: string) => text[at] === character && ++at > 0;

  function message(close: string): ProtoField[] {
    const fields: ProtoField[] = [];
    for (;;) {
      skip();
      if (close ? eat(close) : at === text.length) return fields;
      fields.push(...field());
    }
  }

  function field(): ProtoField[] {
    const start = at;
    const name = take(identifier) ?? fail('a field name');
    skip();
    const colon = eat(':');
    skip();
    const values = text[at] === '[' ? list() : [{ value: value(colon), start, end: 0, inList: false }];
    const end = at;
    skip();
    const separated = eat(',') || eat(';');
    const whole = separated ? at : ((at = end), end);
    return values.map(v => ({ ...v, name, end: v.inList ? v.end : whole }));
  }

  function list() {
    const values: Omit<ProtoField, 'name'>[] = [];
    at += 1;
    skip();
    if (eat(']')) return values;
    for (;;) {
      skip();
      const start = at;
      values.push({ value: value(true), start, end: at, inList: true });
      skip();
      if (eat(']')) return values;
      if (!eat(',')) fail('a comma or the end of the list');
    }
  }

  function value(scalars: boolean): ProtoValue {
    if (eat('{')) return { kind: 'message', fields: message('}') };
    if (eat('<')) return { kind: 'message', fields: message('>') };
    if (!scalars) fail('a colon');
    const parts: Buffer[] = [];
    let end = at;
    for (let part = take(string); part !== undefined; part = take(string)) {
      parts.push(unescape(part.slice(1, -1)));
      end = at;
      skip();
    }
    if (parts.length) {
      at = end;
      return { kind: 'string', bytes: Buffer.concat(parts) };
    }
    return { kind: 'scalar', text: take(scalar) ?? fail('a value') };
  }

  return message('');
}

const escapes: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The bytes of a string literal's inside; `latin1` holds one byte per character. */
function unescape(latin1: string): Buffer {
  const parts = latin1.split(/(\\(?:[0-7]{1,3}|[xX][0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\n]))/);
  return Buffer.concat(
    parts.map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part, 'latin1');
      const kind = part[1]!;
      if (/[0-7]/.test(kind)) return Buffer.from([parseInt(part.slice(1), 8) & 0xff]);
      if (/x/i.test(kind) && part.length > 2) return Buffer.from([parseInt(part.slice(2), 16)]);
      if (/u/i.test(kind) && part.length > 2)
        return Buffer.from(String.fromCodePoint(parseInt(part.slice(2), 16) % 0x110000));
      return Buffer.from(escapes[kind] ?? kind, 'latin1');
    }),
  );
}

/** A double-quoted literal for `bytes`: printable ASCII as it is, every other byte as a three-digit octal escape. */
export function protoString(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') text += `\\${char}`;
    else if (byte >= 0x20 && byte < 0x7f) text += char;
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${text}"`;
}

/** The last field of that name (where a singular field is repeated, protobuf keeps the last). */
export function lastValue(fields: ProtoField[], name: string): ProtoValue | undefined {
  return fields.findLast(field => field.name === name)?.value;
}
