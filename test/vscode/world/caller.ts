import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The extension that calls. */
export const callerExtension = join(import.meta.dirname, '..', 'caller');

/** Calls commands of VS Code as another extension does, through `callerExtension` in the window. */
export class Caller {
  private calls = 0;

  private constructor(private readonly folder: string) {}

  static async create(): Promise<Caller> {
    return new Caller(await mkdtemp(join(tmpdir(), 'chasquid-calls-')));
  }

  /** For the environment of the extension host. */
  get environment(): Record<string, string> {
    return { CHASQUID_CALLS: this.folder };
  }

  /** As a command of VS Code. @throws Error with the text of what the command threw; when nothing comes within `withinMs`. */
  call<Result>(command: string, args?: object, withinMs?: number): Promise<Result> {
    return this.ask({ command, args: args ? [args] : [], exported: false }, withinMs);
  }

  /** Through the exported API. @throws as `call` */
  run<Result>(command: string, args: object, withinMs?: number): Promise<Result> {
    return this.ask({ command, args: [args], exported: true }, withinMs);
  }

  private async ask<Result>(
    request: { command: string; args: object[]; exported: boolean },
    withinMs = 60_000,
  ): Promise<Result> {
    const file = join(this.folder, String(++this.calls));
    // In one move: the other side must not find half of it.
    await writeFile(`${file}.part`, JSON.stringify(request));
    await rename(`${file}.part`, `${file}.call`);
    for (const end = Date.now() + withinMs; Date.now() < end; await delay(50)) {
      const told = await readFile(`${file}.answer`, 'utf8').catch(() => undefined);
      if (told === undefined) continue;
      const { result, error } = JSON.parse(told) as { result: Result; error?: string };
      if (error !== undefined) throw new Error(error);
      return result;
    }
    throw new Error(`chasquid.${request.command} did not come back within ${withinMs / 1000} s.`);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
