/** What an end-to-end test looks at: both themes, as pictures and as axe sees them. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
export const THEMES = ['dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** What axe finds serious or critical, in both themes. */
export async function serious(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await putOn(page, theme);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${theme}: ${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }
  return found;
}

/** A screenshot per theme, as `name-dark.png` where TRACEWRIGHT_IMAGES says, else among the results. */
export async function shoot(page: Page, name: string, themes: readonly Theme[] = THEMES): Promise<void> {
  const images = process.env.TRACEWRIGHT_IMAGES ?? join('test-results', 'images');
  for (const theme of themes) {
    await putOn(page, theme);
    await page.screenshot({ path: join(root, images, `${name}-${theme}.png`) });
  }
}

async function putOn(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((wanted) => {
    (window as unknown as { tracewright: { setTheme: (theme: string) => void } }).tracewright.setTheme(wanted);
  }, theme);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
}
