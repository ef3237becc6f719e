/** Opening a trace from the list, as a person does, on a machine of any speed. */
import { expect, type Page } from '@playwright/test';

/**
 * Double-clicks the first row of Traces that has all these words. While a row is chosen, traces that arrive wait behind a
 * button, so that nothing moves under the pointer: it is pressed when the row is not there.
 */
export async function openTrace(page: Page, ...words: readonly string[]): Promise<void> {
  await page.keyboard.press('Control+1');
  const list = page.getByRole('grid', { name: 'Traces' });
  const row = words.reduce((rows, hasText) => rows.filter({ hasText }), list.getByRole('row')).first();
  const waiting = page.getByRole('button', { name: /^[\d.,]+k? new$/ });
  await expect(async () => {
    if (!(await row.isVisible()) && (await waiting.isVisible())) await waiting.click({ timeout: 2_000 });
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
  await row.dblclick();
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible({ timeout: 30_000 });
}
