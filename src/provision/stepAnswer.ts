import { quotable, visible } from '../text/visible';
import type { Problem } from '../text/problem';

/** What a step's script answers of its state (`answer` in shell/answers.sh). */
export interface StepAnswer {
  step: string;
  state: 'done' | 'needed' | 'impossible' | 'failed';
  /** A short phrase for the step's line. */
  detail: string;
  /** Observed values, by name. */
  facts: Record<string, string>;
  /** What apply would change: lines that begin with + (added), - (removed) or ~ (changed). */
  diff: string[];
  problems: Problem[];
}

const states: readonly unknown[] = ['done', 'needed', 'impossible', 'failed'];
/** More lines than this nobody reads before a change. */
const mostDiffLines = 500;
const mostProblems = 20;

/** Reads one line of a script's answer. What is written by commands on the server is bounded. Undefined: it is something else. */
export function readStepAnswer(line: unknown): StepAnswer | undefined {
  if (!isObject(line) || typeof line.step !== 'string' || !states.includes(line.state)) return undefined;
  return {
    step: line.step,
    state: line.state as StepAnswer['state'],
    detail: text(line.detail),
    facts: isObject(line.facts)
      ? Object.fromEntries(Object.entries(line.facts).map(([name, value]) => [name, lineText(value)]))
      : {},
    diff: list(line.diff).slice(0, mostDiffLines).map(lineText),
    problems: list(line.problems)
      .slice(0, mostProblems)
      .flatMap(problem => readProblem(problem) ?? []),
  };
}

/** A problem as scripts write it; undefined when it is none. */
export function readProblem(problem: unknown): Problem | undefined {
  if (!isObject(problem) || typeof problem.code !== 'string' || text(problem.what) === '') return undefined;
  return {
    code: text(problem.code),
    what: text(problem.what),
    ...(text(problem.why) !== '' && { why: text(problem.why) }),
    fix: text(problem.fix) || 'Read the output of the step, then try again.',
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** As it is written, with its spaces. */
const lineText = (value: unknown): string => (typeof value === 'string' ? visible(value) : '');
const text = (value: unknown): string => (typeof value === 'string' ? quotable(value, 400) : '');
