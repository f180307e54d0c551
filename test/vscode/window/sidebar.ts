import type { Locator } from 'playwright-core';
import { matches, patienceMs, plain, type Actor } from './actor';
import { Row, rowStates, type RowState } from './row';

/** The side bar: the views of one container of the activity bar. */
export class Sidebar {
  private readonly part: Locator;

  constructor(private readonly actor: Actor) {
    this.part = actor.page.locator('.part.sidebar');
  }

  /** Shows the views of the container with this title by clicking its icon in the activity bar. */
  async open(container: string): Promise<void> {
    await this.actor.attempt(`open the views of "${container}"`, async () => {
      const labels = this.actor.page.locator('.part.activitybar .action-item');
      const item = labels
        .filter({ has: this.actor.page.locator(`[aria-label^=${JSON.stringify(container)}]`) })
        .first();
      await item.waitFor({ timeout: patienceMs }).catch(() => {
        throw new Error('The activity bar has no such icon.');
      });
      // A click on the icon of what is already shown would hide it.
      if (!/\bchecked\b/.test((await item.getAttribute('class')) ?? '')) await item.click();
      // Its tooltip would cover rows.
      await this.actor.page.mouse.move(2, 2);
      await this.title().then(shown => {
        if (!shown.startsWith(container)) throw new Error(`The side bar shows "${shown}".`);
      });
    });
  }

  /** The heading of the side bar. */
  async title(): Promise<string> {
    return plain(await this.part.locator('.composite.title h2').first().innerText({ timeout: patienceMs }));
  }

  /** The rows of its trees that are drawn, from top to bottom. */
  rows(): Promise<RowState[]> {
    return this.actor.attempt('read the rows of the side bar', () => rowStates(this.part));
  }

  /** Waits until the rows are as wanted, and returns them. */
  waitForRows(what: string, good: (rows: RowState[]) => boolean): Promise<RowState[]> {
    return this.actor.until(what, () => this.rows(), good);
  }

  /**
   * The row at the end of a path of labels, e.g. `row('mail', 'Domains', 'example.org')`; the parents are expanded on
   * the way. Labels are without descriptions.
   */
  row(...path: [string | RegExp, ...(string | RegExp)[]]): Row {
    return new Row(this.actor, this.part, path);
  }

  /** The text of a view that shows a welcome in place of rows. */
  async welcome(): Promise<string> {
    const content = this.part.locator('.welcome-view-content:visible').first();
    return plain(await this.actor.attempt('read the welcome', () => content.innerText({ timeout: patienceMs })));
  }

  /** Presses a button of a view's welcome. */
  async press(button: string): Promise<void> {
    await this.actor.attempt(`press "${button}" in the side bar`, () =>
      this.actor.button(this.part, button).click({ timeout: patienceMs }),
    );
  }

  /** Presses an icon in the title of the side bar or of one of its views. */
  async action(title: string | RegExp): Promise<void> {
    await this.actor.attempt(`press the action "${title}" of the side bar`, async () => {
      const icons = this.part.locator('.title-actions .action-label, .pane-header .actions .action-label');
      await this.part.hover();
      for (const icon of await icons.all()) {
        if (!matches(title, plain(await icon.getAttribute('aria-label')))) continue;
        await icon.click();
        return;
      }
      const there = await icons.evaluateAll(all => all.map(icon => icon.getAttribute('aria-label')));
      throw new Error(`There are: ${there.join(' | ')}`);
    });
  }
}
