import * as os from 'node:os';
import * as vscode from 'vscode';
import { Cancelled } from '../app/cancelled';
import type { ServerSession } from '../app/session';
import type { RemoteTerminal, TerminalEnd, TerminalSize } from '../ssh/terminal';
import { messageOf } from '../text/problem';
import { visible } from '../text/visible';

const enter = '\r';
/** What programs that are gone may have left switched on: the second screen, mouse and paste reports, a hidden cursor. */
const restore = '\u001b[?1049l\u001b[?1000;1002;1003;1004;1006;2004l\u001b[?25h\u001b[0m';

/**
 * A terminal tab with the login shell of a server, over the connection that the extension has: its host key is verified, and
 * jump hosts, keys and passwords are those of the session. So it is there in every window, also where this computer's own `ssh`
 * cannot be started.
 */
export class SshTerminal implements vscode.Pseudoterminal {
  private readonly writing = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writing.event;
  private readonly closing = new vscode.EventEmitter<number>();
  readonly onDidClose = this.closing.event;
  private size: TerminalSize = { columns: 80, rows: 24 };
  private shell: RemoteTerminal | undefined;
  /** Typed before the shell was there. */
  private early = '';
  /** Nothing goes on before the user presses Enter. */
  private waiting = false;
  private closed = false;

  /** @param connect connects when there is no connection, asking the user what is needed */
  constructor(
    private readonly session: ServerSession,
    private readonly connect: () => Promise<unknown>,
  ) {}

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size) this.size = size;
    void this.run();
  }

  close(): void {
    this.closed = true;
    this.shell?.close();
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.size = size;
    this.shell?.resize(size);
  }

  handleInput(data: string): void {
    if (this.shell) this.shell.write(data);
    else if (!this.waiting) this.early += data;
    else if (data.includes(enter)) void this.run();
  }

  private async run(): Promise<void> {
    this.waiting = false;
    try {
      await this.connect();
      const end = await this.runShell();
      if (!this.closed) this.closing.fire(exitStatus(end));
    } catch (error) {
      if (this.closed) return;
      this.say(`${this.shell ? restore : ''}${visible(this.reason(error))} Press Enter to connect again.`);
      this.waiting = true;
    } finally {
      this.shell = undefined;
      this.early = '';
    }
  }

  private async runShell(): Promise<TerminalEnd> {
    const remote = await this.session.remote();
    const decoder = new TextDecoder();
    const shell = await remote.terminal(this.size, async bytes => {
      this.writing.fire(decoder.decode(bytes, { stream: true }));
      // VS Code takes whatever an extension writes. Its answer to any question says that it is done with what came before.
      await vscode.languages.getLanguages();
    });
    if (this.closed) shell.close();
    shell.resize(this.size);
    if (this.early) shell.write(this.early);
    this.shell = shell;
    return shell.ended;
  }

  /** Why there is no shell, or not any more. */
  private reason(error: unknown): string {
    const { name } = this.session;
    const { code } = error as { code?: unknown };
    if (error instanceof Cancelled || this.session.snapshot().state === 'offline') return `${name} is not connected.`;
    if (this.shell && code === 'channel') return `${name} has closed this terminal.`;
    if (this.shell && code === 'lost') return `The connection to ${name} was lost.`;
    return messageOf(error);
  }

  private say(text: string): void {
    this.writing.fire(`\r\n${text}\r\n`);
  }
}

/** As a shell tells it: 128 and the number of the signal. */
function exitStatus({ code, signal }: TerminalEnd): number {
  return code ?? 128 + (os.constants.signals[signal as NodeJS.Signals] ?? 0);
}
