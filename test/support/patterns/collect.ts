import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression of the source. */
export interface Pattern {
  /** `file:line`. */
  where: string;
  source: string;
  flags: string;
  /** Whether it is matched again and again over the same text: flag `g`, or given to `split`. */
  repeated: boolean;
  /** Whether it only ever sees one line. */
  ofLine?: boolean;
}

/** Every literal and every `new RegExp` in the TypeScript files below `folder`. */
export function patternsIn(folder: string): Pattern[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .sort()
    .flatMap(name => patternsOf(join(folder, name)));
}

/** Every pattern of the grammars and language settings below `folder`. They are Oniguruma's, and go back over a text as these do. */
export function grammarPatternsIn(folder: string): Pattern[] {
  return readdirSync(folder)
    .filter(name => /\.(?:tmLanguage|language-configuration)\.json$/.test(name))
    .flatMap(name => {
      const found: Pattern[] = [];
      JSON.parse(readFileSync(join(folder, name), 'utf8'), (key, value: unknown) => {
        if (['match', 'begin', 'end', 'while', 'wordPattern'].includes(key) && typeof value === 'string')
          found.push({ where: join(folder, name), source: value, flags: '', repeated: false, ofLine: true });
        return value;
      });
      return found;
    });
}

function patternsOf(path: string): Pattern[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const add = (node: ts.Node, source: string, flags: string): void => {
    const { parent } = node;
    const split =
      ts.isCallExpression(parent) &&
      ts.isPropertyAccessExpression(parent.expression) &&
      parent.expression.name.text === 'split';
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ where: `${path}:${line}`, source, flags, repeated: flags.includes('g') || split });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      add(node, node.text.slice(1, end), node.text.slice(end + 1));
    } else if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'RegExp'
    ) {
      const [source, flags] = node.arguments ?? [];
      if (source) add(node, textOf(source, file), flags ? textOf(flags, file) : '');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What an expression comes to. A value that is only known when it runs is a plain word here: none is a pattern of its own. */
function textOf(node: ts.Expression, file: ts.SourceFile): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isRegularExpressionLiteral(node)) return node.text.slice(1, node.text.lastIndexOf('/'));
  if (ts.isTemplateExpression(node)) return spansOf(node, file, false);
  if (ts.isTaggedTemplateExpression(node)) {
    const { template } = node;
    return ts.isTemplateExpression(template) ? spansOf(template, file, true) : (template.rawText ?? template.text);
  }
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression, file);
  if (ts.isConditionalExpression(node)) return textOf(node.whenTrue, file);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return textOf(node.left, file) + textOf(node.right, file);
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'source') return textOf(node.expression, file);
  if (ts.isCallExpression(node)) return joined(node, file) ?? 'word';
  if (!ts.isIdentifier(node)) return 'word';
  const initializer = constantOf(node.text, file);
  return initializer ? textOf(initializer, file) : 'word';
}

function spansOf(node: ts.TemplateExpression, file: ts.SourceFile, raw: boolean): string {
  const text = (part: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail) =>
    (raw ? part.rawText : undefined) ?? part.text;
  return node.templateSpans.reduce(
    (whole, span) => whole + textOf(span.expression, file) + text(span.literal),
    text(node.head),
  );
}

/** `[…].join('…')` of constants. */
function joined(node: ts.CallExpression, file: ts.SourceFile): string | undefined {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'join') return undefined;
  const list = ts.isIdentifier(expression.expression)
    ? constantOf(expression.expression.text, file)
    : expression.expression;
  const bare = list && ts.isAsExpression(list) ? list.expression : list;
  const [separator] = node.arguments;
  return bare && ts.isArrayLiteralExpression(bare)
    ? bare.elements.map(element => textOf(element, file)).join(separator ? textOf(separator, file) : ',')
    : undefined;
}

/** The initializer of `const NAME = …`, wherever in the file it stands. */
function constantOf(name: string, file: ts.SourceFile): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name)
      found ??= node.initializer;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
