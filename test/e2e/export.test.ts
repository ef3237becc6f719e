/** Exporting from the list and from an open trace: the format in our dialog, the place in the desktop's, and what was written. */
import { expect, test, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

let launched: LaunchedApp;
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracewright-export-'));
  launched = await launchApp();
  const { page } = launched;
  await page.getByRole('button', { name: /load sample traces/i }).click();
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible({ timeout: 20_000 });
});
test.afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

/** A machine cannot press the desktop's own dialog: it answers with this path, and tells which name was proposed. */
async function answerSaveDialog(path: string | null): Promise<() => Promise<string>> {
  await launched.app.evaluate(({ dialog }, answer) => {
    dialog.showSaveDialog = ((_window: unknown, options: { defaultPath?: string }) => {
      (globalThis as { proposed?: string }).proposed = options.defaultPath ?? '';
      return Promise.resolve({ canceled: answer === null, filePath: answer ?? '' });
    }) as unknown as typeof dialog.showSaveDialog;
  }, path);
  return () => launched.app.evaluate(() => (globalThis as { proposed?: string }).proposed ?? '');
}

function formatDialog(page: Page) {
  return page.getByRole('dialog', { name: /^Export / });
}

test('the open trace as OTLP', async () => {
  const { page } = launched;
  const path = join(folder, 'trace.json');
  const proposed = await answerSaveDialog(path);
  await page.keyboard.press('Control+E');
  const dialog = formatDialog(page);
  await expect(dialog).toContainText('Export this trace');
  await expect(dialog.getByRole('radio').first()).toBeChecked();
  await page.screenshot({ path: 'test-results/screenshots/export-dialog.png' });
  await dialog.getByRole('button', { name: /choose where/i }).click();
  const notice = page.getByRole('region', { name: 'Notices' });
  await expect(notice).toContainText(/1 trace exported/i);
  await expect(notice.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  expect(await proposed()).toMatch(/\.json$/);
  const written = JSON.parse(await readFile(path, 'utf8')) as { resourceSpans: unknown[] };
  expect(written.resourceSpans.length).toBeGreaterThan(0);
  await expect(dialog).toHaveCount(0);
});

test('the traces of the list as tables, chosen with the keyboard', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('grid')).toBeVisible();
  const path = join(folder, 'tables');
  await answerSaveDialog(path);
  await page.keyboard.press('Control+E');
  const dialog = formatDialog(page);
  await expect(dialog).toContainText(/export all \d+ traces/i);
  await dialog.getByRole('radio', { name: 'CSV tables' }).check();
  await dialog.getByRole('button', { name: /choose where/i }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(/traces exported/i);
  expect(await readFile(join(path, 'traces.csv'), 'utf8')).toMatch(/^id,name,workflow,/);
  expect(existsSync(join(path, 'scores.csv'))).toBe(true);
});

test('going back in the desktop’s dialog keeps ours open, and a place that is taken is said', async () => {
  const { page } = launched;
  await answerSaveDialog(null);
  await page.keyboard.press('Control+E');
  const dialog = formatDialog(page);
  await dialog.getByRole('button', { name: /choose where/i }).click();
  await expect(dialog).toBeVisible();
  await answerSaveDialog(join(folder, 'no', 'such', 'place.json'));
  await dialog.getByRole('button', { name: /choose where/i }).click();
  await expect(page.getByRole('alert')).toContainText(/export failed: there is no folder/i);
});
