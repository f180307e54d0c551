import { basename } from 'node:path';
import type { Locator } from 'playwright-core';
import { exactly, matches, patienceMs, plain, type Actor } from './actor';

/** One row of a quick pick as a user sees it. */
export interface QuickItem {
  label: string;
  description: string;
  detail: string;
  /** The heading above the row, if it begins a group. */
  group: string;
  /** Whether it is ticked, where several can be picked. */
  checked: boolean | undefined;
}

/** The box that drops from the window's top: command palette, quick picks and input boxes. */
export class QuickInput {
  private readonly box: Locator;
  private readonly input: Locator;
  private readonly list: Locator;

  constructor(private readonly actor: Actor) {
    this.box = actor.page.locator('.quick-input-widget');
    this.input = this.box.locator('.quick-input-box input');
    this.list = this.box.locator('.quick-input-list .monaco-list-row');
  }

  isOpen(): Promise<boolean> {
    return this.box.isVisible();
  }

  /** Waits until the box shows this title. Between the steps of one dialogue it may be gone for a moment. */
  async shows(title: string | RegExp): Promise<void> {
    await this.actor.until(
      `the input "${title}"`,
      () => this.currentTitle(),
      seen => seen !== undefined && matches(title, seen),
    );
  }

  /** Waits until no box is open. */
  async closed(): Promise<void> {
    const what = 'see the input close';
    await this.actor.attempt(what, () => this.box.waitFor({ state: 'hidden', timeout: patienceMs }));
  }

  async title(): Promise<string> {
    await this.opened();
    return (await this.currentTitle()) ?? '';
  }

  async value(): Promise<string> {
    await this.opened();
    return await this.input.inputValue();
  }

  async placeholder(): Promise<string> {
    await this.opened();
    return (await this.input.getAttribute('placeholder')) ?? '';
  }

  /** Whether what is typed is hidden. */
  async isPassword(): Promise<boolean> {
    await this.opened();
    return (await this.input.getAttribute('type')) === 'password';
  }

  /** The text under the box: the prompt, or what is wrong with the input. */
  async message(): Promise<string> {
    await this.opened();
    return plain(await this.box.locator('.quick-input-message').textContent());
  }

  /** What is wrong with the input; empty when nothing is. Waits for nothing: see {@link waitForValidation}. */
  async validationMessage(): Promise<string> {
    const judged = this.box.locator('.monaco-inputbox').first();
    const classes = (await judged.getAttribute('class')) ?? '';
    return /\b(error|warning|info)\b/.test(classes) ? await this.message() : '';
  }

  /** Waits until the box complains with a matching message, and returns it. */
  waitForValidation(pattern: RegExp): Promise<string> {
    return this.actor.until(
      `a complaint like ${pattern}`,
      () => this.validationMessage(),
      text => pattern.test(text),
    );
  }

  /** Replaces what is in the box by the text. */
  async type(text: string): Promise<void> {
    await this.actor.attempt('type into the input', async () => {
      await this.opened();
      await this.input.fill(text);
    });
  }

  /** The rows, those beyond the visible ones included; waits for the first one. */
  async items(): Promise<QuickItem[]> {
    return await this.actor.attempt('read the rows of the input', async () => {
      await this.list.first().waitFor({ timeout: patienceMs });
      const found = new Map<number, QuickItem>();
      for (;;) {
        const before = found.size;
        const rows = await this.drawn();
        for (const { index, item } of rows) found.set(index, item);
        if (found.size >= (rows[0]?.of ?? 0) || found.size === before) break;
        await this.list.last().scrollIntoViewIfNeeded();
        await this.list.last().hover();
        await this.actor.page.mouse.wheel(0, 100);
      }
      return [...found].sort(([a], [b]) => a - b).map(([, item]) => item);
    });
  }

  /** The rows that are drawn, each with its place among all and how many these are. */
  private async drawn(): Promise<{ index: number; of: number; item: QuickItem }[]> {
    const raw = await this.list.evaluateAll(rows =>
      rows.map(row => ({
        index: row.getAttribute('data-index'),
        of: row.getAttribute('aria-setsize'),
        label: row.querySelector('.quick-input-list-row:first-child .label-name')?.textContent,
        description: row.querySelector('.label-description')?.textContent,
        detail: row.querySelector('.quick-input-list-label-meta')?.textContent,
        group: row.querySelector('.quick-input-list-separator')?.textContent,
        ticked: row.getAttribute('aria-checked'),
      })),
    );
    return raw.map(({ index, of, ticked, ...row }) => ({
      index: Number(index),
      of: Number(of),
      item: {
        label: plain(row.label),
        description: plain(row.description),
        detail: plain(row.detail),
        group: plain(row.group),
        checked: ticked === null ? undefined : ticked === 'true',
      },
    }));
  }

