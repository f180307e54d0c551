import * as vscode from 'vscode';
import { ServerSession, type SessionPorts } from './session';
import { onDidChangeSetting, readServers } from './settings';

/** The servers of the setting `chasquid.servers`, each with its session. */
export class Sessions implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private sessions: ServerSession[] = [];
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly ports: SessionPorts) {
    this.disposables = [this.changed, onDidChangeSetting('servers', () => this.reload())];
    this.reload();
  }

  all(): readonly ServerSession[] {
    return this.sessions;
  }

  /** The session of that name, as written in the settings. */
  get(name: string): ServerSession | undefined {
    return this.sessions.find(session => session.name === name);
  }

  /** Resolves the next time that the state of a session changes and it is connected; never, when the signal has aborted before. */
  whenConnected(session: ServerSession, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const watching = this.onDidChange(() => {
        if (!session.connected) return;
        watching.dispose();
        resolve();
      });
      signal.addEventListener('abort', () => void watching.dispose(), { once: true });
    });
  }

  /** Looks again at the servers that are connected; the row of one that fails says so itself. */
  async refreshConnected(): Promise<void> {
    await Promise.allSettled(this.sessions.filter(session => session.connected).map(session => session.refresh()));
  }

  dispose(): void {
    for (const session of this.sessions) session.disconnect();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Keeps the session of an entry that stayed the same; ends those whose entry is gone or changed. */
  private reload(): void {
    const kept = new Map(this.sessions.map(session => [JSON.stringify(session.entry), session]));
    this.sessions = readServers().map(entry => {
      const session = kept.get(JSON.stringify(entry));
      kept.delete(JSON.stringify(entry));
      return session ?? new ServerSession(entry, this.ports, () => this.changed.fire());
    });
    for (const session of kept.values()) session.disconnect();
    this.changed.fire();
  }
}
