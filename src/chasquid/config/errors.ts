import type { Diagnostic, Edit, Fix } from '../diagnostics';
import type { ProtoError } from '../prototext/decode';
import { similar } from '../similar';
import { printable } from '../text';
import type { Problem } from '../../text/problem';
import type { ConfigFile } from './parse';
import type { ConfigSchema } from './schema';

interface Explanation extends Pick<Problem, 'code' | 'what' | 'fix'> {
  fixes?: Fix[];
}

/** The faithful set: what chasquid refuses in its configuration, in the order of the text; it prints only the first. */
export function configErrors(file: ConfigFile, text: string): Diagnostic[] {
  return file.errors.map(error => {
    const range = { start: file.source.offset(error.start), end: file.source.offset(error.end) };
    const { code, what, fix, fixes } = explain(file, text, error, range);
    return {
      code,
      severity: 'error',
      message: `${what} chasquid ${file.schema.version.text} does not start with such a file. ${fix}`,
      range,
      upstream: error.upstream,
      ...(fixes && fixes.length > 0 && { fixes }),
    };
  });
}

type Range = { start: number; end: number };

function explain(file: ConfigFile, text: string, error: ProtoError, range: Range): Explanation {
  const written = text.slice(range.start, range.end);
  switch (error.kind) {
    case 'unknown-field':
      return unknownField(file, text, error, range);
    case 'repeated': {
      return {
        code: 'config-repeated-field',
        what: `“${error.field}” is given twice, but accepts one value.`,
        fix: 'Keep one of the lines.',
        fixes: [{ title: 'Turn this line into a comment', edits: [commentLine(text, range)] }],
      };
    }
    case 'wrong-type':
      return wrongType(file.schema, error, written, range);
    case 'encoding':
      return {
        code: 'config-string',
        what: 'The string holds bytes that are not UTF-8.',
        fix: 'Write the text in UTF-8.',
      };
    default:
      return syntax(file, text, error, range, written);
  }
}

function commentLine(text: string, range: Range): Edit {
  const start = text.lastIndexOf('\n', range.start - 1) + 1;
  return { start, end: start, text: '# ' };
}

function unknownField(file: ConfigFile, text: string, error: ProtoError, range: Range): Explanation {
  const name = printable(error.field ?? '');
  const code = 'config-unknown-field';
  const comment: Fix = { title: 'Turn the line into a comment', edits: [commentLine(text, range)] };
  if (name.startsWith('[')) {
    return { code, what: `Sections such as “${name}” do not exist here.`, fix: 'Remove the line.', fixes: [comment] };
  }
  if (/^\d+$/.test(name))
    return { code, what: 'A field is named by a number.', fix: 'Write its name.', fixes: [comment] };
  const newer = file.schema.field(name);
  if (newer) {
    const what = `“${name}” exists since chasquid ${newer.since}.`;
    return { code, what, fix: 'Remove the line, or update chasquid.', fixes: [comment] };
  }
  const meant = similar(
    name,
    file.schema.fields.map(field => field.name),
  );
  const rename: Fix = {
    title: `Write “${meant}”`,
    edits: [{ ...range, text: meant ?? '' }],
    safe: !text.includes(`${meant}:`),
  };
  return {
    code,
    what: `There is no field “${name}”.`,
    fix: meant ? `Did you mean “${meant}”?` : 'Correct the name, or remove the line.',
    fixes: meant ? [rename, comment] : [comment],
  };
}

