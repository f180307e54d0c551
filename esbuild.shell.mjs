import { transform } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const calls = /shellScript\(\s*import\.meta\.url,\s*'(\.{1,2}\/[^']+\.sh)',?\s*\)/g;

async function scriptFilesOf() {
  const source = await readFile(new URL('src/ssh/shellScript.ts', import.meta.url), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).scriptFiles;
}

/**
 * Puts the shell scripts that modules name by `shellScript` into the bundle, each file once (its loader for `.sh` is `text`).
 * @type {import('esbuild').Plugin}
 */
export const shellScripts = {
  name: 'shell scripts',
  async setup(build) {
    const scriptFiles = await scriptFilesOf();
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      /** By path. */
      const names = new Map();
      const nameOf = file => names.get(file) ?? names.set(file, `shellText${names.size}`).get(file);
      const contents = source.replace(calls, (_, script) => {
        const texts = scriptFiles(new URL(script, pathToFileURL(path))).map(file => nameOf(fileURLToPath(file)));
        return `shellScript('', '', [${texts.join(', ')}])`;
      });
      if (names.size === 0) return undefined;
      // At the end, so that the lines stay where they are.
      const imports = [...names].map(([file, name]) => `import ${name} from ${JSON.stringify(file)};`);
      return { contents: [contents, ...imports].join('\n'), loader: 'ts' };
    });
  },
};
