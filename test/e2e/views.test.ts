/** Every registered view opens, with the keyboard, and the sample traces open at one click. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

// The samples of the first are those of all.
test.describe.configure({ mode: 'serial' });

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
  const names = await viewNames(page);
  expect(names).toEqual(expect.arrayContaining(['Traces', 'Connect', 'Settings']));
  for (const name of names) {
    await openView(page, name);
    await expect(page.getByText(/something went wrong|cannot read/i)).toHaveCount(0);
  }
  expect(errors).toEqual([]);
});

test('the palette finds commands and traces, and the sheet lists the shortcuts', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog');
  // As fast as keys can be pressed: none is lost while it opens.
  await page.keyboard.type('settings');
  await expect(palette.getByRole('combobox')).toHaveValue('settings');
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(page.getByText(/theme/i).first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText(/shortcuts/i);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('search narrows the table, says what cannot be understood, and clears', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('grid').getByRole('gridcell').first()).toBeVisible();
  const all = await page.getByRole('grid').getByRole('row').count();
  await page.keyboard.press('/');
  await page.keyboard.type('zebra-that-is-nowhere');
  await expect(page.getByText(/no traces? match/i)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(all);
});

test('axe finds nothing serious in any view, in both themes', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  const found: string[] = [];
  const names = await viewNames(page);
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const name of names) {
      await openView(page, name);
      found.push(...(await violations(page, `${name}, ${theme}`)));
    }
    await openTrace(page, 'Checkout incident');
    for (const tab of ['Graph', 'Conversation']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tree', { name: 'Spans of the trace' }).getByRole('treeitem').nth(5).click();
      found.push(...(await violations(page, `${tab}, ${theme}`)));
    }
  }
  expect(found).toEqual([]);
});

test('in a narrow window the navigation shows icons, and its buttons keep their names', async () => {
  const { app, page } = launched;
  const names = await viewNames(page);
  await resize(app, 1024, 700);
  const navigation = page.getByRole('navigation', { name: 'Views' });
  await expect.poll(async () => (await navigation.boundingBox())?.width).toBeLessThan(60);
  const found: string[] = [];
  for (const name of names) {
    await openView(page, name);
    found.push(...(await violations(page, `${name}, narrow`)));
  }
  expect(found).toEqual([]);
});

function links(page: Page) {
  return page.getByRole('navigation', { name: 'Views' }).getByRole('button');
}

/** Every registered view, as the navigation lists it. */
async function viewNames(page: Page): Promise<string[]> {
  await expect(links(page).first()).toBeVisible();
  return (await links(page).allTextContents()).map((name) => name.trim());
}

/** Waits for its heading, which a view shows before its data, and then for the data. */
async function openView(page: Page, name: string): Promise<void> {
  await links(page)
    .and(page.getByRole('button', { name, exact: true }))
    .click();
  await expect(links(page).and(page.locator('[aria-current="page"]'))).toHaveText(name);
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeAttached();
  await expect(page.getByRole('main').getByText(/^Loading/)).toHaveCount(0);
}

async function resize(app: LaunchedApp['app'], width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1]), [
    width,
    height,
  ] as const);
}

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
