import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { outputFolder } from '../cache';
import { whenRestored } from '../page';
import { userSettingsFile } from '../served';
import { Actor, patienceMs } from './actor';
import { Clipboard } from './clipboard';
import { Dialog } from './dialog';
import { Editor } from './editor';
import { Notifications } from './notifications';
import { OutputChannel, Problems } from './panels';
import { QuickInput } from './quickInput';
import { openSession, type Session, type WindowOptions } from './session';
import { Sidebar } from './sidebar';
import { StatusBar } from './statusBar';
import { Terminal } from './terminal';
import { webviewFrame } from './webview';

export interface WorkbenchOptions extends WindowOptions {
  /** Where pictures go; `test-out/vscode/screenshots` when left out. */
  screenshots?: string;
}

/**
 * A window of VS Code, driven as a user drives it: by pointer and keyboard, reading what is drawn. Each call waits
 * for what it needs and fails with a sentence and a picture when that does not come.
 */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly dialog: Dialog;
  readonly sidebar: Sidebar;
  readonly terminal: Terminal;
  readonly notifications: Notifications;
  readonly problems: Problems;
  readonly editor: Editor;
  readonly clipboard: Clipboard;
  readonly statusBar: StatusBar;
  private readonly actor: Actor;

  private constructor(
    /** The server behind the window. */
    readonly session: Session,
    screenshots: string,
  ) {
    this.actor = new Actor(session.page, screenshots);
    const runCommand = (title: string): Promise<void> => this.runCommand(title);
    this.quickInput = new QuickInput(this.actor);
    this.dialog = new Dialog(this.actor);
    this.sidebar = new Sidebar(this.actor);
    this.terminal = new Terminal(this.actor);
    this.notifications = new Notifications(this.actor);
    this.clipboard = new Clipboard(this.actor);
    this.problems = new Problems(this.actor, runCommand);
    this.editor = new Editor(this.actor, this.clipboard, this.quickInput);
    this.statusBar = new StatusBar(this.actor);
  }

  /** Starts VS Code and opens a window. Close it with {@link close}. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    return new Workbench(await openSession(options), options.screenshots ?? outputFolder('screenshots'));
  }

  /** The page, for what this driver has no word for. */
  get page(): Page {
    return this.actor.page;
  }

  /** Runs a command by its title in the command palette, category included: `Chasquid: Add Server…`. */
  async runCommand(title: string): Promise<void> {
    await this.actor.attempt(`run the command "${title}"`, async () => {
      const end = performance.now() + patienceMs;
      for (;;) {
        await this.openPalette(title);
        if (await this.quickInput.hasRow(title, 5_000)) break;
        // VS Code goes on adding commands for a while after it has started; an open palette does not learn of them.
        const there = (await this.quickInput.items()).map(item => item.label);
        if (performance.now() > end) throw new Error(`The palette has: ${there.join(' | ')}`);
        await this.quickInput.cancel();
        await this.quickInput.closed();
      }
      await this.quickInput.pick(title);
      // The command may show its own box in the same place at once, so only the palette must be gone.
      await this.actor.until(
        'the palette close',
        async () => ((await this.quickInput.isOpen()) ? await this.quickInput.value() : ''),
        value => !value.startsWith('>'),
      );
    });
  }

  private async openPalette(text: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.actor.until(
      'the command palette',
      async () => ((await this.quickInput.isOpen()) ? await this.quickInput.value() : ''),
      value => value.startsWith('>'),
    );
    await this.quickInput.type(`>${text}`);
  }

  /** The page inside the webview editor with this title. */
  async webview(title: string): Promise<Frame> {
    return await webviewFrame(this.actor, title);
  }

  /** Waits until a page of Markdown shows a match, and returns all of its text. Its editor may still show what was there before. */
  async markdownPage(title: string, wanted: RegExp): Promise<string> {
    return await this.actor.until(
      `${wanted} on the page "${title}"`,
      async () => {
        const frame = await this.webview(`Preview ${title}.md`);
        // Gone, when another page comes in its place meanwhile.
        return await frame.evaluate<string>('document.body.innerText').catch(() => '');
      },
      text => wanted.test(text),
    );
  }

  /** The output channel with this name. */
  outputChannel(name: string): OutputChannel {
    const { clipboard, quickInput } = this;
    const runCommand = (title: string): Promise<void> => this.runCommand(title);
    return new OutputChannel(this.actor, { clipboard, quickInput, runCommand }, name);
  }

  /** Writes a picture of the window, numbered in the order taken; returns its path. */
  screenshot(name: string): Promise<string> {
    return this.actor.screenshot(name);
  }

  /** Waits until what `read` returns is `good`, and returns it. */
  until<T>(what: string, read: () => Promise<T>, good: (seen: T) => boolean, withinMs = patienceMs): Promise<T> {
    return this.actor.until(what, read, good, withinMs);
  }

  /** Changes one of the user's settings in their file, as it is open in an editor: VS Code does not watch it here. */
  async changeSetting(name: string, value: unknown): Promise<void> {
    const file = userSettingsFile(this.session.dataFolder);
    const settings = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await this.runCommand('Preferences: Open User Settings (JSON)');
    await this.editor.shows('settings.json');
    await this.clipboard.borrow(async () => {
      await this.clipboard.write(JSON.stringify({ ...settings, [name]: value }, undefined, 2));
      await this.editor.press('Control+A');
      await this.editor.press('Control+V');
    });
    await this.editor.save();
    await this.runCommand('View: Close Editor');
  }

  /** Waits until VS Code has put unsaved text with this in it into its backup, which the next window begins with. */
  async untilBackedUp(text: string): Promise<void> {
    const folder = join(dirname(userSettingsFile(this.session.dataFolder)), 'Backups');
    const contents = (): Promise<string[]> =>
      Promise.all(
        globSync('**', { cwd: folder, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(entry => readFile(join(entry.parentPath, entry.name), 'utf8')),
      );
    await this.actor.until(
      `"${text}" in a backup`,
      async () => (await contents()).some(content => content.includes(text)),
      found => found,
    );
  }

  /** Loads the window again by *Developer: Reload Window*, which writes down what the next window begins with. */
  async reload(): Promise<void> {
    await this.actor.attempt('reload the window', async () => {
      const { page } = this;
      await page.evaluate('globalThis.isOldWindow = true');
      await this.openPalette('Developer: Reload Window');
      await this.quickInput.pick('Developer: Reload Window');
      await page.waitForFunction('!globalThis.isOldWindow', undefined, { timeout: patienceMs });
      await whenRestored(page);
    });
  }

  /** Closes the window and ends its server; nothing stays behind. */
  close(): Promise<void> {
    return this.session.close();
  }
}
