import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Readable, Writable } from 'node:stream';

export interface Output {
  /** null when a signal ended the command. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions extends Pick<SpawnOptions, 'cwd' | 'env'> {
  stdin?: string | Uint8Array;
  /** A fourth stream for the command to read (descriptor 3): for what must not be seen among its arguments. */
  third?: string;
}

/** Runs a command to its end and hands back whatever it answered, success or not. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
  const { stdin, third, ...rest } = options;
  const child = spawn(command, args, {
    ...rest,
    stdio: ['pipe', 'pipe', 'pipe', third === undefined ? 'ignore' : 'pipe'],
  });
  const ended = once(child, 'close');
  for (const [stream, content] of [
    [child.stdin, stdin],
    [child.stdio[3] as Writable | null, third],
  ] as const) {
    stream?.on('error', () => undefined); // The command may end before it has read everything.
    stream?.end(content);
  }
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    ended as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** Like `run`, for commands which must succeed: resolves with their output, or rejects with what they complained of. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code !== 0) {
    throw new Error(
      `${command} ${args.slice(0, 3).join(' ')} ended with ${code ?? 'a signal'}.\n${(stderr || stdout).slice(-2000)}`,
    );
  }
  return stdout;
}

/** Ends a service that was started by `spawn`: asks first, insists after two seconds. Resolves once it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 2000);
  await gone;
  clearTimeout(insist);
}

/**
 * Asks `question` again and again until it answers something other than undefined.
 * @param ms how long to go on. @throws Error with `what` when the time is over, or whatever `question` throws.
 */
export async function until<T>(
  what: string,
  ms: number,
  question: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  for (const start = Date.now(); ;) {
    const answer = await question();
    if (answer !== undefined) return answer;
    if (Date.now() - start > ms) throw new Error(`${what} did not happen within ${ms / 1000} s.`);
    await new Promise(resolve => setTimeout(resolve, 40));
  }
}
