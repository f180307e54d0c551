import type { Locator } from 'playwright-core';
import { matches, patienceMs, plain, type Actor } from './actor';

/** A notification in the corner of the window. */
export interface Notification {
  severity: 'info' | 'warning' | 'error' | 'unknown';
  message: string;
  /** The extension it comes from; empty when that is not told. */
  source: string;
  buttons: string[];
}

/** How long a press may take. */
const turnMs = 10_000;

/** How many were marked, so that they are found again. */
let marked = 0;

/** The notifications in the corner of the window. Those without buttons go after a while. */
export class Notifications {
  private readonly toasts: Locator;

  constructor(private readonly actor: Actor) {
    this.toasts = actor.page.locator('.notifications-toasts .notification-list-item');
  }

  /** Those shown now, the newest first. */
  async shown(): Promise<Notification[]> {
    const raw = await this.toasts.evaluateAll(toasts =>
      toasts.map(toast => ({
        icon: toast.querySelector('.notification-list-item-icon')?.className ?? '',
        message: toast.querySelector('.notification-list-item-message')?.textContent,
        source: toast.querySelector('.notification-list-item-source')?.textContent,
        buttons: [...toast.querySelectorAll('.monaco-button.monaco-text-button')].map(button => button.textContent),
      })),
    );
    return raw.map(({ icon, message, source, buttons }) => ({
      severity: (/codicon-(info|warning|error)/.exec(icon)?.[1] ?? 'unknown') as Notification['severity'],
      message: plain(message),
      source: plain(source).replace(/^Source: /, ''),
      buttons: buttons.map(plain),
    }));
  }

  /** Waits for a notification with this message, and returns it. */
  async waitFor(message: string | RegExp, withinMs = patienceMs): Promise<Notification> {
    const find = (all: Notification[]) => all.find(one => matches(message, one.message));
    const what = `the notification "${message}"`;
    return find(
      await this.actor.until(
        what,
        () => this.shown(),
        all => find(all) !== undefined,
        withinMs,
      ),
    )!;
  }

  /** Presses a button of the notification with this message, which closes it. */
  async press(message: string | RegExp, button: string): Promise<void> {
    await this.leave(message, `press "${button}" of`, async toast => {
      await this.actor.button(toast, button).click({ timeout: turnMs });
    });
  }

  /** Closes the notification with this message. */
  async close(message: string | RegExp): Promise<void> {
    await this.leave(message, 'close', async toast => {
      await toast.hover({ timeout: turnMs });
      await toast.locator('.codicon-notifications-clear').click({ timeout: turnMs });
    });
  }

  /** Does what makes a notification go, and waits until it is gone. Others that come or go meanwhile move it. */
  private async leave(message: string | RegExp, what: string, work: (toast: Locator) => Promise<void>): Promise<void> {
    await this.waitFor(message);
    await this.actor.attempt(`${what} the notification "${message}"`, async () => {
      const mark = `toast-${++marked}`;
      const index = (await this.shown()).findIndex(one => matches(message, one.message));
      if (index < 0) throw new Error('It is no longer shown.');
      const found = this.toasts.nth(index);
      const text = await found.evaluate((toast, name) => {
        toast.setAttribute('data-mark', name);
        return toast.querySelector('.notification-list-item-message')?.textContent;
      }, mark);
      if (!matches(message, plain(text))) throw new Error('Another one has come in its place.');
      const toast = this.actor.page.locator(`[data-mark="${mark}"]`);
      await work(toast);
      await toast.waitFor({ state: 'detached', timeout: patienceMs });
    });
  }
}