function wrongType(schema: ConfigSchema, error: ProtoError, written: string, range: Range): Explanation {
  const field = schema.field(error.field ?? '');
  const code = 'config-wrong-type';
  const replace = (to: string, safe = true): Fix => ({ title: `Write ${to}`, edits: [{ ...range, text: to }], safe });
  const what = `“${error.field}” does not accept the value ${printable(written)}.`;
  if (field?.kind === 'bool') {
    const bare = written.replace(/["']/g, '').toLowerCase();
    const value = /^(true|yes|on|y)$/.test(bare) ? 'true' : /^(false|no|off|n)$/.test(bare) ? 'false' : undefined;
    return { code, what, fix: 'Write true or false, without quotes.', ...(value && { fixes: [replace(value)] }) };
  }
  if (field?.kind === 'int64' || field?.kind === 'uint32') {
    const digits = /^["'](\d{1,9})["']$/.exec(written)?.[1];
    return {
      code,
      what,
      fix: 'Write a whole number, without quotes and unit.',
      ...(digits && { fixes: [replace(String(Number(digits)))] }),
    };
  }
  const isField = schema.field(written) !== undefined;
  const quoted = !isField && /^[^"'\s]+$/.test(written) ? [replace(`"${written}"`)] : [];
  return {
    code,
    what,
    fix: isField ? 'The value before this field is missing; write it in quotes.' : 'Write the text in quotes.',
    fixes: quoted,
  };
}

function syntax(file: ConfigFile, text: string, error: ProtoError, range: Range, written: string): Explanation {
  const { upstream } = error;
  const code = 'config-syntax';
  if (!error.positioned) {
    return {
      code: 'config-unexpected-end',
      what: 'The file ends before the value is complete.',
      fix: 'Write the value, or close the list with “]”.',
    };
  }
  if (upstream.startsWith('missing field separator')) return separator(text, range);
  if (/ in string$/.test(upstream) || upstream === 'invalid UTF-8 detected') return brokenString(text, upstream, range);
  if (upstream.startsWith('unexpected token: [')) {
    return { code, what: 'A list is given, but the field accepts one value.', fix: 'Write the value without “[ ]”.' };
  }
  if (upstream.startsWith('invalid scalar value') || upstream.startsWith('unexpected token'))
    return bareValue(file, text, range, code);
  if (written.startsWith('//') || text.startsWith('//', range.start)) {
    const fix = {
      title: 'Make it a “#” comment',
      edits: [{ start: range.start, end: range.start + 2, text: '#' }],
      safe: true,
    };
    return { code, what: '“//” does not begin a comment.', fix: 'Begin comments with “#”.', fixes: [fix] };
  }
  if (text[range.start] === '\ufeff') {
    const fix = {
      title: 'Remove the byte order mark',
      edits: [{ start: range.start, end: range.start + 1, text: '' }],
      safe: true,
    };
    return { code, what: 'There is an invisible byte order mark at the start.', fix: 'Remove it.', fixes: [fix] };
  }
  if (/^[,;]/.test(written)) {
    const fix = { title: 'Remove it', edits: [{ start: range.start, end: range.start + 1, text: '' }], safe: true };
    return {
      code,
      what: `There is a second “${written[0]!}” here.`,
      fix: 'At most one “,” or “;” is allowed between two fields.',
      fixes: [fix],
    };
  }
  const name = /^[A-Za-z][\w-]*/.exec(written)?.[0];
  const meant =
    name &&
    similar(
      name,
      file.schema.fields.map(field => field.name),
    );
  if (meant && text.slice(range.start, range.start + name.length) === name) {
    const fix = {
      title: `Write “${meant}”`,
      edits: [{ start: range.start, end: range.start + name.length, text: meant }],
    };
    return { code, what: `“${written}” is not the name of a field.`, fix: `Did you mean “${meant}”?`, fixes: [fix] };
  }
  return {
    code,
    what: `“${printable(written)}” is not allowed here.`,
    fix: 'Write one field on each line, as name: value.',
  };
}

function separator(text: string, range: Range): Explanation {
  const rest = /^[ \t]*=[ \t]*/.exec(text.slice(range.end));
  const end = range.end + (rest?.[0].length ?? /^[ \t]*/.exec(text.slice(range.end))![0].length);
  const fix: Fix = { title: 'Write “:”', edits: [{ start: range.end, end, text: ': ' }], safe: true };
  const braces = /^\s*[{<]/.test(text.slice(range.end));
  return {
    code: 'config-missing-colon',
    what: `The “:” after “${text.slice(range.start, range.end)}” is missing.`,
    fix: rest ? 'Write “:” instead of “=”.' : 'Write name: value.',
    ...(!braces && { fixes: [fix] }),
  };
}

function brokenString(text: string, upstream: string, range: Range): Explanation {
  const code = 'config-string';
  if (upstream.includes("'\\n'")) {
    const feed = text.indexOf('\n', range.start);
    const end = feed < 0 ? text.length : feed;
    const at = text[end - 1] === '\r' ? end - 1 : end;
    const fix = { title: 'Close the string', edits: [{ start: at, end: at, text: text[range.start]! }] };
    return {
      code,
      what: 'The string is not closed on its line.',
      fix: 'Close it with the quote that opened it.',
      fixes: [fix],
    };
  }
  if (upstream.includes('escape')) {
    return { code, what: 'The string holds a “\\” that begins no known escape.', fix: 'Write “\\\\” for a backslash.' };
  }
  return {
    code,
    what: 'The string contains a character that is not allowed in it.',
    fix: 'Remove it, or write it as an escape.',
  };
}

/** A value without quotes, a number with a unit, an unquoted `<syslog>`. */
function bareValue(file: ConfigFile, text: string, range: Range, code: string): Explanation {
  const line = text.lastIndexOf('\n', range.start - 1) + 1;
  const name = /^\s*([A-Za-z_]\w*)\s*:/.exec(text.slice(line, range.start))?.[1];
  const field = name === undefined ? undefined : file.schema.fields.find(each => each.name === name);
  const feed = text.indexOf('\n', range.start);
  const rest = text
    .slice(range.start, feed < 0 ? text.length : feed)
    .replace(/(?<!\s)\s+#.*$/s, '')
    .trimEnd();
  const replace = (to: string): Fix => ({
    title: `Write ${to}`,
    edits: [{ start: range.start, end: range.start + rest.length, text: to }],
    safe: true,
  });
  if (field?.kind === 'string' && /^[^"'\\\s[\]{},;]+$/.test(rest)) {
    return {
      code: 'config-unquoted',
      what: 'The text has no quotes.',
      fix: 'Write it in quotes.',
      fixes: [replace(`"${rest}"`)],
    };
  }
  const number = /^(\d+)\s*(MB|M|MiB)?$/i.exec(rest)?.[1];
  if (field?.kind === 'int64' && number) {
    return {
      code,
      what: `${rest} is not a plain number.`,
      fix: 'Write the number alone; it counts MiB.',
      fixes: [replace(String(Number(number)))],
    };
  }
  return {
    code,
    what: `“${printable(rest || text.slice(range.start, range.end))}” is not a value.`,
    fix: 'Write text in quotes, numbers and true or false without.',
  };
}
