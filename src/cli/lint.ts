import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { checkAliases } from '../chasquid/aliases/checkFile';
import { AliasFile } from '../chasquid/aliases/file';
import { checkConfig } from '../chasquid/config/check';
import { decodeText } from '../chasquid/text';
import { type FileReport, lintTree } from '../chasquid/tree/lint';
import { readTree } from '../chasquid/tree/read';
import { buildWorld } from '../chasquid/tree/world';
import { aliasContext } from '../chasquid/aliases/context';
import { checkUsers } from '../chasquid/users/check';
import type { Version } from '../chasquid/versions';
import type { Diagnostic } from '../chasquid/diagnostics';
import { ByteBuffer } from '../input/byteBuffer';
import { fileLimit, tooLarge } from '../input/regularFile';
import { namedFile, nodeFiles, reasonOf } from './nodeFiles';
import { lintFormats } from './output';
import { formatOf, parseCommand, Unreadable, Usage, versionOf } from './usage';

/** `chasquid-check lint`. Resolves to the exit status. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, {
    format: { type: 'string' },
    chasquid: { type: 'string' },
    'stdin-name': { type: 'string' },
  });
  const format = formatOf(values.format, ['text', 'json', 'sarif', 'github']);
  const version = versionOf(values.chasquid);
  if (positionals.length === 0) throw new Usage('Name a configuration folder or a file.');
  const reports: FileReport[] = [];
  const problems: string[] = [];
  for (const path of positionals) {
    try {
      reports.push(
        ...(path === '-' ? [await lintInput(values['stdin-name'], version)] : await lintPath(path, version, problems)),
      );
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push(error.message);
    }
  }
  process.stdout.write(lintFormats[format](reports, version.text));
  for (const problem of problems) process.stderr.write(`chasquid-check: ${problem}\n`);
  if (problems.length > 0) return 2;
  return reports.some(report => report.diagnostics.some(each => each.severity === 'error')) ? 1 : 0;
}

/** What is wrong with one path; what of it cannot be read is added to `problems`. */
async function lintPath(path: string, version: Version, problems: string[]): Promise<FileReport[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
    throw new Unreadable(isMissing ? `${path}: there is no such file or folder.` : `${path}: ${reasonOf(error)}`);
  });
  return found.isDirectory() ? lintFolder(path, version, problems) : [await lintFile(path, version)];
}

async function lintFolder(path: string, version: Version, problems: string[]): Promise<FileReport[]> {
  const tree = await readTree(nodeFiles, path).catch((error: Error) => {
    throw new Unreadable(`${path}: ${error.message}`);
  });
  for (const problem of tree.problems) problems.push(`${problem.path}: ${problem.reason}`);
  if (!tree.config && !tree.domains && !tree.certificates && tree.problems.length === 0) {
    throw new Unreadable(`${path}: this folder holds neither chasquid.conf nor domains/.`);
  }
  return lintTree(tree, version, Date.now());
}

/** One file by its name: `aliases` and `users` (the folder's name is the domain), anything else is a configuration. */
async function lintFile(path: string, version: Version): Promise<FileReport> {
  return lintText(path, decodeText(await namedFile(path)), version, lintAliases);
}

/** Standard input, which stands for a file of this name. */
async function lintInput(name: string | undefined, version: Version): Promise<FileReport> {
  if (name === undefined) throw new Usage('Name what standard input is, such as --stdin-name aliases.');
  return lintText(name, decodeText(await standardInput()), version, aliasesAlone);
}

async function standardInput(): Promise<Uint8Array> {
  const input = new ByteBuffer(fileLimit);
  for await (const chunk of process.stdin) {
    if (!input.push(chunk as Buffer)) throw new Unreadable(`standard input: ${tooLarge(fileLimit).message}`);
  }
  return input.bytes;
}

async function lintText(
  path: string,
  text: string,
  version: Version,
  aliases: typeof lintAliases,
): Promise<FileReport> {
  const name = basename(path);
  if (name === 'users') return { path, text, diagnostics: checkUsers(text, version) };
  if (name === 'aliases') return { path, text, diagnostics: await aliases(path, text, version) };
  if (/\.conf$/.test(name)) return { path, text, diagnostics: checkConfig(text, version) };
  throw new Unreadable(`${path}: only files named aliases, users or *.conf are supported.`);
}

/** In `…/domains/DOMAIN/aliases` the whole configuration around it counts; elsewhere the file alone, with default separators. */
async function lintAliases(path: string, text: string, version: Version): Promise<Diagnostic[]> {
  const folder = dirname(resolve(path));
  if (basename(dirname(folder)) === 'domains') {
    const tree = await readTree(nodeFiles, dirname(dirname(folder)));
    const world = buildWorld(tree, { version, lenient: true });
    const domain = tree.domains?.find(each => each.folder === basename(folder));
    const file = domain && world.files.get(domain.path);
    if (file) return checkAliases(file, world);
  }
  return aliasesAlone(path, text, version);
}

async function aliasesAlone(path: string, text: string, version: Version): Promise<Diagnostic[]> {
  return checkAliases(new AliasFile(text, aliasContext(basename(dirname(resolve(path))), version)));
}
