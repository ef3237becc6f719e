/** Two eval runs in the window: what changed in words and figures, item by item, as pictures, and out of it as files. */
import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';

test.describe.configure({ mode: 'serial' });

const root = resolve(import.meta.dirname, '..', '..');
const MANY = 10_000;

let folder: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  folder = mkdtempSync(join(tmpdir(), 'tracewright-compare-'));
  const workspace = join(folder, 'runs.tracewright');
  await promisify(execFile)(
    process.execPath,
    [fileURLToPath(new URL('../support/compared-runs.ts', import.meta.url)), workspace, String(MANY)],
    { cwd: root },
  );
  launched = await launchApp({ userData: join(folder, 'app'), args: ['--workspace', workspace] });
  await sized(1440, 900);
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

async function sized(width: number, height: number): Promise<void> {
  await launched.app.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await expect.poll(() => launched.page.evaluate(() => innerWidth)).toBe(width);
}

/** A machine cannot press the desktop's own dialogs. */
async function saveTo(path: string): Promise<void> {
  await launched.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

function notices(page: Page) {
  return page.getByRole('region', { name: 'Notices' });
}

test('the newest two runs stand side by side: in words, with intervals, tests and what would settle it', async () => {
  const { page } = launched;
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Control+Alt+c');
  await expect(page.getByText(/^2 of 5 criteria are better, \d worse/)).toBeVisible({ timeout: 20_000 });
  const table = page.getByRole('table', { name: /^Criteria of prompt 1/ });
  const row = table.getByRole('row', { name: /Answers the question/ });
  await expect(row).toContainText('Better');
  await expect(row).toContainText('+30.2 points');
  await expect(row).toContainText('p < 0.001 (Holm)');
  await expect(row).toContainText('pass^2 20.8 % → 70.8 %');
  await expect(table.getByRole('row', { name: /Small talk/ })).toContainText('Worse');
  await shoot(page, 'compare-runs');
  await row.getByRole('button').click();
  await expect(table.getByText(/^Passes 30.2 points more often/)).toBeVisible();
  await shoot(page, 'compare-runs-detail');
  expect(await serious(page)).toEqual([]);
  await sized(1024, 700);
  await shoot(page, 'compare-runs-small');
  await sized(1440, 900);
});

test('items: the regressed one first, with both verdicts and what changed in the answer', async () => {
  const { page } = launched;
  await page.keyboard.press('Alt+2');
  const grid = page.getByRole('grid', { name: 'Items' });
  await expect(grid.getByRole('row').nth(1)).toContainText('Regressed');
  await shoot(page, 'compare-items');
  await page.getByRole('button', { name: /^Regressed/ }).click();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  const panel = page.getByRole('complementary', { name: 'The chosen item' });
  await expect(panel.getByRole('region', { name: 'Answers the question' })).toContainText('pass');
  await expect(panel.getByRole('region', { name: 'Answers the question' })).toContainText('fail');
  await expect(panel.locator('ins').last()).toBeVisible();
  await shoot(page, 'compare-item');
  expect(await serious(page)).toEqual([]);
  await sized(1024, 700);
  await shoot(page, 'compare-item-small');
  await sized(1440, 900);
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/tab=traces&of=before_\d+_\d&of=after_\d+_\d/);
  await page.goBack();
  await expect(grid).toBeVisible();
});

test('only what differs, by criterion: rows have the change under it', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByRole('combobox', { name: 'Criterion' }).selectOption({ label: 'Small talk' });
  const grid = page.getByRole('grid', { name: 'Items' });
  await expect(grid.getByRole('row').nth(1)).toContainText('Regressed');
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: /Only what differs/ }).check();
  await expect(page.getByRole('button', { name: /^Same 0/ })).toBeVisible();
});

test('charts in both themes, each out of the window as SVG and CSV', async () => {
  const { page } = launched;
  await page.keyboard.press('Alt+3');
  await expect(page.getByRole('img', { name: 'Each item from A to the other' })).toBeVisible();
  await shoot(page, 'compare-charts');
  const picture = join(folder, 'criteria.svg');
  await saveTo(picture);
  await page.getByRole('button', { name: 'Export Criteria of each run as SVG' }).click();
  await expect(notices(page)).toContainText('Picture exported');
  const svg = readFileSync(picture, 'utf8');
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).toContain('Answers the question');
  // Nothing in it asks for the page's styles.
  expect(svg).not.toMatch(/var\(|class=|oklab|light-dark|<script|data-says/);
  expect(svg).toMatch(/fill="rgb/);
  const table = join(folder, 'items.csv');
  await saveTo(table);
  await page.getByRole('button', { name: 'Export Each item from A to the other as CSV' }).click();
  await expect(notices(page)).toContainText('Table exported');
  expect(readFileSync(table, 'utf8').trim().split('\r\n')).toHaveLength(49);
  await page.getByRole('region', { name: 'Charts' }).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await shoot(page, 'compare-charts-below');
  expect(await serious(page)).toEqual([]);
  await sized(1024, 700);
  await shoot(page, 'compare-charts-small');
  await sized(1440, 900);
});

test('the whole comparison as a report, with the same numbers', async () => {
  const { page } = launched;
  const report = join(folder, 'comparison.md');
  await saveTo(report);
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export this comparison' });
  await expect(dialog).toBeVisible();
  await shoot(page, 'compare-export');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Choose where…' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(notices(page)).toContainText('Comparison exported');
  expect(readFileSync(report, 'utf8')).toContain('30.2');
});

test('a third run is compared, too, and ten thousand items scroll', async () => {
  const { page } = launched;
  await page.keyboard.press('Alt+1');
  await page.getByRole('combobox', { name: 'Add a run' }).selectOption({ index: 1 });
  await expect(page.getByRole('radiogroup', { name: 'Compared with A' }).getByRole('radio')).toHaveCount(2, {
    timeout: 20_000,
  });
  await shoot(page, 'compare-three');
  expect(await serious(page)).toEqual([]);
  const options = await page.getByLabel('Baseline').locator('option').all();
  const ids = new Map<string, string>();
  for (const option of options)
    ids.set((await option.innerText()).split(' · ')[0] ?? '', (await option.getAttribute('value')) ?? '');
  await page.evaluate(
    ([a, b]) => {
      location.hash = `#/compare?tab=runs&of=${a}&of=${b}`;
    },
    [ids.get('many, before'), ids.get('many, after')],
  );
  await page.keyboard.press('Alt+2');
  const grid = page.getByRole('grid', { name: 'Items' });
  await expect(grid).toHaveAttribute('aria-rowcount', String(MANY + 1), { timeout: 30_000 });
  await grid.evaluate((element) => element.scrollTo(0, 120_000));
  await expect(grid.getByRole('row', { name: /Where is my order/ }).first()).toBeVisible();
  // What is drawn is what is seen, not the ten thousand.
  expect(await grid.getByRole('row').count()).toBeLessThan(80);
  await grid.focus();
  await page.keyboard.press('End');
  await expect(grid.getByRole('row').last()).toContainText('Where is my order');
  await shoot(page, 'compare-many');
});
