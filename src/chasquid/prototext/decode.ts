import { drain } from '../drain';
import { type Bytes, Lexer, ProtoFailure, type Token, unexpectedEnd } from './lexer';
import { readScalar, type ScalarValue } from './scalar';
import type { FieldType, MessageType } from './schema';

export interface ScalarNode extends Bytes {
  kind: 'scalar';
  form: (Token & { kind: 'scalar' })['form'];
  /** Undefined when the token is not of the field's type. */
  value?: ScalarValue;
  /** The literals of a string. */
  parts?: Bytes[];
}
export interface MessageNode extends Bytes {
  kind: 'message';
  fields: FieldNode[];
}
/** One field as written, with what it was given: one value, or those of a `[…]` list. */
export interface FieldNode extends Bytes {
  name: string;
  nameEnd: number;
  /** Undefined when the message has no such field. */
  type?: FieldType;
  /** The place of `[…]`. */
  list?: Bytes;
  values: (ScalarNode | MessageNode)[];
}

export type ErrorKind = 'syntax' | 'unknown-field' | 'wrong-type' | 'repeated' | 'separator' | 'encoding';

/** What protobuf-go says: `upstream` stands after the position. `end` without a position means the end of the file. */
export interface ProtoError extends Bytes {
  kind: ErrorKind;
  upstream: string;
  syntax: boolean;
  positioned: boolean;
  /** The field concerned. */
  field?: string;
}

export interface Decoded {
  fields: FieldNode[];
  /** In the order of the text; protobuf-go reports only the first. */
  errors: ProtoError[];
}

/**
 * protobuf-go's `prototext.Unmarshal` (v1.28) for the messages chasquid has, keeping what was written where. After an error,
 * where protobuf-go stops, reading goes on at the next line that looks like a field. Never throws.
 */
export function decodeProto(bytes: string, message: MessageType): Decoded {
  return drain(decodingProto(bytes, message));
}

/** The same as a generator that can be left off after every field of the file, and within very large ones. */
export function* decodingProto(bytes: string, message: MessageType): Generator<void, Decoded> {
  const reader = new Reader(bytes);
  const fields: FieldNode[] = [];
  const seen = new Seen();
  for (let start = 0; start !== undefined;) {
    reader.restart(start);
    try {
      while (reader.errors.length <= mostErrors && (yield* reader.topField(message, fields, seen))) yield;
      break;
    } catch (failure) {
      const next = reader.failed(failure);
      if (next === undefined || reader.errors.length > mostErrors) break;
      start = next;
      yield;
    }
  }
  return { fields, errors: reader.errors };
}

/** After so many errors the rest is not read: protobuf-go reads nothing after the first one. */
const mostErrors = 200;

/** Tokens that are skipped between two chances to leave off. */
const skipStride = 256;
/** The same for fields within one. */
const fieldStride = 64;

class Seen {
  readonly names = new Set<string>();
  readonly oneofs = new Set<string>();
}

class Reader {
  readonly errors: ProtoError[] = [];
  private lexer: Lexer;
  /** The name token last read, to know where to go on after an error. */
  private name: Token = { kind: 'end', start: 0, end: 0 };

  constructor(private readonly bytes: string) {
    this.lexer = new Lexer(bytes);
  }

  restart(at: number): void {
    this.lexer = new Lexer(this.bytes, at);
  }

