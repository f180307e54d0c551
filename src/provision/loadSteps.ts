import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { shellScript } from '../ssh/shellScript';
import { type InputType, type Step, type StepInput, type Steps, stepOrder } from './step';

type Document = Record<string, unknown>;

const fileFunctions = shellScript(import.meta.url, '../host/shell/files.sh');

/** Defined by their text, so that a step can write them into a script that runs by itself later. */
const fileFunctionsText = `file_functions() { cat <<'FILE_FUNCTIONS'
${fileFunctions}FILE_FUNCTIONS
}
eval "$(file_functions)"`;

/**
 * Reads the steps from disk. `folder` holds one folder per step (step.yaml, check.sh, apply.sh, undo.sh, renew.sh), lib.sh and
 * restore.sh; the extension ships it beside its bundle.
 * @throws Error when a file is missing or a step.yaml lacks a field.
 */
export async function loadSteps(folder: string): Promise<Steps> {
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  const list = await Promise.all(
    stepOrder.map(async id => {
      const document = parse(await read(`${id}/step.yaml`)) as Document;
      const parts = (await Promise.all(strings(document.parts).map(read))).join('\n');
      const script = async (name: string): Promise<string | undefined> => {
        const path = `${id}/${name}.sh`;
        const there = await access(join(folder, path)).then(
          () => true,
          () => false,
        );
        return there ? `${parts}\n${await read(path)}` : undefined;
      };
      return stepFrom(id, document, {
        check: await script('check'),
        apply: await script('apply'),
        undo: await script('undo'),
        renew: await script('renew'),
      });
    }),
  );
  return {
    list,
    library: `${fileFunctionsText}\n${await read('lib.sh')}`,
    undoLibrary: await read('restore.sh'),
  };
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
    ...(document.placeholder === undefined ? {} : { placeholder: String(document.placeholder) }),
    ...(document.default === undefined ? {} : { default: String(document.default) }),
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

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
