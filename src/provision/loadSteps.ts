import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { joinScripts, scriptFiles, shellScript } from '../ssh/shellScript';
import type { InputType, Step, StepInput, Steps } from './step';

type Document = Record<string, unknown>;

const library = shellScript(import.meta.url, './shell/library.sh');

/** The functions of files.sh as a text, which the step Certificate renewal writes into a script that runs by itself later. */
const fileFunctions = `file_functions() { cat <<'FILE_FUNCTIONS'
${shellScript(import.meta.url, '../host/shell/files.sh')}FILE_FUNCTIONS
}
`;

/**
 * Reads the steps from disk. `folder` holds one folder per step (step.yaml, check.sh, apply.sh, undo.sh, renew.sh); the extension
 * ships it beside its bundle, which has the library inside.
 * @throws Error when a file is missing, a step.yaml lacks a field, or two have the same place in the order.
 */
export async function loadSteps(folder: string): Promise<Steps> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(entry => entry.isDirectory())
      .map(async ({ name: id }) => {
        const document = parse(await readFile(join(folder, id, 'step.yaml'), 'utf8')) as Document;
        const script = (name: string): string | undefined => ownScript(folder, join(folder, id, `${name}.sh`));
        const step = stepFrom(id, document, {
          check: script('check'),
          apply: script('apply'),
          undo: script('undo'),
          renew: script('renew'),
        });
        return { step, order: place(document, id) };
      }),
  );
  found.sort((a, b) => a.order - b.order);
  for (const [index, { step, order }] of found.entries())
    if (found[index + 1]?.order === order) throw new Error(`Two steps have the order ${order}; one is “${step.id}”.`);
  return { list: found.map(({ step }) => step), library };
}

function place({ order }: Document, id: string): number {
  if (typeof order !== 'number') throw new Error(`steps/${id}/step.yaml lacks “order”.`);
  return order;
}

/** A step's script with what it needs of the steps' own files; undefined when there is none. */
function ownScript(folder: string, path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const shared = pathToFileURL(join(folder, '../shell/library.sh'));
  const texts = scriptFiles(pathToFileURL(path), new Set([shared.href])).map(file => readFileSync(file, 'utf8'));
  const script = joinScripts(texts);
  return script.includes('$(file_functions)') ? fileFunctions + script : script;
}

type Scripts = Record<'check' | 'apply' | 'undo' | 'renew', string | undefined>;

function stepFrom(id: string, document: Document, scripts: Scripts): Step {
  if (document.id !== id) throw new Error(`steps/${id}/step.yaml names the step “${String(document.id)}”.`);
  if (scripts.check === undefined) throw new Error(`steps/${id} has no check.sh.`);
  return {
    id,
    title: word(document, 'title', id),
    why: word(document, 'why', id),
    guide: strings(document.guide),
    needs: strings(document.needs),
    optional: document.optional === true,
    blocking: document.blocking === true,
    inputs: Array.isArray(document.inputs) ? document.inputs.map(input => inputFrom(id, input as Document)) : [],
    uses: strings(document.uses),
    check: scripts.check,
    ...(scripts.apply === undefined ? {} : { apply: scripts.apply }),
    ...(scripts.undo === undefined ? {} : { undo: scripts.undo }),
    ...(scripts.renew === undefined ? {} : { renew: scripts.renew }),
  };
}

function inputFrom(id: string, document: Document): StepInput {
  const name = word(document, 'name', id);
  return {
    name,
    type: word(document, 'type', id) as InputType,
    title: typeof document.title === 'string' ? document.title : name,
    description: word(document, 'description', id),
    ...plain(document, 'placeholder'),
    ...plain(document, 'default'),
    ...(document.choices === undefined ? {} : { choices: strings(document.choices) }),
    secret: document.secret === true,
    required: document.required === true,
    internal: document.internal === true,
  };
}

function word(document: Document, key: string, id: string): string {
  const value = document[key];
  if (typeof value !== 'string' || value === '') throw new Error(`steps/${id}/step.yaml lacks “${key}”.`);
  return value;
}

/** A text, number or truth value of YAML as text; nothing when it is left out. */
function plain<Key extends string>(document: Document, key: Key): { [key in Key]?: string } {
  const value = document[key] as string | number | boolean | undefined;
  return value === undefined ? {} : ({ [key]: String(value) } as { [key in Key]: string });
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
