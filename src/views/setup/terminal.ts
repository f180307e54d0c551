import * as vscode from 'vscode';
import { SetupScreen } from './screen';

const ctrlC = '\u0003';

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

  /** Aborts on Ctrl+C while a step runs, or when the person closes the terminal. */
  readonly signal = this.abort.signal;

  constructor(name: string) {
    this.opened = new Promise(resolve => (this.open_ = resolve));
    this.terminal = vscode.window.createTerminal({ name, pty: this, iconPath: new vscode.ThemeIcon('rocket') });
    this.terminal.show();
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size) this.screen = new SetupScreen(size.columns);
    this.open_();
  }

  close(): void {
    this.answerSecret(undefined);
    this.key?.done('q');
    this.key = undefined;
    this.abort.abort(new Error('The setup terminal was closed.'));
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.writing.fire(this.screen.resize(size.columns));
  }

  handleInput(data: string): void {
    for (const character of data) {
      if (this.secret) this.typeSecret(character);
      else if (this.key && (this.key.keys.includes(character.toLowerCase()) || character === ctrlC)) {
        const { done } = this.key;
        this.key = undefined;
        done(character === ctrlC ? 'q' : character.toLowerCase());
      } else if (character === ctrlC) this.abort.abort(new Error('Stopped with Ctrl+C.'));
    }
  }

  async draw(change: (screen: SetupScreen) => string): Promise<void> {
    await this.opened;
    this.writing.fire(change(this.screen));
  }

  /** Asks for a secret; nothing of it is echoed. Undefined when it is left with Ctrl+C. */
  async askSecret(prompt: string): Promise<string | undefined> {
    await this.draw(screen => screen.notice(prompt, 'warning'));
    this.terminal.show();
    this.typed = '';
    return new Promise(resolve => (this.secret = resolve));
  }

  /** Waits for one of these keys; Ctrl+C counts as `q`. */
  async askKey(keys: string): Promise<string> {
    await this.opened;
    return new Promise(resolve => (this.key = { keys, done: resolve }));
  }

  show(): void {
    this.terminal.show();
  }

  private typeSecret(character: string): void {
    if (character === '\r' || character === '\n') this.answerSecret(this.typed);
    else if (character === ctrlC) this.answerSecret(undefined);
    else if (character === '\u007f') this.typed = [...this.typed].slice(0, -1).join('');
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
