import { errors, type Locator } from 'playwright-core';
import { exactly, matches, patienceMs, plain, type Actor } from './actor';

/** A row of a tree as a user sees it. */
export interface RowState {
  label: string;
  description: string;
  /** 1 for the outermost. */
  level: number;
  /** Undefined when the row has nothing inside. */
  expanded: boolean | undefined;
  /** What a screen reader says. */
  spoken: string;
  /** The name of the icon, e.g. `server` or `warning`; empty when there is none or it is not one of VS Code's own. */
  icon: string;
}

/** What the row of a server says while chasquid runs. */
export const runs = /running|healthy|to do$/;

const selector = '.monaco-list-row[role="treeitem"]';

/** How long one attempt at a row may take before the row is looked for again. */
const turnMs = 3_000;

/** The rows of the trees within `area` that are drawn, from top to bottom. */
export async function rowStates(area: Locator): Promise<RowState[]> {
  const raw = await area.locator(selector).evaluateAll(rows =>
    rows.map(row => ({
      label: row.querySelector('.label-name')?.textContent,
      description: row.querySelector('.label-description')?.textContent,
      level: Number(row.getAttribute('aria-level')),
      expanded: row.getAttribute('aria-expanded'),
      spoken: row.getAttribute('aria-label'),
      icon: /codicon-([a-z0-9-]+)/.exec(row.querySelector('.custom-view-tree-node-item-icon')?.className ?? '')?.[1],
    })),
  );
  return raw.map(row => ({
    ...row,
    label: plain(row.label),
    description: plain(row.description),
    spoken: plain(row.spoken),
    icon: row.icon ?? '',
    expanded: row.expanded === null ? undefined : row.expanded === 'true',
  }));
}

/** One row, found again for each action: trees redraw their rows at any time. */
export class Row {
  private readonly name: string;

  constructor(
    private readonly actor: Actor,
    private readonly area: Locator,
    private readonly path: readonly (string | RegExp)[],
  ) {
    this.name = path.join(' › ');
  }

  /** What the row says now. */
  async state(): Promise<RowState> {
    return await this.on('read', async (_row, state) => await Promise.resolve(state));
  }

  /** Waits until what the row says is as wanted. */
  async waitFor(what: string, good: (state: RowState) => boolean): Promise<RowState> {
    return await this.actor.until(`${what} in the row "${this.name}"`, () => this.state(), good);
  }

  /** The name of the row's icon; see {@link RowState.icon}. */
  async icon(): Promise<string> {
    return (await this.state()).icon;
  }

  async click(): Promise<void> {
    await this.point('click', label => label.click({ timeout: turnMs }));
  }

  async expand(): Promise<void> {
    await this.turn('expand', true);
    await this.waitFor('what is inside', state => state.expanded === true);
  }

  async collapse(): Promise<void> {
    await this.turn('collapse', false);
    await this.waitFor('nothing of what is inside', state => state.expanded !== true);
  }

  async hover(): Promise<void> {
    await this.point('hover over', label => label.hover({ timeout: turnMs }));
  }

  /** The text of the row's tooltip, which appears when the pointer rests on it. */
  async tooltip(): Promise<string> {
    const hover = this.actor.page.locator('.workbench-hover .hover-contents');
    await this.hover();
    await this.actor.attempt(`see the tooltip of "${this.name}"`, () => hover.waitFor({ timeout: patienceMs }));
    return plain(await hover.innerText());
  }

  /** The titles of the icons that appear in the row when the pointer is over it. */
  async inlineActions(): Promise<string[]> {
    await this.hover();
    return await this.on('read the actions of', row =>
      row.locator('.actions .action-label').evaluateAll(all => all.map(icon => icon.getAttribute('aria-label') ?? '')),
    );
  }

  /** Presses the icon with this title in the row. */
  async inlineAction(title: string): Promise<void> {
    await this.point(`press "${title}" in`, async (label, row) => {
      await label.hover({ timeout: turnMs });
      await this.actor.button(row.locator('.actions'), title).click({ timeout: turnMs });
    });
  }

  /** The items of the row's context menu. The menu is closed again. */
  async contextMenuItems(): Promise<string[]> {
    await this.openMenu();
    const items = await this.menu().locator('.action-item .action-label').allInnerTexts();
    await this.actor.page.keyboard.press('Escape');
    return items.map(plain).filter(Boolean);
  }

