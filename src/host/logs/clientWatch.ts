import type { LogEntry } from './journal';

/** Something that a user who sets up a mail program waits for. `done`: nothing more will come of it. */
export interface ClientNews {
  kind: 'logged-in' | 'refused' | 'arrived' | 'delivered' | 'failed';
  /** Sentences for people. */
  text: string;
  done: boolean;
}

/**
 * Reads from chasquid's log how it goes when an address is set up in another mail service: whether that service could log
 * in, and what became of the confirmation that it sends to the address. Each thing is told once.
 */
export class ClientWatch {
  /** Queue IDs of messages to the address, with their sender. */
  private readonly messages = new Map<string, string>();
  private readonly told = new Set<string>();

  /** @param senders domains whose mail to the address counts as the confirmation; their subdomains too */
  constructor(
    private readonly address: string,
    private readonly senders: readonly string[],
  ) {}

  /** @returns undefined for what has nothing to do with it, or was told before. */
  see({ event }: Pick<LogEntry, 'event'>): ClientNews | undefined {
    const news = event && this.newsOf(event);
    if (!news || this.told.has(news.text)) return undefined;
    this.told.add(news.text);
    return news;
  }

  private newsOf(event: NonNullable<LogEntry['event']>): ClientNews | undefined {
    switch (event.kind) {
      case 'auth':
        if (event.user !== this.address) return undefined;
        return event.ok
          ? { kind: 'logged-in', text: `${event.peer} logged in as ${this.address}.`, done: false }
          : {
              kind: 'refused',
              text: `${event.peer} tried to log in as ${this.address}, and the password was wrong. Enter the password of this sender there once more.`,
              done: false,
            };
      case 'queued':
        if (!event.to.includes(this.address) || !this.isAwaited(event.from)) return undefined;
        this.messages.set(event.id, event.from);
        return { kind: 'arrived', text: `A mail from ${event.from} to ${this.address} has come.`, done: false };
      case 'sent':
        return this.messages.has(event.id)
          ? {
              kind: 'delivered',
              text: `The mail from ${this.messages.get(event.id)} to ${this.address} was passed on to ${event.to}. Open it there and follow its link.`,
              done: true,
            }
          : undefined;
      case 'failed':
        return this.messages.has(event.id)
          ? {
              kind: 'failed',
              text: `The mail from ${this.messages.get(event.id)} to ${this.address} could not be passed on to ${event.to}: ${event.reason}.`,
              done: event.permanent,
            }
          : undefined;
      default:
        return undefined;
    }
  }

  private isAwaited(from: string): boolean {
    const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
    return this.senders.some(sender => domain === sender || domain.endsWith(`.${sender}`));
  }
}
