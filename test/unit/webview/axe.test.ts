import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deep } from '../../support/deep';
import { panelStage } from '../../support/panelStage';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describe('the page of the DNS panel is accessible and keeps to its window', () => {
  const { models, show } = panelStage();

  const widths = [1100, 400, 220];
  for (const theme of ['light', 'dark', 'hc'] as const)
    it(`has nothing that axe calls serious, and nothing wider than the window: ${theme}`, async () => {
      for (const [name, model] of Object.entries(models)) {
        const { page } = await show(model, theme, { width: widths[0]!, height: 900 });
        for (const opener of await page.locator('summary').all()) if (await opener.isVisible()) await opener.click();
        await page.evaluate(axe);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          assert.ok(wide <= width, `${name}, ${width} px: ${wide} px wide`);
          // Each theme at one width, and each width in one theme, unless all is asked for.
          if (!deep && width !== 400 && theme !== 'dark') continue;
          const found = await page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(
            `axe.run().then(result => result.violations)`,
          );
          const serious = found.filter(item => item.impact === 'serious' || item.impact === 'critical');
          assert.deepEqual(
            serious.map(item => [name, width, item.id, item.nodes[0]?.html]),
            [],
          );
        }
        await page.context().close();
      }
    });
});
