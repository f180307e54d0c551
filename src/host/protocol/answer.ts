import { lastWords, quotable } from '../../text/visible';
import { HostError, type ShellResult } from './shell';

/**
 * The protocol between our scripts and us: each line is a flat JSON object. What a server says of itself may hold any
 * byte (file names, log text), so such values are base64 in the fields `name` and `data`; the others are plain.
 */
export interface AnswerLine {
  kind: string;
  name?: string;
  data?: string;
  [field: string]: unknown;
}

/** The lines of a script's answer, `name` and `data` still encoded. Lines that are not ours are passed over. */
export function answerLines(result: ShellResult): AnswerLine[] {
  return result.result.filter(isAnswerLine);
}

function isAnswerLine(value: unknown): value is AnswerLine {
  const { kind, name = '', data = '' } = (value ?? {}) as Record<string, unknown>;
  return typeof kind === 'string' && typeof name === 'string' && typeof data === 'string';
}

export const bytesOf = (line: AnswerLine | undefined): Buffer => Buffer.from(line?.data ?? '', 'base64');

/** The octets of a text that are looked at; what is longer is cut. */
const textLimit = 1024 * 1024;

export function textOf(line: AnswerLine | undefined): string {
  // Four characters of base64 are three octets.
  const encoded = (line?.data ?? '').slice(0, Math.ceil(textLimit / 3) * 4);
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** The text as it may stand in a sentence: a path, a name, what a command said. */
export const quoteOf = (line: AnswerLine | undefined): string => quotable(textOf(line), 200);
export const nameOf = (line: AnswerLine): string => Buffer.from(line.name ?? '', 'base64').toString('utf8');

/** Far more folders and files than a server of ours has. */
const listLimit = 100_000;

/** The items of a NUL-separated list. @throws HostError `answer-too-large` */
export function listOf(line: AnswerLine | undefined): string[] {
  const items = bytesOf(line)
    .toString('utf8')
    .split('\0', listLimit + 1);
  if (items.length > listLimit) throw tooMany(listLimit, line?.kind ?? 'items');
  return items.filter(Boolean);
}

function tooMany(limit: number, what: string): HostError {
  return new HostError(
    'answer-too-large',
    `The server listed more than ${limit} ${what}. So many are not read. Look in chasquid's configuration directory for what does not belong there.`,
  );
}

/** No server has more folders than this below domains/ or certs/. */
const mostFolders = 20_000;

/** The names of the folders in a list of paths, sorted, each once. @throws HostError `answer-too-large` */
export function folderNames(line: AnswerLine | undefined): string[] {
  const names = listOf(line).map(path => path.slice(path.lastIndexOf('/') + 1));
  if (names.length > mostFolders) throw tooMany(mostFolders, line?.kind ?? 'folders');
  return [...new Set(names)].sort();
}

/** The first line of that kind, or of that kind and name. */
export function find(lines: AnswerLine[], kind: string, name?: string): AnswerLine | undefined {
  return lines.find(line => line.kind === kind && (name === undefined || nameOf(line) === name));
}

/** Like `find`, for a line without which the answer has no meaning. @throws HostError `no-answer` with the script's last words. */
export function need(lines: AnswerLine[], kind: string, result: ShellResult, what: string): AnswerLine {
  const line = find(lines, kind);
  if (line) return line;
  const words = lastWords(result.output);
  throw new HostError(
    'no-answer',
    `The server gave no answer about ${what}. ${words ? `It reported: “${words}”.` : `The script ended with status ${result.code ?? 'none'} and printed nothing.`} ` +
      'Check the server in a terminal, then try again.',
  );
}
