import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import layers from './layers.json' with { type: 'json' };

const root = import.meta.dirname;

/** The entry of layers.json that a file without its extension belongs to, or the folder of the project that it is in. */
function layerOf(file) {
  const [top, below, inside] = relative(root, file).split(sep);
  if (top !== 'src') return top;
  return inside === undefined && existsSync(resolve(root, 'src', `${below}.ts`)) ? `${below}.ts` : below;
}

/** An ESLint rule: a file imports only what layers.json allows, whether by a statement, by `import()` or for a type alone. */
export const layersRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = layerOf(context.filename.replace(/\.ts$/, ''));
    const allowed = layers[from];
    const check = (node, source) => {
      const name = source?.value;
      if (typeof name !== 'string') {
        context.report({ node, message: 'Import by a literal name, so that it can be checked against layers.json.' });
        return;
      }
      const to = name.startsWith('.') ? layerOf(resolve(dirname(context.filename), name)) : name;
      if (to === from || (!name.startsWith('.') && name !== 'vscode')) return;
      if (!allowed)
        context.report({ node, message: `layers.json has no line for ${from}: say there what it may import.` });
      else if (!allowed.includes(to))
        context.report({ node, message: `${from} may not import ${to} (layers.json; ARCHITECTURE.md, rule 2).` });
    };
    return {
      ImportDeclaration: node => check(node, node.source),
      ExportAllDeclaration: node => check(node, node.source),
      ExportNamedDeclaration: node => node.source && check(node, node.source),
      ImportExpression: node => check(node, node.source),
      TSImportType: node => check(node, node.source ?? node.argument?.literal),
    };
  },
};
