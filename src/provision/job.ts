import { randomBytes } from 'node:crypto';
import type { RootShell } from '../host/protocol/privilege';
import type { ShellResult } from '../host/protocol/shell';
import { shellScript } from '../ssh/shellScript';
import { isObject } from './stepAnswer';

/**
 * A change on the server that outlives the connection. The job runs in a session of its own and writes into a log that only
 * root can read; the channel merely follows that log. A lock lets one job run at a time: whoever comes later waits for it.
 */
export interface Job {
  /** Tells this run from every other, also after a reconnect. */
  id: string;
  name: string;
  /** Bytes of the log that have been seen. */
  seen: number;
}

export interface JobResult extends ShellResult {
  /** The file on the server; absent when the job could not start. */
  log?: string;
  /** Another job was running; this one has not been started. It has ended by now. */
  waitedFor?: string;
}

export interface JobOptions {
  inputs?: Record<string, string>;
  onOutput?: (text: string) => void;
  signal?: AbortSignal;
}

export const newJob = (name: string): Job => ({ id: randomBytes(9).toString('hex'), name, seen: 0 });

const scripts = {
  start: shellScript(import.meta.url, './job/start.sh'),
  resume: shellScript(import.meta.url, './job/resume.sh'),
  stop: shellScript(import.meta.url, './job/stop.sh'),
};

/** Runs `body` as a job and follows it to its end. @throws the signal's reason after the job has been ended; connection errors, after which the job runs on. */
export async function runJob(shell: RootShell, job: Job, body: string, options: JobOptions = {}): Promise<JobResult> {
  const ended = await shell.run(`the_job() {\n${body}\n}\n${scripts.start}`, {
    ...follow(job, options),
    inputs: { ...options.inputs, jobId: job.id, jobName: job.name },
  });
  const [first, ...result] = ended.result;
  return { ...ended, result, ...told(first) };
}

/** Follows a job again after the connection was lost. Undefined: it never started, or the server has restarted since. */
export async function resumeJob(shell: RootShell, job: Job, options: JobOptions = {}): Promise<JobResult | undefined> {
  try {
    const ended = await shell.run(scripts.resume, {
      ...follow(job, options),
      inputs: { jobId: job.id, from: String(job.seen + 1) },
    });
    const [first, ...result] = ended.result;
    return first === undefined ? undefined : { ...ended, result, ...told(first) };
  } catch (error) {
    // Only the follower has been ended by the abort: the job leads a session of its own.
    if (options.signal?.aborted) await shell.run(scripts.stop, { inputs: { jobId: job.id }, timeoutMs: 15_000 });
    throw error;
  }
}

function follow(job: Job, options: JobOptions): { onOutput: (text: string) => void; signal?: AbortSignal } {
  return {
    onOutput: text => {
      job.seen += Buffer.byteLength(text);
      options.onOutput?.(text);
    },
    ...(options.signal ? { signal: options.signal } : {}),
  };
}

/** The first line of a job's answer: where its log is, or for which other job it has waited. */
function told(line: unknown): { log?: string; waitedFor?: string } {
  const { log, waitedFor } = isObject(line) ? line : {};
  return { ...(typeof log === 'string' ? { log } : {}), ...(typeof waitedFor === 'string' ? { waitedFor } : {}) };
}
