/** Every registered view opens, with the keyboard, and the sample traces open at one click. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
});
test.afterAll(() => launched.close());

test('the samples load with one click and open as a trace', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: /load sample traces/i }).click();
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId('agent-graph')).toBeVisible();
});

test('every view opens from the navigation without an error', async () => {
  const { page } = launched;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('button');
  await expect(links.first()).toBeVisible();
  const names = (await links.allTextContents()).map((name) => name.trim());
  expect(names).toEqual(expect.arrayContaining(['Traces', 'Connect', 'Settings']));
  for (const name of names) {
    await links.filter({ hasText: name }).click();
    await expect(page.getByRole('main')).not.toBeEmpty();
    await expect(page.getByText(/something went wrong|cannot read/i)).toHaveCount(0);
  }
  expect(errors).toEqual([]);
});

test('the palette finds commands and traces, and the sheet lists the shortcuts', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog');
  await palette.getByRole('combobox').fill('settings');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/theme/i).first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText(/shortcuts/i);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('search narrows the table, says what cannot be understood, and clears', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('grid')).toBeVisible();
  const all = await page.getByRole('grid').getByRole('row').count();
  await page.keyboard.press('/');
  await page.keyboard.type('zebra-that-is-nowhere');
  await expect(page.getByText(/no traces? match/i)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(all);
});

test('axe finds nothing serious in any view, in both themes', async () => {
  const { page } = launched;
  const found: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const name of ['Traces', 'Connect', 'Ledger', 'Settings']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name }).click();
      await expect(page.getByRole('main')).not.toBeEmpty();
      found.push(...(await violations(page, `${name}, ${theme}`)));
    }
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Traces' }).click();
    await page.getByRole('grid').getByRole('row').filter({ hasText: 'Checkout incident' }).dblclick();
    for (const tab of ['Graph', 'Conversation']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tree', { name: 'Spans of the trace' }).getByRole('treeitem').nth(5).click();
      found.push(...(await violations(page, `${tab}, ${theme}`)));
    }
  }
  expect(found).toEqual([]);
});

async function violations(page: Page, where: string): Promise<string[]> {
  // The legacy mode needs no second page, which Electron cannot open.
  const { violations: all } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return all
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${where}: ${id} (${nodes.length}) ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`,
    );
}
