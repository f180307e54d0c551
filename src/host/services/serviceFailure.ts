import { type LastWord, startErrors } from '../../chasquid/startErrors';
import type { Problem } from '../../text/problem';
import { quotable } from '../../text/visible';

/** Why chasquid did not start or stay up, in words for people. */
export interface ServiceFailure extends Problem {
  /** The line it was told from. */
  line: string;
}

/** What systemd (247 … 257) says when chasquid said nothing. */
const bySystemd: readonly LastWord[] = [
  {
    code: 'user-missing',
    pattern: /Failed to determine (?:user|group) credentials/i,
    what: () => 'The user that chasquid’s unit names does not exist.',
    fix: 'Install the package chasquid again, or create that user, then try again.',
  },
  {
    code: 'program-missing',
    pattern: /Failed (?:to locate executable|at step EXEC)/i,
    what: () => 'The program that chasquid’s unit names is not there.',
    fix: 'Install chasquid again, or correct ExecStart in its unit, then try again.',
  },
  {
    code: 'start-limit',
    pattern: /Start request repeated too quickly|start-limit-hit/i,
    what: () => 'chasquid ended at once, again and again, so systemd stopped starting it.',
    fix: 'Check the first error in its log (Show Logs), correct it, then try again.',
  },
  {
    code: 'out-of-memory',
    pattern: /oom-kill|out of memory/i,
    what: () => 'The server ran out of memory and ended a program.',
    fix: 'Add memory or swap, or stop what else uses it, then try again.',
  },
];

/** What the kernel says through chasquid, whatever it was doing. */
const byKernel: readonly LastWord[] = [
  {
    code: 'disk-full',
    pattern: /no space left on device/i,
    what: () => 'The disk of the server is full.',
    fix: 'Free some space there (apt-get clean; journalctl --vacuum-size=100M), then try again.',
  },
];

/** Any other line with which chasquid ended itself (blitiri.com.ar/go/log: `Fatalf`). */
const anyOther: readonly LastWord[] = [
  {
    code: 'daemon-ended',
    pattern: /^☠\s+\S+\s+(?!\s|Got signal to exit)(.+)/,
    what: ([, text]) => `chasquid ended itself: ${text}.`,
    fix: 'Check the log lines around it (Show Logs).',
  },
];

/**
 * Explains a failure from the service's last log lines.
 * @param lines oldest first. The newest line that is known wins; chasquid's own words win over systemd's.
 */
export function explainFailure(lines: readonly string[]): ServiceFailure | undefined {
  const chasquid = [...byKernel, ...startErrors];
  return explain(lines, chasquid) ?? explain(lines, bySystemd) ?? explain(lines, anyOther);
}

function explain(lines: readonly string[], table: readonly LastWord[]): ServiceFailure | undefined {
  for (const line of [...lines].reverse()) {
    for (const { code, pattern, what, fix } of table) {
      const found = pattern.exec(line)?.map(group => group && quotable(group));
      if (found) return { code, what: what(found), fix, line };
    }
  }
  return undefined;
}
