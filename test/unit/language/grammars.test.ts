import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';

const syntaxes = join(import.meta.dirname, '../../../syntaxes');
const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');

const registry = new textmate.Registry({
  onigLib: oniguruma.loadWASM(readFileSync(wasm)).then(() => ({
    createOnigScanner: sources => new oniguruma.OnigScanner(sources),
    createOnigString: text => new oniguruma.OnigString(text),
  })),
  loadGrammar: scope => {
    const path = join(syntaxes, `${scope.replace(/^source\./, '')}.tmLanguage.json`);
    return Promise.resolve(textmate.parseRawGrammar(readFileSync(path, 'utf8'), path));
  },
});

/** The pieces of each line that are not blank, as `text scope`: the innermost scope without the language's name. */
async function scopesOf(language: string, text: string): Promise<string[][]> {
  const grammar = await registry.loadGrammar(`source.${language}`);
  assert.ok(grammar);
  let state = textmate.INITIAL;
  return text.split('\n').map(line => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => [line.slice(startIndex, endIndex).trim(), scopes.at(-1)!] as const)
      .filter(([piece]) => piece !== '')
      .map(([piece, scope]) => `${piece} ${scope.replace(`.${language}`, '')}`);
  });
}

async function check(language: string, cases: Record<string, string[]>): Promise<void> {
  for (const [line, expected] of Object.entries(cases))
    assert.deepEqual((await scopesOf(language, line)).flat(), expected, JSON.stringify(line));
}

const colon = ': punctuation.separator.key-value';

describe('aliases', () => {
  const comma = ', punctuation.separator.recipient';
  const at = '@ punctuation.definition.address';

  test('names, users, addresses and lists', () =>
    check('chasquid-aliases', {
      'info: alice': ['info entity.name.tag.alias', colon, 'alice string.unquoted.user'],
      'a.b+c : alice@x.org,bob': [
        ...['a.b+c entity.name.tag.alias', colon, 'alice string.unquoted.user', at, 'x.org entity.name.type.domain'],
        ...[comma, 'bob string.unquoted.user'],
      ],
      'é: ñ@ñaca.com': [
        ...['é entity.name.tag.alias', colon, 'ñ string.unquoted.user', at, 'ñaca.com entity.name.type.domain'],
      ],
      '*: catch@x.org': [
        ...['* keyword.other.catch-all', colon, 'catch string.unquoted.user', at, 'x.org entity.name.type.domain'],
      ],
      'all: *@other.org': [
        ...['all entity.name.tag.alias', colon, '* string.unquoted.user', at, 'other.org entity.name.type.domain'],
      ],
      // Only a star alone is the catch-all.
      'a*: x': ['a* entity.name.tag.alias', colon, 'x string.unquoted.user'],
      // A second colon belongs to the recipient.
      'a:: b': ['a entity.name.tag.alias', colon, ': string.unquoted.user', 'b string.unquoted.user'],
    }));

  test('a comment begins a line, never ends one', () =>
    check('chasquid-aliases', {
      '# a: b': ['# punctuation.definition.comment', 'a: b comment.line.number-sign'],
      '  \t# a': ['# punctuation.definition.comment', 'a comment.line.number-sign'],
      'a: b # c': [...['a entity.name.tag.alias', colon, 'b string.unquoted.user', '# c invalid.illegal.comment']],
      // No comment to chasquid either: a name may hold the sign.
      'a: b#c': ['a entity.name.tag.alias', colon, 'b#c string.unquoted.user'],
      'a#b: c': ['a#b entity.name.tag.alias', colon, 'c string.unquoted.user'],
    }));

  test('a pipe takes the whole rest of its line', () =>
    check('chasquid-aliases', {
      'a: | /bin/x -n a@b, c # d': [
        ...['a entity.name.tag.alias', colon, '| keyword.operator.pipe', '/bin/x entity.name.function.command'],
        '-n a@b, c # d string.unquoted.argument',
      ],
      'a:|cat': [...['a entity.name.tag.alias', colon, '| keyword.operator.pipe', 'cat entity.name.function.command']],
      '*: | x:y': [
        ...['* keyword.other.catch-all', colon, '| keyword.operator.pipe', 'x:y entity.name.function.command'],
      ],
      'a: |': ['a entity.name.tag.alias', colon, '| keyword.operator.pipe'],
      // Only at the beginning of the right side.
      'a: b, |c': ['a entity.name.tag.alias', colon, 'b string.unquoted.user', comma, '|c string.unquoted.user'],
    }));

  test('via with its servers, until the next comma', () =>
    check('chasquid-aliases', {
      'a: b@x.org via m1/m2.org, c': [
        ...['a entity.name.tag.alias', colon, 'b string.unquoted.user', at, 'x.org entity.name.type.domain'],
        ...['via keyword.control.via', 'm1 entity.name.type.server', '/ punctuation.separator.server'],
        ...['m2.org entity.name.type.server', comma, 'c string.unquoted.user'],
      ],
      // A word like another where chasquid does not take it for the keyword.
      'via: via, viable': [
        ...['via entity.name.tag.alias', colon, 'via string.unquoted.user', comma, 'viable string.unquoted.user'],
      ],
      'a: b VIA c': [
        ...['a entity.name.tag.alias', colon, 'b string.unquoted.user', 'VIA string.unquoted.user'],
        'c string.unquoted.user',
      ],
      'a: b via': ['a entity.name.tag.alias', colon, 'b string.unquoted.user', 'via string.unquoted.user'],
    }));

  test('what chasquid refuses as a whole stands out', () =>
    check('chasquid-aliases', {
      'no colon here': ['no colon here invalid.illegal.line'],
      '; other comment': ['; other comment invalid.illegal.line'],
      'a@x.org: b': ['a@x.org: b invalid.illegal.line'],
      ': b': [': b invalid.illegal.line'],
      '   ': [],
    }));

  test('no line reaches into the next one', async () => {
    const lines = await scopesOf('chasquid-aliases', 'a: b via\na: | "\na: b,\n  c@d.org,\nz: y');
    assert.deepEqual(lines.at(-2), ['c@d.org, invalid.illegal.line']);
    assert.deepEqual(lines.at(-1), ['z entity.name.tag.alias', colon, 'y string.unquoted.user']);
  });
});

