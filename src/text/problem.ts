/** Something that did not work, as it is reported to a person: from the scripts on a server to the notification. */
export interface Problem {
  /** Kebab-case and stable, for programs. */
  code: string;
  /** What happened, in a sentence. */
  what: string;
  /** The reason, in a sentence. Absent where `what` gives it already. */
  why?: string;
  /** What to do next, in a sentence. */
  fix: string;
}

/** How much something matters that was found in a file or a record, as editors show it. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What happened and why. */
export function causeOf({ what, why }: Partial<Problem>): string {
  return [what, why].filter(Boolean).join(' ');
}

/** What happened, why, and what to do next. */
export function problemText(problem: Omit<Problem, 'code'>): string {
  return `${causeOf(problem)} ${problem.fix}`;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whatever was thrown as an error. */
export function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
