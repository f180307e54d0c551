import type { Span } from '../aliases/model';
import { scalarsOf, parseConfig } from '../config/parse';
import { effectiveConfig } from '../config/effective';
import { type ConfigField, ConfigSchema } from '../config/schema';
import { code } from '../../text/markdown';
import { literal, type Suggestion } from './suggestion';
import type { Version } from '../versions';

/** Longer texts are no chasquid.conf; reading one for each keystroke would hold the editor up. */
const longestText = 512 * 1024;

/** What can be written at an offset of chasquid.conf: a field's name at the start of a line, a value behind the colon. */
export function completeConfig(text: string, offset: number, version: Version): Suggestion[] {
  if (text.length > longestText) return [];
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  const name = /^\s*(\w*)$/.exec(before);
  if (name) return names(text, { start: offset - name[1]!.length, end: offset }, version);
  const value = valueBefore(before);
  const field = value && new ConfigSchema(version).fields.find(each => each.name === value.name);
  if (!field) return [];
  const closed = value.quoted && text[offset] === '"';
  const range = { start: offset - value.length - (value.quoted ? 1 : 0), end: offset + (closed ? 1 : 0) };
  return values(field, range);
}

/** The value that is being written at the end of a line, alone or in a list: how long it is so far, without its quote. */
function valueBefore(line: string): { name: string; quoted: boolean; length: number } | undefined {
  const [head, name] = /^\s*(\w+)\s*:\s*/.exec(line) ?? [];
  if (head === undefined) return undefined;
  const written = line.slice(head.length);
  const tail = /(?<![^"#[\],])[^"#[\],]*$/.exec(written)![0];
  const lead = written.slice(0, written.length - tail.length);
  const quoted = lead.endsWith('"');
  const isValue = lead.startsWith('[') || lead === (quoted ? '"' : '');
  return isValue ? { name: name!, quoted, length: tail.length } : undefined;
}

function names(text: string, range: Span, version: Version): Suggestion[] {
  const line = text.slice(range.end).split('\n', 1)[0]!;
  const { schema, fields } = parseConfig(text, version);
  const given = new Set(fields.map(field => field.name));
  return schema.fields
    .filter(field => field.repeated || !given.has(field.name))
    .map(field => ({
      label: field.name,
      kind: 'field',
      insert: /^\s*:/.test(line) ? field.name : `${field.name}: ${placeholder(field)}`,
      range,
      detail: describeType(field),
      doc: fieldDoc(field),
    }));
}

function placeholder(field: ConfigField): string {
  const value = field.values?.find(each => each !== field.default[0]) ?? field.values?.[0] ?? field.default[0] ?? '';
  return field.kind === 'string' ? `"\${1:${literal(value)}}"` : `\${1:${literal(value)}}`;
}

function values(field: ConfigField, range: Span): Suggestion[] {
  const offered = field.kind === 'bool' ? ['true', 'false'] : (field.values ?? field.default);
  return offered.map(value => {
    const written = field.kind === 'string' ? JSON.stringify(value) : value;
    const detail = field.default.includes(value) ? 'default' : undefined;
    return { label: written, kind: 'value', insert: literal(written), range, ...(detail && { detail }) };
  });
}

function describeType(field: ConfigField): string {
  return `${field.kind}${field.repeated ? ', several' : ''}`;
}

/** What a user needs to know of a field, as Markdown. */
export function fieldDoc(field: ConfigField): string {
  const standard = field.default.map(each => (field.kind === 'string' ? JSON.stringify(each) : each)).join(', ');
  const facts = [
    `*${describeType(field)}*`,
    standard && `default \`${standard}\``,
    field.since !== '0.01' && `since chasquid ${field.since}`,
  ];
  return `${field.doc.replaceAll('<', '\\<')}\n\n${facts.filter(Boolean).join(' · ')}`;
}

/** The field at an offset, with its documentation and the value that counts. */
export function hoverConfig(
  text: string,
  offset: number,
  version: Version,
): { range: Span; markdown: string } | undefined {
  if (text.length > longestText) return undefined;
  const file = parseConfig(text, version);
  const node = file.fields.find(each => {
    const [start, end] = [file.source.offset(each.start), file.source.offset(Math.max(each.end, each.nameEnd))];
    return offset >= start && offset <= end;
  });
  const field = node && file.schema.field(node.name);
  if (!field) return undefined;
  const range = { start: file.source.offset(node.start), end: file.source.offset(node.nameEnd) };
  const counts = effectiveConfig(file).get(field.name);
  const joined =
    scalarsOf(node).length > 0 &&
    file.errors.length === 0 &&
    counts?.map(value => (field.kind === 'string' ? JSON.stringify(value) : String(value))).join(', ');
  return {
    range,
    markdown: `**${field.name}**\n\n${fieldDoc(field)}${joined ? `\n\nIn effect: ${code(joined)}` : ''}`,
  };
}
