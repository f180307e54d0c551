import * as vscode from 'vscode';
import type { ServerSession } from '../app/session';
import type { LogEntry } from '../host/logs/journal';
import { messageOf } from '../text/problem';

/** The setting `chasquid.logs.source`; `process` includes what systemd says of the service. */
export type LogChoice = 'all' | 'mail' | 'process';

/** The user disconnected: a log that went on would connect again by itself. */
class Ended extends Error {
  constructor() {
    super('Disconnected. Show Logs follows the log again.');
  }
}

/** One output channel per server that follows chasquid's journal, until the user disconnects or the extension ends. */
export class LogChannels implements vscode.Disposable {
  private readonly channels = new Map<string, { channel: vscode.LogOutputChannel; stop?: AbortController }>();

  /** Shows the channel of a server and begins to follow, when it does not yet. `wanted` is asked whenever lines come. */
  async show(session: ServerSession, lines: number, wanted: () => LogChoice): Promise<void> {
    const open = this.open(session.name);
    open.channel.show(true);
    if (open.stop) return;
    const stop = new AbortController();
    open.stop = stop;
    const { channel } = open;
    // The last lines come again: those of an earlier time would stand there twice.
    channel.clear();
    const { followLogs } = await import('../host/logs/followLogs');
    let lost = false;
    void followLogs({
      shell: () => (session.snapshot().state === 'offline' ? Promise.reject(new Ended()) : session.rootShell()),
      lines,
      signal: stop.signal,
      onEntries: entries => entries.filter(entry => isOf(entry, wanted())).forEach(entry => append(channel, entry)),
      onState: state => {
        if (state.kind === 'lost' && !lost)
          channel.warn(`${state.reason} The log goes on when the connection is back.`);
        if (state.kind === 'following' && lost) channel.info('The connection is back.');
        lost = state.kind === 'lost';
      },
    })
      .catch((error: unknown) => {
        if (error instanceof Ended) channel.info(error.message);
        else channel.error(messageOf(error));
      })
      .finally(() => (open.stop = undefined));
  }

  dispose(): void {
    for (const { channel, stop } of this.channels.values()) {
      stop?.abort();
      channel.dispose();
    }
  }

  private open(server: string): { channel: vscode.LogOutputChannel; stop?: AbortController | undefined } {
    let entry = this.channels.get(server);
    if (!entry) {
      entry = { channel: vscode.window.createOutputChannel(`Chasquid: ${server}`, { log: true }) };
      this.channels.set(server, entry);
    }
    return entry;
  }
}

function isOf({ source }: LogEntry, wanted: LogChoice): boolean {
  return wanted === 'all' || (source === 'mail') === (wanted === 'mail');
}

/** Milliseconds within which the channel's own time of a line says enough. */
const live = 5_000;

function append(channel: vscode.LogOutputChannel, entry: LogEntry): void {
  const time = new Date(entry.time).toISOString().slice(0, 19).replace('T', ' ');
  const text = Math.abs(Date.now() - entry.time) < live ? entry.text : `${time}  ${entry.text}`;
  switch (entry.severity) {
    case 'error':
      return channel.error(text);
    case 'warning':
      return channel.warn(text);
    case 'info':
      return channel.info(text);
    case 'debug':
      return channel.debug(text);
  }
}
