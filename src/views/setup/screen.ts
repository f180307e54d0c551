import { timePassed } from '../../text/duration';

export type StepMark =
  'waiting' | 'running' | 'done' | 'applied' | 'needed' | 'failed' | 'skipped' | 'impossible' | 'stopped';

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
  stopped: `${style.yellow}■${style.reset}`,
};

const colours = {
  plain: '',
  dim: style.dim,
  bold: style.bold,
  warning: style.yellow,
  good: style.green,
  bad: style.red,
};

/** Text that stays where it is: wrapped between words, every row indented alike. */
interface Note {
  text: string;
  colour: keyof typeof colours;
  indent: string;
}

const tailRows = 8;
/** Characters of a line, or of a sentence among the steps: far more than the terminal shows of one. */
const lineLimit = 4096;
const inset = '   ';
const showCursor = `${esc}?25h`;
const hideCursor = `${esc}?25l`;

/**
 * The text of the setup terminal: finished steps one line each, below them the running one with the last lines of its
 * output, or a question with the cursor behind it. Each method returns what to write to the terminal. The lower part is
 * rewritten in place, so each of its lines is cut to the width; what stays above is wrapped. After a resize everything is
 * drawn again.
 */
export class SetupScreen {
  private readonly above: (Note | Line)[] = [];
  private active: Line | undefined;
  private tail: string[] = [];
  private partial = '';
  private question: string | undefined;
  /** Rows of the lower part as it stands on the terminal; the cursor is below them, or behind the question. */
  private drawn = 0;
  private asking = false;

  constructor(private width: number) {}

  begin(heading: string, note: string): string {
    // Only single keys and secrets are typed here: a cursor shows only where one is asked for.
    return `${hideCursor}${this.settle([
      { text: heading, colour: 'bold', indent: '' },
      ...(note ? [{ text: note, colour: 'dim', indent: '' } as const] : []),
      { text: '', colour: 'plain', indent: '' },
    ])}`;
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

  /** Live output of the running step. A carriage return begins its line again, as a terminal would. */
  output(text: string): string {
    const lines = (this.partial + text).split(/\r?\n/);
    this.partial = begun(lines.pop() ?? '');
    const shown: string[] = [];
    for (let at = lines.length - 1; at >= 0 && shown.length < tailRows; at--) {
      const line = plain(begun(lines[at]!));
      if (line.trim() !== '') shown.unshift(line);
    }
    this.tail = [...this.tail, ...shown].slice(-tailRows);
    return this.redrawActive();
  }

  /**
   * The running step became its result: one line, with its last output when it did not get to its end.
   * @param ms undefined: how long it took says nothing
   */
  finish(mark: StepMark, detail: string, ms?: number, explanation: string[] = []): string {
    if (!this.active) return '';
    const line: Line = { ...this.active, mark, detail };
    if (ms !== undefined) line.ms = ms;
    const kept = mark === 'failed' || mark === 'stopped' ? this.tail : [];
    this.active = undefined;
    this.tail = [];
    this.partial = '';
    return this.settle([
      line,
      ...kept.map(text => ({ text, colour: 'dim', indent: `${inset}│ ` }) as const),
      ...explanation.map(text => ({ text, colour: 'plain', indent: inset }) as const),
    ]);
  }

  /** A line of its own among the steps: a lost connection, what comes next. */
  notice(text: string, kind: keyof typeof colours = 'plain', indent = ''): string {
    return this.settle(text.split('\n').map(line => ({ text: line, colour: kind, indent })));
  }

  /** A question with the cursor behind it, below everything else, until it is answered. */
  ask(question: string): string {
    this.question = question;
    return this.redrawActive();
  }

  /** `answer` as it may be shown; it stays above with its question. */
  answered(answer: string): string {
    const { question } = this;
    if (question === undefined) return '';
    this.question = undefined;
    return this.settle([{ text: `${question} ${answer}`.trimEnd(), colour: 'dim', indent: '' }]);
  }

  resize(width: number): string {
    this.width = width;
    this.drawn = 0;
    this.asking = false;
    return `${hideCursor}${esc}2J${esc}3J${esc}H${this.above.map(line => this.row(line)).join('')}${this.redrawActive()}`;
  }

  private settle(lines: (Note | Line)[]): string {
    this.above.push(...lines);
    const erased = this.erase();
    return `${erased}${lines.map(line => this.row(line)).join('')}${this.redrawActive()}`;
  }

  private redrawActive(): string {
    let text = this.erase();
    if (this.active) {
      const lines = [
        this.stepLine(this.active),
        ...this.tail.map(line => `${inset}${style.dim}│ ${line}${style.reset}`),
      ];
      this.drawn = lines.length;
      text += lines.map(line => `${cutStyled(line, this.width)}\r\n`).join('');
    }
    if (this.question !== undefined) {
      this.asking = true;
      text += `${style.yellow}${cut(this.question, this.width - 2)}${style.reset} ${showCursor}`;
    }
    return text;
  }

  private erase(): string {
    const rows = this.drawn;
    const begin = this.asking ? `${hideCursor}\r` : '';
    const isThere = rows > 0 || this.asking;
    this.drawn = 0;
    this.asking = false;
    return isThere ? `${begin}${rows > 0 ? `${esc}${rows}A\r` : ''}${esc}J` : '';
  }

  private stepLine(line: Line): string {
    const time = line.ms === undefined ? '' : line.ms < 9950 ? `${(line.ms / 1000).toFixed(1)} s` : timePassed(line.ms);
    const head = ` ${marks[line.mark]}  ${style.bold}${line.title.padEnd(24)}${style.reset} `;
    const room = this.width - 5 - 24 - 1 - 10;
    const detail = room < 10 ? '' : cut(plain(line.detail), room);
    return time === ''
      ? `${head}${detail}`
      : `${head}${detail.padEnd(Math.max(0, room))}${style.dim}${time.padStart(9)}${style.reset}`;
  }

  private row(line: Note | Line): string {
    if ('mark' in line) return `${cutStyled(this.stepLine(line), this.width)}\r\n`;
    const { text, colour, indent } = line;
    const start = colours[colour];
    return wrap(plain(text), this.width - indent.length)
      .map(part => `${start}${indent}${part}${start ? style.reset : ''}\r\n`)
      .join('');
  }
}

/** What the last carriage return, that of its end not counted, has left of a line. */
function begun(line: string): string {
  return line.slice(line.lastIndexOf('\r', line.length - 2) + 1).slice(0, lineLimit);
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

/** Rows of at most `width` columns, broken between words where there is room for one. */
function wrap(text: string, width: number): string[] {
  const limit = Math.max(10, width);
  const rows: string[] = [];
  let rest = [...text.slice(0, lineLimit)];
  while (rest.length > limit) {
    const space = rest.lastIndexOf(' ', limit);
    const end = space > 0 ? space : limit;
    rows.push(rest.slice(0, end).join(''));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...rows, rest.join('')];
}
