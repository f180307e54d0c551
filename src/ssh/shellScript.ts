import { readFileSync } from 'node:fs';

/** How a script names another one that it needs, as `shellcheck -x` reads it too: a line `. ../shell/files.sh` at its top. */
const need = /^\. (\.{1,2}\/\S+\.sh)\n+/gm;

/** The files of a script: what it needs, at whatever distance, each once and before what needs it; the script itself last. */
export function scriptFiles(script: URL, seen = new Set<string>()): URL[] {
  if (seen.has(script.href)) return [];
  seen.add(script.href);
  const needs = [...readFileSync(script, 'utf8').matchAll(need)];
  return [...needs.flatMap(([, path]) => scriptFiles(new URL(path!, script), seen)), script];
}

/** The texts of a script's files as one that needs no file. */
export const joinScripts = (texts: readonly string[]): string => texts.map(text => text.replace(need, '')).join('\n');

/**
 * The script of a file beside a module of ours, with all that it needs. `esbuild.shell.mjs` puts the texts into the bundle: it finds
 * calls with `import.meta.url` and a path in single quotes.
 * @param texts of the script's files, which only the bundle has here
 */
export function shellScript(module: string, path: string, texts?: readonly string[]): string {
  return joinScripts(texts ?? scriptFiles(new URL(path, module)).map(file => readFileSync(file, 'utf8')));
}
