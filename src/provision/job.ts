import { randomBytes } from 'node:crypto';
import type { RootShell } from '../host/protocol/privilege';
import { fileFunctions } from '../host/files/safeFiles';
import type { ShellResult } from '../host/protocol/shell';
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

const places = `${fileFunctions}
run=/run/chasquid-setup logs=/var/log/chasquid-setup
own_folder "$run" || exit 73
`;

/** `\${body}` runs in a subshell that does not hold the lock: a daemon it starts must not keep it. */
const start = (body: string): string => `${places}
exec 9>>"$run/lock"
if ! flock -n 9; then
  other=$(cat "$run/name" 2>/dev/null)
  printf 'Waiting for “%s”, which is still running on this server.\\n' "$other"
  tail -n +1 -s 0.2 -f "$run/log" 9>&- &
  flock 9
  sleep 0.5
  kill $!
  printf '{"waitedFor":"%s"}\\n' "$other" >&3
  exit 0
fi
umask 077
# On a full disk nothing would be heard of the reason: the log is then kept in memory. So it is where its folder may be
# somebody else's: Ubuntu's group syslog can rename what is in /var/log.
if own_folder "$logs" && settle "$logs" && folder=$real && enter && [ "$(stat -c %u .)" = 0 ] &&
  { head -c 65536 /dev/zero >.room 2>/dev/null && rm -f .room || { rm -f .room; false; }; }; then
  log=$logs/$jobName.log
else
  cd "$run" && log=$run/$jobName.log || exit 74
fi
[ ! -e "$jobName.log" ] || mv -f "$jobName.log" "$jobName.log.1"
: >"$jobName.log" && exec 8>>"$jobName.log" && : >"$run/result" && rm -f "$run/code" "$run/pid" && ln -sfn "$log" "$run/log" || exit 74
cd /
printf '%s\\n' "$jobId" >"$run/id" && printf '%s\\n' "$jobName" >"$run/name" && printf '%s\\n' $$ >"$run/leader" || exit 74
(
  exec 3>>"$run/result" >&8 2>&1 8>&-
  (
    exec 9>&-
    umask 022
    unset run logs log folder real link stranger
${body}
  )
  printf '%s\\n' $? >"$run/code"
) &
job=$!
printf '%s\\n' $job >"$run/pid"
exec 8>&- 9>&-
tail -n +1 -s 0.2 --pid=$job -f "$log"
wait $job
printf '{"log":"%s"}\\n' "$log" >&3
cat "$run/result" >&3
exit "$(cat "$run/code" 2>/dev/null || echo 75)"
`;

/** The rest of a job's log and its result, whether it still runs or has ended; nothing when the server knows no such job (any more). */
const resume = `${places}
[ "$(cat "$run/id" 2>/dev/null)" = "$jobId" ] || exit 0
exec 9>>"$run/lock"
if flock -n 9; then
  tail -c +"$from" "$run/log"
else
  while [ ! -s "$run/pid" ]; do sleep 0.1; done
  tail -c +"$from" -s 0.2 --pid="$(cat "$run/pid")" -f "$run/log" 9>&- &
  flock 9
  wait
fi
printf '{"log":"%s"}\\n' "$(readlink "$run/log")" >&3
cat "$run/result" >&3
exit "$(cat "$run/code" 2>/dev/null || echo 75)"
`;

const stop = `${places}
[ "$(cat "$run/id" 2>/dev/null)" = "$jobId" ] || exit 0
exec 9>>"$run/lock"
flock -n 9 && exit 0
leader=$(cat "$run/leader")
kill -s TERM -- -"$leader"
flock -w 3 9 || kill -s KILL -- -"$leader"
`;

/** Runs `body` as a job and follows it to its end. @throws the signal's reason after the job has been ended; connection errors, after which the job runs on. */
export async function runJob(shell: RootShell, job: Job, body: string, options: JobOptions = {}): Promise<JobResult> {
  const ended = await shell.run(start(body), {
    ...follow(job, options),
    inputs: { ...options.inputs, jobId: job.id, jobName: job.name },
  });
  const [first, ...result] = ended.result;
  return { ...ended, result, ...told(first) };
}

/** Follows a job again after the connection was lost. Undefined: it never started, or the server has restarted since. */
export async function resumeJob(shell: RootShell, job: Job, options: JobOptions = {}): Promise<JobResult | undefined> {
  try {
    const ended = await shell.run(resume, {
      ...follow(job, options),
      inputs: { jobId: job.id, from: String(job.seen + 1) },
    });
    const [first, ...result] = ended.result;
    return first === undefined ? undefined : { ...ended, result, ...told(first) };
  } catch (error) {
    // Only the follower has been ended by the abort: the job leads a session of its own.
    if (options.signal?.aborted) await shell.run(stop, { inputs: { jobId: job.id }, timeoutMs: 15_000 });
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