describe('chasquid.conf', () => {
  const quotes = (text: string, kind = 'double', sign = '"') => [
    `${sign} punctuation.definition.string.begin`,
    ...(text === '' ? [] : [`${text} string.quoted.${kind}`]),
    `${sign} punctuation.definition.string.end`,
  ];
  const field = (name: string) => [`${name} support.type.property-name`, colon];

  test('fields that chasquid knows, and others', () =>
    check('chasquid-conf', {
      'hostname: "mx.example.com"': [...field('hostname'), ...quotes('mx.example.com')],
      'hostnam: "x"': ['hostnam variable.other.property', colon, ...quotes('x')],
      'my_hostname: "x"': ['my_hostname variable.other.property', colon, ...quotes('x')],
      // The colon may stand on the next line.
      smtp_address: ['smtp_address support.type.property-name'],
      'hostname:"a" data_dir:"b"': [...field('hostname'), ...quotes('a'), ...field('data_dir'), ...quotes('b')],
    }));

  test('numbers by how they are read, truth values, lists', () =>
    check('chasquid-conf', {
      'max_data_size_mb: 50': [...field('max_data_size_mb'), '50 constant.numeric.decimal'],
      'max_data_size_mb: 050': [...field('max_data_size_mb'), '050 constant.numeric.octal'],
      'max_data_size_mb: -0x1F': [...field('max_data_size_mb'), '-0x1F constant.numeric.hex'],
      'dovecot_auth: true;': [
        ...[...field('dovecot_auth'), 'true constant.language.boolean', '; punctuation.separator'],
      ],
      'smtp_address: [":25", "[::1]:25"]': [
        ...[...field('smtp_address'), '[ punctuation.definition.list', ...quotes(':25'), ', punctuation.separator'],
        ...[...quotes('[::1]:25'), '] punctuation.definition.list'],
      ],
    }));

  test('strings with escapes and placeholders, comments only outside of them', () =>
    check('chasquid-conf', {
      'mail_delivery_agent_args: "%to_user%" # "x"': [
        ...[...field('mail_delivery_agent_args'), '" punctuation.definition.string.begin'],
        ...['%to_user% variable.other.placeholder', '" punctuation.definition.string.end'],
        ...['# punctuation.definition.comment', '"x" comment.line.number-sign'],
      ],
      'mail_delivery_agent_args: "%user%"': [...field('mail_delivery_agent_args'), ...quotes('%user%')],
      'mail_log_path: "<syslog>"': [
        ...[...field('mail_log_path'), '" punctuation.definition.string.begin'],
        ...['<syslog> constant.language', '" punctuation.definition.string.end'],
      ],
      'data_dir: "a # b"': [...field('data_dir'), ...quotes('a # b')],
      "data_dir: 'it\\'s \"\\q'": [
        ...[...field('data_dir'), "' punctuation.definition.string.begin", 'it string.quoted.single'],
        ...["\\' constant.character.escape", 's " string.quoted.single'],
        ...['\\q invalid.illegal.escape', "' punctuation.definition.string.end"],
      ],
    }));

  test('a string that is not closed ends with its line', async () => {
    const [first, second] = await scopesOf('chasquid-conf', 'hostname: "mx # x\ndata_dir: "/d"');
    assert.deepEqual(first, [
      ...field('hostname'),
      '" punctuation.definition.string.begin',
      'mx # x string.quoted.double',
    ]);
    assert.deepEqual(second, [...field('data_dir'), ...quotes('/d')]);
  });
});
