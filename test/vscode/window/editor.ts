import { basename } from 'node:path';
import type { Locator } from 'playwright-core';
import { patienceMs, plain, type Actor } from './actor';
import type { Clipboard } from './clipboard';
import type { QuickInput } from './quickInput';

/** The text editor in front. */
export class Editor {
  private readonly part: Locator;
  private readonly active: Locator;

  constructor(
    private readonly actor: Actor,
    private readonly clipboard: Clipboard,
    private readonly quickInput: QuickInput,
  ) {
    this.part = actor.page.locator('.part.editor');
    this.active = this.part.locator('.editor-group-container.active .monaco-editor[data-uri]').first();
  }

  /** Opens a file by its absolute path, or by its path in the folder that is open, through *Go to File*. */
  async open(path: string): Promise<void> {
    await this.actor.attempt(`open ${path}`, async () => {
      await this.actor.page.keyboard.press('Control+P');
      await this.quickInput.type(path);
      await this.quickInput.pick(basename(path));
      await this.quickInput.closed();
      await this.shows(basename(path));
    });
  }

  /** Waits until the tab with this label is in front. */
  async shows(label: string): Promise<void> {
    await this.actor.until(
      `the editor "${label}"`,
      () => this.title(),
      title => title === label,
    );
  }

  /** The label of the tab in front; empty without one. */
  async title(): Promise<string> {
    const tab = this.part.locator('.editor-group-container.active .tab.active');
    return (await tab.count()) > 0
      ? plain((await tab.locator('.label-name, .label-suffix').allTextContents()).join(''))
      : '';
  }

  /** The labels of all tabs, from left to right. */
  async tabs(): Promise<string[]> {
    return (await this.part.locator('.tab .label-name').allTextContents()).map(plain);
  }

  /** Whether the tab in front has unsaved changes. */
  async isDirty(): Promise<boolean> {
    return (await this.part.locator('.editor-group-container.active .tab.active.dirty').count()) > 0;
  }

  /** The whole text, by way of *Select All* and *Copy*; the clipboard is as before afterwards, all text is selected. */
  async text(): Promise<string> {
    return await this.actor.attempt('read the editor', async () => {
      await this.focus();
      return await this.clipboard.borrow(async () => {
        await this.actor.page.keyboard.press('Control+A');
        await this.actor.page.keyboard.press('Control+C');
      });
    });
  }

  /** Moves the cursor; line and column count from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.actor.attempt(`go to line ${line}`, async () => {
      await this.focus();
      await this.actor.page.keyboard.press('Control+G');
      await this.quickInput.type(`:${line}:${column}`);
      await this.quickInput.accept();
      await this.quickInput.closed();
    });
  }

  /** Types at the cursor, key by key, so that VS Code completes brackets, indents and suggests as for a user. */
  async type(text: string): Promise<void> {
    await this.focus();
    await this.actor.page.keyboard.type(text);
  }

  /** Begins a line below this one. Enter would take what is suggested by then, or not: that depends on how quickly one types. */
  async newLine(): Promise<void> {
    await this.press('Control+Enter');
  }

  /** Presses a key, e.g. `Enter` or `Control+S`. */
  async press(key: string): Promise<void> {
    await this.focus();
    await this.actor.page.keyboard.press(key);
  }

  async save(): Promise<void> {
    await this.press('Control+S');
    await this.actor.until(
      'the editor to be saved',
      () => this.isDirty(),
      dirty => !dirty,
    );
  }

  /** What the hover says when the pointer rests on the first place where this text is drawn. */
  async hover(text: string): Promise<string> {
    return await this.actor.attempt(`see the hover of "${text}"`, async () => {
      const { x, y } = await this.placeOf(text);
      await this.actor.page.mouse.move(2, 2);
      await this.actor.page.mouse.move(x, y, { steps: 3 });
      const content = this.actor.page.locator('.monaco-resizable-hover .monaco-hover-content:visible').first();
      await content.waitFor({ timeout: patienceMs });
      return plain(await content.innerText());
    });
  }

  /** Presses the button with this title that stands above a line (a code lens). */
  async lens(title: string): Promise<void> {
    await this.actor.attempt(`press "${title}" above a line`, () =>
      this.active.locator('.codelens-decoration a', { hasText: title }).click({ timeout: patienceMs }),
    );
  }

  /** The labels that completion offers at the cursor. */
  async suggestions(): Promise<string[]> {
    return await this.actor.attempt('see suggestions', async () => {
      await this.press('Control+Space');
      const labels = this.actor.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
      await labels.first().waitFor({ timeout: patienceMs });
      return (await labels.allTextContents()).map(plain);
    });
  }

  /** The middle of the first place where this text is drawn, in one piece of one colour. */
  private async placeOf(text: string): Promise<{ x: number; y: number }> {
    const lines = this.active.locator('.view-lines').first();
    const place = await this.actor.until(
      `"${text}" in the editor`,
      () =>
        lines.evaluate((element, wanted) => {
          // Editors draw spaces as no-break spaces.
          const drawn = wanted.replaceAll(' ', '\u00a0');
          const document = element.ownerDocument;
          const pieces = document.createTreeWalker(element, 4);
          for (let piece = pieces.nextNode(); piece; piece = pieces.nextNode()) {
            const begin = (piece.textContent ?? '').replaceAll(' ', '\u00a0').indexOf(drawn);
            if (begin < 0) continue;
            const range = document.createRange();
            range.setStart(piece, begin);
            range.setEnd(piece, begin + drawn.length);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x: x + width / 2, y: y + height / 2 };
          }
          return undefined;
        }, text),
      seen => seen !== undefined,
    );
    return place!;
  }

  private async focus(): Promise<void> {
    await this.actor.attempt('focus the editor', async () => {
      await this.active.waitFor({ timeout: patienceMs });
      await this.active.locator('.native-edit-context, textarea.inputarea').first().focus();
    });
  }
}