  /** Whether a row with this label comes within the time. */
  async hasRow(label: string | RegExp, withinMs: number): Promise<boolean> {
    const row = this.rowLabelled(label);
    return await row.waitFor({ timeout: withinMs }).then(
      () => true,
      () => false,
    );
  }

  /** Clicks the row with this label; in a pick of several this ticks it, or takes the tick away. */
  async pick(label: string | RegExp, withinMs = patienceMs): Promise<void> {
    await this.actor.attempt(`pick "${label}"`, async () => {
      const row = this.rowLabelled(label);
      await row.waitFor({ timeout: withinMs }).catch(async () => {
        const there = (await this.items()).map(item => item.label);
        throw new Error(`The rows are: ${there.join(' | ')}`);
      });
      await row.locator('.quick-input-list-rows').click();
    });
  }

  /** Presses Enter: takes the value, the focused row, or what is ticked. */
  async accept(): Promise<void> {
    await this.opened();
    await this.input.press('Enter');
  }

  /** Types the text and presses Enter, once the box no longer complains. */
  async answer(text: string): Promise<void> {
    await this.type(text);
    await this.actor.until(
      'the input to be accepted as valid',
      () => this.validationMessage(),
      message => message === '',
    );
    await this.accept();
  }

  /** Waits for a question: the text under the box, or the grey text in it. */
  async asks(question: RegExp): Promise<void> {
    await this.actor.until(
      `the question ${question}`,
      async () => {
        if (!(await this.isOpen())) return [];
        const read = (text: Promise<string>): Promise<string> => text.catch(() => '');
        return [await read(this.message()), await read(this.placeholder())];
      },
      texts => texts.some(text => question.test(text)),
    );
  }

  /** Chooses a file in VS Code's own file dialogue, by its absolute path and the title of the dialogue's button. */
  async chooseFile(path: string, button: string): Promise<void> {
    // The dialogue reads the folder meanwhile; before it has, the button takes what was typed for a folder. While it
    // opens it may write the folder it starts in over what was typed: then that is typed again.
    await this.actor.until(
      `the file ${path}`,
      async () => {
        await this.type('');
        await this.type(path);
        return await this.hasRow(basename(path), 5_000);
      },
      shown => shown,
    );
    const title = await this.title();
    await this.actor.until(
      'the file dialogue close',
      async () => {
        await this.actor
          .button(this.box, button)
          .click({ timeout: 2_000 })
          .catch(() => undefined);
        return (await this.currentTitle()) !== title;
      },
      closed => closed,
    );
  }

  /** Presses a button of the box by its title, e.g. *Back*; VS Code may name its key beside it. */
  async button(title: string): Promise<void> {
    await this.opened();
    await this.actor.attempt(`press "${title}" of the input`, () =>
      this.box.getByRole('button', { name: new RegExp(`^${title}( \\(.*\\))?$`) }).click({ timeout: patienceMs }),
    );
  }

  async cancel(): Promise<void> {
    await this.opened();
    await this.input.press('Escape');
  }

  private rowLabelled(label: string | RegExp): Locator {
    const hasText = typeof label === 'string' ? exactly(label) : asDrawn(label);
    const page = this.actor.page;
    return this.list
      .filter({ has: page.locator('.quick-input-list-row:first-child .label-name', { hasText }) })
      .first();
  }

  private async opened(): Promise<void> {
    await this.actor.attempt('see an input', () => this.input.waitFor({ timeout: patienceMs }));
  }

  private async currentTitle(): Promise<string | undefined> {
    if (!(await this.box.isVisible())) return undefined;
    return plain(await this.box.locator('.quick-input-title').textContent());
  }
}

/** The pattern for the text as VS Code draws it: an icon stands before the words, and the spaces do not break. */
function asDrawn({ source, flags }: RegExp): RegExp {
  return new RegExp(source.replace(/^\^/, '^\\s*').replaceAll(' ', '\\s'), flags);
}