  /** Picks an item of the row's context menu. */
  async contextMenu(item: string): Promise<void> {
    await this.openMenu();
    await this.actor.attempt(`pick "${item}" from the menu of "${this.name}"`, async () => {
      const menu = this.menu();
      const entry = menu.getByRole('menuitem', { name: item, exact: true });
      await entry.waitFor({ timeout: patienceMs });
      // A menu takes no click in its first moment: that could be the end of the one that opened it.
      await this.actor.until(
        'the menu close',
        async () => {
          if (await entry.isVisible()) await entry.click({ timeout: 2_000 }).catch(() => undefined);
          return menu.isVisible();
        },
        visible => !visible,
      );
    });
  }

  private menu(): Locator {
    return this.actor.page.locator('.monaco-menu').last();
  }

  private async openMenu(): Promise<void> {
    await this.point('open the menu of', async label => {
      await label.click({ button: 'right', timeout: turnMs });
      await this.menu().waitFor({ timeout: turnMs });
    });
  }

  private async turn(what: string, open: boolean): Promise<void> {
    await this.point(what, async (_label, row) => {
      if ((await this.state()).expanded === !open) await row.locator('.monaco-tl-twistie').click({ timeout: turnMs });
    });
  }

  /**
   * Does something with the pointer on the row. Trees draw their rows again at any time, perhaps at another place, so that the row
   * is looked for again when it was not found to be this one any more.
   */
  private async point(what: string, work: (label: Locator, row: Locator) => Promise<void>): Promise<void> {
    await this.actor.attempt(`${what} the row "${this.name}"`, async () => {
      for (const end = performance.now() + patienceMs; ;) {
        // The tooltip of what the pointer rests on may come at any time and cover the row.
        await this.actor.pointAway();
        const index = await this.find();
        const text = (await rowStates(this.area))[index]?.label ?? '';
        const row = this.area.locator(selector).nth(index);
        try {
          return await work(row.locator('.label-name').filter({ hasText: exactly(text) }), row);
        } catch (error) {
          if (!(error instanceof errors.TimeoutError) || performance.now() > end) throw error;
        }
      }
    });
  }

  private async on<T>(what: string, work: (row: Locator, state: RowState) => Promise<T>): Promise<T> {
    return await this.actor.attempt(`${what} the row "${this.name}"`, async () => {
      const index = await this.find();
      const row = this.area.locator(selector).nth(index);
      return await work(row, (await rowStates(this.area))[index]!);
    });
  }

  /** Waits for the row at the end of the path, expanding its parents; each look walks the whole path, since rows move. */
  private async find(): Promise<number> {
    const look = async (): Promise<{ found: number } | { missing: string; labels: string[] }> => {
      const rows = await rowStates(this.area);
      let index = -1;
      for (const [depth, label] of this.path.entries()) {
        const above = depth === 0 ? 0 : rows[index]!.level;
        index = indexIn(rows, label, index, above);
        if (index < 0) return { missing: String(label), labels: rows.map(row => row.label) };
        const isLast = depth === this.path.length - 1;
        if (isLast || rows[index]!.expanded !== false) continue;
        await this.actor.pointAway();
        const twistie = this.area.locator(selector).nth(index).locator('.monaco-tl-twistie');
        // Gone or moved meanwhile: the next look sees it.
        await twistie.click({ timeout: turnMs }).catch(() => undefined);
        return { missing: `what is in ${String(label)}`, labels: [] };
      }
      return { found: index };
    };
    const seen = await this.actor.until(`the row "${this.name}"`, look, result => 'found' in result);
    return 'found' in seen ? seen.found : -1;
  }
}

/** The first row with the label after `begin`, and within the parent of level `above` when that is not 0. */
function indexIn(rows: readonly RowState[], label: string | RegExp, begin: number, above: number): number {
  for (let index = begin + 1; index < rows.length; index++) {
    const row = rows[index]!;
    if (above > 0 && row.level <= above) return -1;
    if ((above === 0 || row.level === above + 1) && matches(label, row.label)) return index;
  }
  return -1;
}
