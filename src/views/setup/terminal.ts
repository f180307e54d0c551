import * as vscode from 'vscode';
import { Cancelled } from '../../app/cancelled';
import { SetupScreen } from './screen';

const ctrlC = '\u0003';

/** The user stopped the run: nothing that needs to be reported to them. */
export class StoppedError extends Cancelled {
  constructor(how: string) {
    super();
    this.message = how;
  }
}

/** The last ended run of each name, whose tab may be taken away. */
const ended = new Map<string, SetupTerminal>();

/** A terminal tab that shows a set-up and takes single keys and secrets; what it shows is drawn by `SetupScreen`. */
export class SetupTerminal implements vscode.Pseudoterminal {
  private readonly writing = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writing.event;
  private readonly opened: Promise<void>;
  private open_!: () => void;
  private screen = new SetupScreen(100);
  private typed = '';
  private secret: ((answer: string | undefined) => void) | undefined;
  private key: { keys: string; done: (key: string) => void } | undefined;
  private readonly abort = new AbortController();
  private readonly terminal: vscode.Terminal;

  /** Aborts on Ctrl+C while a step runs, or when the user closes the terminal. */
  readonly signal = this.abort.signal;

  /** The tab of an earlier run that has ended gives way to one of the same name. */
  constructor(private readonly name: string) {
    ended.get(name)?.terminal.dispose();
    this.opened = new Promise(resolve => (this.open_ = resolve));
    this.terminal = vscode.window.createTerminal({ name, pty: this, iconPath: new vscode.ThemeIcon('rocket') });
    this.terminal.show();
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size) this.screen = new SetupScreen(size.columns);
    this.open_();
  }

  close(): void {
    if (ended.get(this.name) === this) ended.delete(this.name);
    this.open_();
    this.answerSecret(undefined);
    this.key?.done('q');
    this.key = undefined;
    this.abort.abort(new StoppedError('Its terminal was closed.'));
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.writing.fire(this.screen.resize(size.columns));
  }

  handleInput(data: string): void {
    // Arrow keys and the like are sequences that begin with Escape: nothing that is asked for here.
    if (data.length > 1 && data.startsWith('\u001b')) return;
    for (const character of data) {
      if (this.secret) this.typeSecret(character);
      else if (this.key && (this.key.keys.includes(character.toLowerCase()) || character === ctrlC)) {
        const { done } = this.key;
        this.key = undefined;
        done(character === ctrlC ? 'q' : character.toLowerCase());
      } else if (character === ctrlC && !this.signal.aborted) {
        this.writing.fire(this.screen.phase('stopping…'));
        this.abort.abort(new StoppedError('Stopped with Ctrl+C.'));
      }
    }
  }

  async draw(change: (screen: SetupScreen) => string): Promise<void> {
    await this.opened;
    this.writing.fire(change(this.screen));
  }

  /** Asks for a secret; nothing of it is echoed. Undefined when it is left with Ctrl+C. */
  async askSecret(question: string): Promise<string | undefined> {
    await this.draw(screen => screen.ask(question));
    this.terminal.show();
    this.typed = '';
    const answer = await new Promise<string | undefined>(resolve => (this.secret = resolve));
    await this.draw(screen => screen.answered(answer === undefined ? '(none)' : '(entered)'));
    return answer;
  }

  /** Waits for one of these keys; Ctrl+C counts as `q`. `words`: what is shown as the answer. */
  async askKey(question: string, words: Readonly<Record<string, string>>): Promise<string> {
    await this.draw(screen => screen.ask(question));
    const key = await new Promise<string>(resolve => (this.key = { keys: Object.keys(words).join(''), done: resolve }));
    await this.draw(screen => screen.answered(words[key] ?? key));
    return key;
  }

  show(): void {
    this.terminal.show();
  }

  /** Nothing more will be drawn: the tab stays to be read. */
  end(): void {
    ended.set(this.name, this);
  }

  private typeSecret(character: string): void {
    if (character === '\r' || character === '\n') this.answerSecret(this.typed);
    else if (character === ctrlC) this.answerSecret(undefined);
    else if (character === '\u007f' || character === '\b') this.typed = [...this.typed].slice(0, -1).join('');
    else if (character === '\u0015') this.typed = '';
    else if (character >= ' ') this.typed += character;
  }

  private answerSecret(answer: string | undefined): void {
    const resolve = this.secret;
    this.secret = undefined;
    this.typed = '';
    resolve?.(answer);
  }
}
