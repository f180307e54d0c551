import { matches, patienceMs, plain, type Actor } from './actor';
import type { Clipboard } from './clipboard';
import type { QuickInput } from './quickInput';

/** A row of the Problems panel. */
export interface Problem {
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** The code and the source as the row shows them, e.g. `chasquid(alias-loop)`. */
  source: string;
  /** From 1. */
  line: number;
  column: number;
  /** The label of the file. */
  file: string;
}

type RunCommand = (title: string) => Promise<void>;

/** The Problems panel. */
export class Problems {
  constructor(
    private readonly actor: Actor,
    private readonly runCommand: RunCommand,
  ) {}

  /** Shows the panel. */
  async show(): Promise<void> {
    await this.runCommand('Problems: Focus on Problems View');
  }

  /** The rows that are drawn; shows the panel when it is not. */
  async shown(): Promise<Problem[]> {
    const panel = this.actor.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.show();
    return await this.actor.attempt('read the problems', async () => {
      await panel.waitFor({ timeout: patienceMs });
      const raw = await panel.locator('.monaco-list-row').evaluateAll(rows =>
        rows.map(row => ({
          level: row.getAttribute('aria-level'),
          file: row.querySelector('.label-name')?.textContent,
          icon: row.querySelector('.marker-icon [class*="codicon-"]')?.className ?? '',
          message: row.querySelector('.marker-message')?.textContent,
          source: [...row.querySelectorAll('.marker-source, .marker-code')].map(part => part.textContent).join(''),
          place: row.querySelector('.marker-line')?.textContent ?? '',
        })),
      );
      const problems: Problem[] = [];
      let file = '';
      for (const row of raw) {
        if (row.level === '1') file = plain(row.file);
        const place = /Ln (\d+), Col (\d+)/.exec(plain(row.place));
        if (!place) continue;
        const severity = (/codicon-(error|warning|info)/.exec(row.icon)?.[1] ?? 'info') as Problem['severity'];
        const [line, column] = [Number(place[1]), Number(place[2])];
        problems.push({ severity, message: plain(row.message), source: plain(row.source), line, column, file });
      }
      return problems;
    });
  }

  /** Waits until the problems are as wanted, and returns them. */
  waitFor(what: string, good: (problems: Problem[]) => boolean, withinMs = patienceMs): Promise<Problem[]> {
    return this.actor.until(what, () => this.shown(), good, withinMs);
  }
}

/** An output channel, shown in the panel. */
export class OutputChannel {
  constructor(
    private readonly actor: Actor,
    private readonly parts: { clipboard: Clipboard; quickInput: QuickInput; runCommand: RunCommand },
    readonly name: string,
  ) {}

  /** Shows the channel. */
  async show(): Promise<void> {
    const { quickInput, runCommand } = this.parts;
    await this.actor.until(
      `the output channel "${this.name}"`,
      async () => {
        if (await this.isShown()) return true;
        await runCommand('Output: Show Output Channels...');
        // An open list does not learn of channels that are made meanwhile.
        if (await quickInput.hasRow(this.name, 2_000)) await quickInput.pick(this.name);
        else await quickInput.cancel();
        await quickInput.closed();
        return this.isShown();
      },
      shown => shown,
    );
  }

  /** What the channel shows. */
  async text(): Promise<string> {
    await this.show();
    return await this.copied();
  }

  /** Waits until the channel shows a match, and returns its text. */
  async waitFor(pattern: string | RegExp, withinMs = patienceMs): Promise<string> {
    await this.show();
    const good = (text: string): boolean =>
      typeof pattern === 'string' ? text.includes(pattern) : matches(pattern, text);
    return await this.actor.until(`"${pattern}" in the output "${this.name}"`, () => this.copied(), good, withinMs);
  }

  private async isShown(): Promise<boolean> {
    const panel = this.actor.page.locator('.part.panel');
    if (!(await panel.locator('.output-view').isVisible())) return false;
    const chosen = panel.locator('select.monaco-select-box:visible').first();
    if ((await chosen.count()) === 0) return false;
    return plain(await chosen.locator('option:checked').textContent()) === this.name;
  }

  private async copied(): Promise<string> {
    const view = this.actor.page.locator('.output-view .monaco-editor').first();
    return await this.actor.attempt(`read the output "${this.name}"`, async () => {
      await view.waitFor({ timeout: patienceMs });
      await view.locator('.native-edit-context, textarea.inputarea').first().focus();
      return await this.parts.clipboard.borrow(async () => {
        await this.actor.page.keyboard.press('Control+A');
        await this.actor.page.keyboard.press('Control+C');
      });
    });
  }
}