  /** Notes the failure and tells where to go on. */
  failed(failure: unknown): number | undefined {
    if (!(failure instanceof ProtoFailure) && !(failure instanceof Resync)) throw failure;
    let from: number;
    if (failure instanceof ProtoFailure) {
      const at = failure.at;
      if (at === undefined) this.error('syntax', this.name, unexpectedEnd, { positioned: false });
      else
        this.error('syntax', { start: at, end: lexemeEnd(this.bytes, at) }, failure.upstream, {
          syntax: failure.syntax,
        });
      from = at ?? this.lexer.at;
    } else from = failure.at;
    const line = this.bytes.lastIndexOf('\n', from - 1) + 1;
    const after = this.bytes.indexOf('\n', this.name.end);
    const looksLikeField = /^[ \t]*[A-Za-z_]\w*[ \t]*[:{<]/gm;
    looksLikeField.lastIndex = Math.max(
      line,
      after < 0 ? this.bytes.length : after + 1,
      line > this.name.start ? line : 0,
    );
    return looksLikeField.exec(this.bytes)?.index;
  }

  private error(kind: ErrorKind, at: Bytes, upstream: string, more: Partial<ProtoError> = {}): void {
    this.errors.push({ kind, start: at.start, end: at.end, upstream, syntax: false, positioned: true, ...more });
  }

  /** Reads the next field of the file; false at its end. */
  *topField(type: MessageType, fields: FieldNode[], seen: Seen): Generator<void, boolean> {
    const token = this.lexer.read();
    if (token.kind === 'end') return false;
    if (token.kind !== 'name') throw this.unexpected(token);
    yield* this.field(type, token, fields, seen);
    return true;
  }

  private *message(type: MessageType, fields: FieldNode[]): Generator<void, Bytes> {
    const open = this.lexer.read();
    if (open.kind !== '{') throw this.unexpected(open);
    const seen = new Seen();
    for (;;) {
      const token = this.lexer.read();
      if (token.kind === '}') return { start: open.start, end: token.end };
      if (token.kind !== 'name') throw token.kind === 'end' ? new ProtoFailure(unexpectedEnd) : this.unexpected(token);
      yield* this.field(type, token, fields, seen);
      if (fields.length % fieldStride === 0) yield;
    }
  }

  private *field(
    message: MessageType,
    token: Token & { kind: 'name' },
    fields: FieldNode[],
    seen: Seen,
  ): Generator<void> {
    this.name = token;
    const name = this.lexer.raw(token);
    const type = token.form === 'identifier' && Object.hasOwn(message.fields, name) ? message.fields[name] : undefined;
    const node: FieldNode = {
      name,
      start: token.start,
      nameEnd: token.end,
      end: token.end,
      values: [],
      ...(type && { type }),
    };
    fields.push(node);
    if (!type) {
      this.error('unknown-field', token, this.unknown(message, token, name), { field: name });
      yield* this.skipValue(node);
    } else if (type.map) {
      yield* this.map(type, node);
    } else {
      if (typeof type.kind === 'string' && !token.separated) throw this.fail(token, 'missing field separator :');
      if (type.repeated) yield* this.list(type, node);
      else {
        this.once(type, token, name, seen);
        node.values.push(yield* this.value(type, node));
      }
    }
    node.end = node.values.at(-1)?.end ?? node.end;
    if (node.list) node.end = node.list.end;
  }

  private unknown(message: MessageType, token: Token & { kind: 'name' }, name: string): string {
    if (token.form !== 'number') return `unknown field: ${name}`;
    const number = Number(name);
    if (number < 1 || number > 536870911 || (number >= 19000 && number <= 19999))
      return `invalid field number: ${number}`;
    const known = Object.values(message.fields).some(field => field.number === number);
    return known ? `cannot specify field by number: ${name}` : `unknown field: ${name}`;
  }

  private once(type: FieldType, token: Bytes, name: string, seen: Seen): void {
    if (type.oneof && seen.oneofs.has(type.oneof)) {
      this.error('repeated', token, `error parsing "${name}", oneof ${type.oneof} is already set`, { field: name });
    } else if (seen.names.has(name)) {
      this.error('repeated', token, `non-repeated field "${name}" is repeated`, { field: name });
    }
    seen.names.add(name);
    if (type.oneof) seen.oneofs.add(type.oneof);
  }

  private *value(type: FieldType, node: FieldNode): Generator<void, ScalarNode | MessageNode> {
    if (typeof type.kind !== 'string') {
      const fields: FieldNode[] = [];
      return { kind: 'message', fields, ...(yield* this.message(type.kind, fields)) };
    }
    const token = this.lexer.read();
    if (token.kind !== 'scalar') throw this.unexpected(token);
    const { start, end, form, parts } = token;
    const read = readScalar(type.kind, token);
    const scalar: ScalarNode = { kind: 'scalar', form, start, end, ...(parts && { parts }) };
    if (read.value !== undefined) scalar.value = read.value;
    else {
      const upstream = read.error ?? `invalid value for ${type.kind} type: ${this.lexer.raw(token)}`;
      this.error(read.error ? 'encoding' : 'wrong-type', token, upstream, { field: node.name });
      // A value on a later line than its name is in truth the next field: go on there.
      if (this.bytes.slice(node.nameEnd, start).includes('\n')) throw new Resync(start);
    }
    return scalar;
  }

  private *list(type: FieldType, node: FieldNode): Generator<void> {
    const first = this.lexer.peek();
    const scalar = typeof type.kind === 'string';
    if (first.kind === (scalar ? 'scalar' : '{')) {
      node.values.push(yield* this.value(type, node));
      return;
    }
    if (first.kind !== '[') throw this.unexpected(first);
    this.lexer.read();
    for (;;) {
      const token = this.lexer.peek();
      if (token.kind === ']') {
        this.lexer.read();
        node.list = { start: first.start, end: token.end };
        return;
      }
      if (token.kind !== (scalar ? 'scalar' : '{')) throw this.unexpected(token);
      node.values.push(yield* this.value(type, node));
      yield;
    }
  }

  private *map(type: FieldType, node: FieldNode): Generator<void> {
    const first = this.lexer.read();
    if (first.kind === '{') return void node.values.push(yield* this.mapEntry(type, first));
    if (first.kind !== '[') throw this.unexpected(first);
    for (;;) {
      const token = this.lexer.read();
      if (token.kind === ']') {
        node.list = { start: first.start, end: token.end };
        return;
      }
      if (token.kind !== '{') throw this.unexpected(token);
      node.values.push(yield* this.mapEntry(type, token));
      yield;
    }
  }

  /** `{ key: … value: … }`, both optional and once. */
  private *mapEntry(type: FieldType, open: Bytes): Generator<void, MessageNode> {
    const fields: FieldNode[] = [];
    const parts: Record<string, FieldType> = {
      key: { number: 1, kind: 'string' },
      value: { number: 2, kind: type.kind },
    };
    const seen = new Set<string>();
    for (;;) {
      const token = this.lexer.read();
      if (token.kind === '}') return { kind: 'message', fields, start: open.start, end: token.end };
      if (token.kind !== 'name') throw this.unexpected(token);
      this.name = token;
      const name = this.lexer.raw(token);
      const part = token.form === 'identifier' && Object.hasOwn(parts, name) ? parts[name] : undefined;
      const node: FieldNode = {
        name,
        start: token.start,
        nameEnd: token.end,
        end: token.end,
        values: [],
        ...(part && { type: part }),
      };
      fields.push(node);
      if (!part) {
        this.error('unknown-field', token, `unknown map entry field ${JSON.stringify(name)}`, { field: name });
        yield* this.skipValue(node);
        if (fields.length % fieldStride === 0) yield;
        continue;
      }
      if (typeof part.kind === 'string' && !token.separated) throw this.fail(token, 'missing field separator :');
      if (seen.has(name)) this.error('repeated', token, `map entry "${name}" cannot be repeated`, { field: name });
      seen.add(name);
      node.values.push(yield* this.value(part, node));
      if (fields.length % fieldStride === 0) yield;
      node.end = node.values[0]!.end;
    }
  }

  /** Reads over the value of a field that is unknown. */
  private *skipValue(node: FieldNode): Generator<void> {
    for (let depth = 0, count = 1; ; count++) {
      if (count % skipStride === 0) yield;
      const token = this.lexer.read();
      if (token.kind === '{' || token.kind === '[') depth++;
      else if (token.kind === '}' || token.kind === ']') depth--;
      else if (token.kind === 'end') return;
      node.end = token.end;
      if (depth === 0) return;
    }
  }

  private unexpected(token: Token): ProtoFailure {
    return this.fail(token, `unexpected token: ${this.lexer.raw(token)}`);
  }

  private fail(token: Bytes, upstream: string): ProtoFailure {
    return new ProtoFailure(upstream, token.start);
  }
}

/** Not an error: what was taken for a value begins the next field. */
class Resync {
  constructor(readonly at: number) {}
}

/** The end of the word, string or character at `at`. */
function lexemeEnd(bytes: string, at: number): number {
  const pattern = /"(?:[^"\\\n]|\\[^\n])*"?|'(?:[^'\\\n]|\\[^\n])*'?|[-+.\w/]+|[\x80-\xff]+|[^\n]/y;
  pattern.lastIndex = at;
  return at + (pattern.exec(bytes)?.[0].length ?? 0);
}
