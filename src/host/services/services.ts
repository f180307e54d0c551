import { answerLines, bytesOf, find, need, textOf } from '../protocol/answer';
import type { ChasquidFacts } from '../facts/facts';
import { journalEntries, type LogEntry } from '../logs/journal';
import { listeners, type Listener } from '../facts/listeners';
import { serviceState } from '../facts/readFacts';
import { explainFailure, type ServiceFailure } from './serviceFailure';
import { HostError, type Shell } from '../protocol/shell';
import { unitTime } from '../facts/unitTime';
import { problemText } from '../../text/problem';
import { shellScript } from '../../ssh/shellScript';

export interface ServiceStatus {
  state: ChasquidFacts['service'];
  /** systemd's finer word, e.g. `running`, `auto-restart`, `dead`. */
  subState: string;
  /** Seconds since the epoch. */
  since?: number;
  /** Started at boot. */
  enabled: boolean;
  /** How often systemd had to start it again. */
  restarts: number;
  pid?: number;
  /** Mail ports (25, 465, 587) on which the server listens, by whichever program. */
  listening: Listener[];
  /** The last lines since it was last started, oldest first. */
  lines: LogEntry[];
  /** When it is not running: why, if its last lines tell. */
  failure?: ServiceFailure;
}

const status = shellScript(import.meta.url, './status.sh');

const restart = shellScript(import.meta.url, './restart.sh');

/** @param options.lines how many log lines to bring (40). @throws HostError `no-service` when chasquid has no unit. */
export function readStatus(
  shell: Shell,
  options: { lines?: number; signal?: AbortSignal } = {},
): Promise<ServiceStatus> {
  return ask(shell, status, options);
}

/**
 * Restarts chasquid (forgetting earlier failures, and starting its sockets when they are enabled) and tells whether it
 * stayed up: the result's state is `active` when it did, else `failure` explains.
 * @throws HostError `no-service`
 */
export function restartService(
  shell: Shell,
  options: { lines?: number; signal?: AbortSignal } = {},
): Promise<ServiceStatus> {
  return ask(shell, `${restart}\n${status}`, options);
}

async function ask(
  shell: Shell,
  script: string,
  options: { lines?: number; signal?: AbortSignal },
): Promise<ServiceStatus> {
  const answer = await shell.run(script, {
    inputs: { count: String(options.lines ?? 40) },
    timeoutMs: 60_000,
    ...(options.signal && { signal: options.signal }),
  });
  const lines = answerLines(answer);
  const unit = textOf(need(lines, 'unit', answer, 'the service'));
  const property = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
  if (property('LoadState') !== 'loaded') {
    throw new HostError(
      'no-service',
      'This server has no service named chasquid. Either chasquid is not installed, or it is started in another way. Run Set Up Server to install it.',
    );
  }
  const since = unitTime(property('StateChangeTimestamp'));
  const pid = Number(property('MainPID'));
  const entries = await journalEntries(bytesOf(find(lines, 'journal')));
  const lastWord = entries.findLast(entry => entry.source === 'process' && entry.severity !== 'debug')?.text ?? '';
  const state = serviceState(property('ActiveState'), lastWord.startsWith('Got signal to exit'));
  // One that was stopped, or never started, has nothing to explain: what its log says is of earlier times.
  const failure =
    state === 'failed' || state === 'activating' ? explainFailure(entries.map(entry => entry.text)) : undefined;
  return {
    state,
    subState: property('SubState'),
    ...(since && { since }),
    enabled: property('UnitFileState') === 'enabled',
    restarts: Number(property('NRestarts')) || 0,
    ...(pid && { pid }),
    listening: listeners(textOf(find(lines, 'listen'))).filter(({ port }) => [25, 465, 587].includes(port)),
    lines: entries,
    ...(failure && { failure }),
  };
}

/** Why chasquid did not stay up after a restart, and what to do, in sentences. */
export function serviceProblem(server: string, { failure }: ServiceStatus): string {
  return failure
    ? problemText(failure)
    : `chasquid on ${server} did not keep running after the restart. Its log shows no known reason. Read it with Show Logs.`;
}
