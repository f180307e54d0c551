import type { Frame } from 'playwright-core';
import { exactly, patienceMs, type Actor } from './actor';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The page inside the webview editor with this title, ready to be asked; its tab is brought to the front.
 * VS Code keeps the frames of webviews apart from the editors and lays them over, so the frame is the one drawn there.
 */
export async function webviewFrame(actor: Actor, title: string): Promise<Frame> {
  const { page } = actor;
  return await actor
    .attempt(`find the page of the webview "${title}"`, async () => {
      const tab = page.locator('.tab').filter({ has: page.locator('.label-name', { hasText: exactly(title) }) });
      await tab.first().click({ timeout: patienceMs });
      const group = page.locator('.editor-group-container').filter({ has: tab.first() });
      const area = await group.first().locator('.editor-container').boundingBox();
      if (!area) throw new Error('Its editor has no place in the window.');
      return await actor.until(
        `the page in "${title}"`,
        async () => {
          for (const outer of await page.locator('iframe.webview.ready').all()) {
            const box = await outer.boundingBox();
            if (!box || !(await outer.isVisible()) || !contains(area, box)) continue;
            const frame = page.frame({ name: (await outer.getAttribute('name')) ?? '' });
            // It is renamed once it is ready, which is why the element is asked for and not the frame's name.
            const inner = await (await frame?.$('#active-frame'))?.contentFrame();
            if (inner) return new Shown(inner);
          }
          return undefined;
        },
        shown => shown !== undefined,
      );
    })
    .then(shown => shown!.frame);
}

/** Keeps a frame out of messages, where it would be printed with all of its insides. */
class Shown {
  constructor(readonly frame: Frame) {}
  toJSON(): string {
    return this.frame.url();
  }
}

function contains(area: Box, box: Box): boolean {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return box.width > 0 && x > area.x && x < area.x + area.width && y > area.y && y < area.y + area.height;
}
