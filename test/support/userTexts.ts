import ts from 'typescript';
import { parse } from 'yaml';

/** A text that users may read. `line` counts from 1. */
export interface Text {
  file: string;
  line: number;
  text: string;
}

/** The texts for users in a file of the product: comments, names and code are none. Values that are put into a text show as “…”. */
export function textsOf(file: string, content: string): Text[] {
  const at = (line: number) => (text: string) => ({ file, line, text });
  if (file.endsWith('.ts')) return literals(file, content);
  if (file.endsWith('.md')) return proseLines(content).map(([line, text]) => at(line)(text));
  if (file.endsWith('.sh')) return quoted(content).map(([line, text]) => at(line)(text));
  const value: unknown = file.endsWith('.json')
    ? (JSON.parse(content) as { contributes: unknown }).contributes
    : parse(content);
  return strings(value).map(at(1));
}

/** String literals and templates with at least two words or a capital; shell scripts in templates count by their quoted texts. */
function literals(file: string, content: string): Text[] {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    if (ts.isStringLiteralLike(node)) add(node, node.text);
    else if (ts.isTemplateExpression(node)) {
      add(node, [node.head.text, ...node.templateSpans.map(span => span.literal.text)].join('…'));
      node.templateSpans.forEach(span => visit(span.expression));
    } else ts.forEachChild(node, visit);
  };
  const add = (node: ts.Node, text: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (/\n.*\n/s.test(text))
      for (const [offset, part] of quoted(text)) found.push({ file, line: line + offset - 1, text: part });
    else if (/\s|^[A-Z]/.test(text)) found.push({ file, line, text });
  };
  visit(source);
  return found;
}

/** Lines of Markdown without code and addresses of links. */
function proseLines(content: string): [number, string][] {
  let code = false;
  return content.split('\n').flatMap((text, index): [number, string][] => {
    if (/^\s*```/.test(text)) {
      code = !code;
      return [];
    }
    return code ? [] : [[index + 1, text.replace(/`[^`]*`/g, '…').replace(/\]\([^)]*\)/g, ']')]];
  });
}

/** What stands in quotes and has several words, in the lines of a shell script that are no comments. */
function quoted(script: string): [number, string][] {
  return script
    .split('\n')
    .flatMap((line, index) =>
      /^\s*#/.test(line)
        ? []
        : [...line.matchAll(/"([^"]* [^"]*)"|'([^']* [^']*)'/g)].map((match): [number, string] => [
            index + 1,
            match[1] ?? match[2]!,
          ]),
    );
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
