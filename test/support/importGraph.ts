import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

/** Which files of the project each file of src/ and webview/ imports: by a statement, by `import()` or for a type alone. */
export function importGraph(): Map<string, Set<string>> {
  const files = globSync(['src/**/*.ts', 'webview/**/*.ts'], { cwd: root });
  return new Map(files.map(file => [file, importsOf(file)]));
}

function importsOf(file: string): Set<string> {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = importedName(node);
    if (name !== undefined && ts.isStringLiteralLike(name)) names.push(name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Set(names.filter(name => name.startsWith('.')).map(name => fileOf(resolve(root, dirname(file), name))));
}

function importedName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
}

function fileOf(path: string): string {
  const file = [`${path}.ts`, join(path, 'index.ts'), path].find(each => existsSync(each));
  if (!file) throw new Error(`There is no file for the import of ${path}.`);
  return relative(root, file);
}

/** The circles of a graph: for each, all nodes that can be reached from one another, in alphabetical order. */
export function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reachable = new Map([...graph.keys()].map(from => [from, reachableFrom(from, graph)]));
  const circles = [...graph.keys()]
    .filter(each => reachable.get(each)!.has(each))
    .map(each =>
      [...reachable.get(each)!]
        .filter(other => reachable.get(other)?.has(each))
        .sort()
        .join('\n'),
    );
  return [...new Set(circles)].map(circle => circle.split('\n'));
}

function reachableFrom(from: string, graph: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const seen = new Set<string>();
  const left = [...(graph.get(from) ?? [])];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    left.push(...(graph.get(node) ?? []));
  }
  return seen;
}
