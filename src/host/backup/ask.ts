import { lastWords } from '../../text/visible';
import { answerLines, bytesOf, find, need, quoteOf, textOf, type AnswerLine } from '../protocol/answer';
import { HostError, type Shell, type ShellResult } from '../protocol/shell';
import { binaryPattern, keyPattern } from './secretPattern';

/** One state of the configuration that was kept. */
export interface BackupCommit {
  /** Of the commit, 40 hexadecimal digits. */
  id: string;
  /** Seconds since the epoch. */
  time: number;
  message: string;
}

/** Runs a script that needs `store.sh`. @throws HostError for every way in which it stopped */
export async function askStore(
  shell: Shell,
  script: string,
  inputs: Record<string, string>,
  signal?: AbortSignal,
): Promise<{ lines: AnswerLine[]; answer: ShellResult }> {
  const answer = await shell.run(script, {
    inputs: { installGit: 'no', absent: 'no', keyPattern, binaryPattern, ...inputs },
    timeoutMs: 300_000,
    ...(signal && { signal }),
  });
  const lines = answerLines(answer);
  for (const [kind, problem] of Object.entries(problems)) {
    const line = find(lines, kind);
    if (!line) continue;
    const [code, message] = problem(quoteOf(line), answer.output);
    throw new HostError(code, message);
  }
  need(lines, 'done', answer, 'the backup');
  return { lines, answer };
}

/** What a script stops with, by the kind of its line: the error's code and text, from the line's text and the script's output. */
const problems: Record<string, (text: string, output: string) => [string, string]> = {
  nogit: () => [
    'no-git',
    'git is not installed on the server. Backups are kept as a git repository there. Install it (apt-get install git), then try again.',
  ],
  missing: config => [
    'no-configuration',
    `chasquid's folder ${config} is not on the server, or may not be read. There is nothing to back up yet. Run Set Up Server first.`,
  ],
  nothing: config => [
    'nothing-to-back-up',
    `There is nothing to back up in ${config}: no configuration file besides private keys. Run Set Up Server first.`,
  ],
  locked: () => [
    'file-busy',
    'chasquid’s files are being changed by another window. It did not finish within a minute. Wait for it, then try again.',
  ],
  exposed: folder => [
    'folder-exposed',
    `Users other than root can change ${folder} or a folder above it. What is written there could be redirected to another file. Let root own these folders, without write permission for others, then try again.`,
  ],
  unknown: () => [
    'no-backup',
    'There is no such backup on this server. It may be of another server. Restore Configuration lists those there are.',
  ],
  blocked: folder => [
    'folder-changed',
    `${folder} was not written: it is a link, on another file system, or was replaced during the restore. The files before it are restored; the state before the restore is the newest in Restore Configuration. Make it an ordinary folder, then try again.`,
  ],
  failed: (what, output) => [
    'backup-failed',
    `${what} failed on the server. It reported: “${lastWords(output)}”. Fix that, then try again.`,
  ],
};

/** The commits in the line `commits`, newest first; none where it is missing. */
export function commitsOf(lines: AnswerLine[]): BackupCommit[] {
  return bytesOf(find(lines, 'commits'))
    .toString('utf8')
    .split('\n')
    .flatMap(text => {
      const parts = /^([0-9a-f]{40}) (\d+) (.*)$/.exec(text);
      return parts ? [{ id: parts[1]!, time: Number(parts[2]), message: parts[3]! }] : [];
    });
}

/** The lines of the text in the line of that kind. */
export const listIn = (lines: AnswerLine[], kind: string): string[] =>
  textOf(find(lines, kind)).split('\n').filter(Boolean);
