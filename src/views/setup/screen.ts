import { duration } from '../servers/rows';

export type StepMark = 'waiting' | 'running' | 'done' | 'applied' | 'needed' | 'failed' | 'skipped' | 'impossible';

export interface ScreenStep {
  id: string;
  title: string;
}

interface Line extends ScreenStep {
  mark: StepMark;
  detail: string;
  ms?: number;
}

const esc = '\u001b[';
const style = {
  reset: `${esc}0m`,
  bold: `${esc}1m`,
  dim: `${esc}2m`,
  red: `${esc}31m`,
  green: `${esc}32m`,
  yellow: `${esc}33m`,
  cyan: `${esc}36m`,
};

const marks: Record<StepMark, string> = {
  waiting: `${style.dim}·${style.reset}`,
  running: `${style.cyan}●${style.reset}`,
  done: `${style.green}✓${style.reset}`,
  applied: `${style.green}✓${style.reset}`,
  needed: `${style.yellow}•${style.reset}`,
  failed: `${style.red}✗${style.reset}`,
  skipped: `${style.dim}↷${style.reset}`,
  impossible: `${style.yellow}–${style.reset}`,
};

const tailRows = 8;

/**
 * The text of the setup terminal: finished steps one line each, below them the running one with the last lines of its
 * output. Each method returns what to write to the terminal. Every line is cut to the width, so a line is one row and
 * the lower part can be rewritten in place; after a resize everything is drawn anew.
 */
export class SetupScreen {
  private readonly above: (string | Line)[] = [];
  private active: Line | undefined;
  private tail: string[] = [];
  private partial = '';
  /** Rows of the lower part as it stands on the terminal. */
  private drawn = 0;

  constructor(private width: number) {}

  begin(heading: string, note: string): string {
    const title = `${style.bold}${heading}${style.reset}${note ? `  ${style.dim}${note}${style.reset}` : ''}`;
    // Only single keys and secrets are typed here: a cursor would look like a prompt.
    return `${esc}?25l${this.settle([title, ''])}`;
  }

  start(step: ScreenStep, detail: string): string {
    this.active = { ...step, mark: 'running', detail };
    this.tail = [];
    this.partial = '';
    return this.redrawActive();
  }

  phase(detail: string): string {
    if (this.active) this.active.detail = detail;
    return this.redrawActive();
  }

  /** Live output of the running step. A carriage return begins its line anew, as a terminal would. */
  output(text: string): string {
    const lines = (this.partial + text).split(/\r?\n/);
    this.partial = lines.pop() ?? '';
    this.tail = [...this.tail, ...lines.map(plain).filter(line => line.trim() !== '')].slice(-tailRows);
    return this.redrawActive();
  }

  /** The running step became its result: one line, or with its last output when it failed. */
  finish(mark: StepMark, detail: string, ms: number, explanation: string[] = []): string {
    if (!this.active) return '';
    const line = { ...this.active, mark, detail, ms };
    const kept = mark === 'failed' ? this.tail.map(text => `   ${style.dim}│ ${text}${style.reset}`) : [];
    this.active = undefined;
    this.tail = [];
    this.partial = '';
    return this.settle([line, ...kept, ...explanation.map(text => `   ${text}`)]);
  }

  /** A line of its own among the steps: a lost connection, a question. */
  notice(text: string, kind: 'plain' | 'warning' | 'good' | 'bad' = 'plain'): string {
    const colour = { plain: '', warning: style.yellow, good: style.green, bad: style.red }[kind];
    return this.settle(text.split('\n').map(line => `${colour}${line}${style.reset}`));
  }

  resize(width: number): string {
    this.width = width;
    this.drawn = 0;
    return `${esc}2J${esc}3J${esc}H${this.above.map(line => this.row(line)).join('')}${this.redrawActive()}`;
  }

  private settle(lines: (string | Line)[]): string {
    this.above.push(...lines);
    const erased = this.erase();
    return `${erased}${lines.map(line => this.row(line)).join('')}${this.redrawActive()}`;
  }

  private redrawActive(): string {
    const erased = this.erase();
    if (!this.active) return erased;
    const lines = [this.active, ...this.tail.map(text => `   ${style.dim}│ ${text}${style.reset}`)];
    this.drawn = lines.length;
    return erased + lines.map(line => this.row(line)).join('');
  }

  private erase(): string {
    const rows = this.drawn;
    this.drawn = 0;
    return rows === 0 ? '' : `${esc}${rows}A\r${esc}J`;
  }

  private stepLine(line: Line): string {
    const time =
      line.ms === undefined ? '' : line.ms < 9950 ? `${(line.ms / 1000).toFixed(1)} s` : duration(line.ms / 1000);
    const head = ` ${marks[line.mark]}  ${style.bold}${line.title.padEnd(24)}${style.reset} `;
    const room = this.width - 5 - 24 - 1 - 10;
    const detail = room < 10 ? '' : cut(plain(line.detail), room).padEnd(room);
    return `${head}${detail}${style.dim}${time.padStart(9)}${style.reset}`;
  }

  private row(line: string | Line): string {
    return `${cutStyled(typeof line === 'string' ? line : this.stepLine(line), this.width)}\r\n`;
  }
}

/** Text from a server without its control sequences: it may not move our cursor, colour our lines or set a title. */
export function plain(text: string): string {
  const last = text.slice(text.lastIndexOf('\r') + 1);
  return last
    .replace(/\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)?/g, '')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\u001b[@-Z\\-_]?/g, '')
    .replace(/\t/g, '    ')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '');
}

function cut(text: string, width: number): string {
  if (width <= 0) return '';
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** Cuts to `width` visible columns; our own style sequences take no room. */
function cutStyled(line: string, width: number): string {
  let room = width;
  let result = '';
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) result += part;
    else {
      const text = cut(part, room);
      room -= [...text].length;
      result += text;
    }
  }
  return result;
}
