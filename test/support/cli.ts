import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli/main';

export interface Answer {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs `chasquid-check` as if it were called in `folder`. */
export async function chasquidCheck(folder: string, ...args: string[]): Promise<Answer> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await inProcess(main, args);
  } finally {
    process.chdir(before);
  }
}

/** Runs a command in this process: much faster than one of its own, which test/unit/cli/package.test.ts starts. */
export async function inProcess(run: (args: string[]) => Promise<number>, args: string[]): Promise<Answer> {
  const answer: Answer = { status: 0, stdout: '', stderr: '' };
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (text: string | Uint8Array) => {
      answer[name] += String(text);
      return true;
    };
  }
  try {
    answer.status = await run(args);
  } finally {
    Object.assign(process.stdout, { write: writes.stdout });
    Object.assign(process.stderr, { write: writes.stderr });
  }
  return answer;
}

/** A folder with these files, for the time of `use`. */
export async function withFiles<Result>(
  files: Record<string, string | Uint8Array>,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'chasquid-cli-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
