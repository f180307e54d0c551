import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { ExecOptions, ExecResult, Remote } from '../../../src/ssh/remote';

/** This very machine as a `Remote`: real shells, real processes, no SSH between. Aborting closes the pipes and no more, as a closed channel does. */
export class LocalRemote implements Remote {
  readonly peer = { address: '127.0.0.1', port: 0, direct: true };
  readonly user = 'root';
  /** Every command line that was run. */
  readonly commands: string[] = [];

  constructor(private readonly path = process.env.PATH ?? '') {}

  exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    this.commands.push(command);
    return new Promise((resolve, reject) => {
      const child = spawn('sh', ['-c', command], { env: { ...process.env, PATH: this.path }, detached: true });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (options.onStdout ? options.onStdout(chunk) : (stdout += chunk)));
      child.stderr.on('data', (chunk: Buffer) => (options.onStderr ? options.onStderr(chunk) : (stderr += chunk)));
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.stdin ?? '');
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, ...(signal ? { signal } : {}), stdout, stderr }));
      options.signal?.addEventListener('abort', () => {
        child.stdout.destroy();
        child.stderr.destroy();
        reject(options.signal?.reason);
      });
    });
  }

  tunnel(): Promise<Duplex> {
    return Promise.reject(new Error('This machine needs no tunnel to itself.'));
  }
}
