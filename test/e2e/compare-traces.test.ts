/** Two recorded trials of one task side by side, step by step; many against one; and both graphs over each other. */
import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';

test.describe.configure({ mode: 'serial' });

const ROOT = resolve(import.meta.dirname, '../..');
const TAU = join(ROOT, 'test/fixtures/formats/tau-bench/cut-airline.json.gz');
const SAMPLE = join(ROOT, 'resources/samples/3-checkout-incident.jsonl');

let launched: LaunchedApp;
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracewright-compare-'));
  launched = await launchApp();
});
test.afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

async function importFiles(...paths: string[]): Promise<void> {
  await launched.app.evaluate(({ dialog }, open) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...open] });
  }, paths);
  await launched.page.keyboard.press('Control+O');
}

/** The sample once more, as a run that went another way: other ids, another agent's name, and less of one tool. */
async function otherRun(): Promise<string> {
  const lines = (await readFile(SAMPLE, 'utf8')).trim().split('\n');
  const text = lines
    .map((line) => line.replaceAll(/trace_(?=[0-9a-f]{8})/g, 'trace_9').replaceAll(/span_(?=[0-9a-f]{8})/g, 'span_9'))
    .map((line) => line.replaceAll('Reporter', 'Scribe').replaceAll('diff_config', 'compare_config'))
    .join('\n');
  const path = join(folder, 'other.jsonl');
  await writeFile(path, text);
  return path;
}

function steps(page: Page) {
  return page.getByRole('grid', { name: 'Aligned steps' });
}

/** Rows far down are not drawn: a search brings them up. */
async function search(words: string): Promise<void> {
  await launched.page.keyboard.press('Control+1');
  const field = launched.page.locator('input[data-search]');
  await field.fill(words);
  await field.press('Enter');
}

test('two trials of a task open side by side from the selection, at the first divergence', async () => {
  const { page } = launched;
  await expect(page.getByRole('button', { name: /^collecting 127/ })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'See what your agents did' })).toBeVisible({ timeout: 30_000 });
  await importFiles(TAU);
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('40 traces', { timeout: 30_000 });
  await search('"Task 1"');
  const list = page.getByRole('grid', { name: 'Traces' });
  await expect(list.getByRole('row').filter({ hasText: 'Task 1, trial 2' })).toBeVisible({ timeout: 30_000 });
  for (const name of ['Task 1, trial 2', 'Task 1, trial 3'])
    await list
      .getByRole('row')
      .filter({ hasText: name })
      .click({ modifiers: ['Control'] });
  await page.getByRole('main').getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(steps(page)).toBeVisible({ timeout: 20_000 });
  const first = steps(page).locator('[data-first]');
  await expect(first).toBeVisible();
  await expect(page.getByRole('region', { name: 'The step in both' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'The step in both' })).toContainText('Output');
  await shoot(page, 'compare-traces');
  expect(await serious(page)).toEqual([]);
});

test('keys walk the differences, filters list one kind, and a sentence leads to its step', async () => {
  const { page } = launched;
  await steps(page).focus();
  const active = steps(page).locator('[data-active]');
  await page.keyboard.press('Home');
  const at = async (): Promise<number> => Number(await active.getAttribute('data-step'));
  const first = await at();
  await expect(active).toHaveAttribute('data-first', 'true');
  await page.keyboard.press('n');
  await expect.poll(at).toBeGreaterThan(first);
  await page.keyboard.press('p');
  await expect.poll(at).toBe(first);
  await page
    .getByRole('group', { name: 'Steps that are listed' })
    .getByRole('button', { name: /only in/ })
    .first()
    .click();
  await expect(steps(page).locator('[data-op="same"]')).toHaveCount(0);
  await shoot(page, 'compare-traces-filtered', ['dark']);
  await page.keyboard.press('f');
  await expect(page.getByRole('region', { name: 'The step in both' })).toBeVisible();
  await steps(page).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'The step in both' })).toHaveCount(0);
  await expect(steps(page).locator('[data-first]')).toBeVisible();
  const told = page.getByRole('list', { name: 'What became different' }).getByRole('button').first();
  const step = Number(/step (\d+)$/.exec((await told.textContent()) ?? '')?.[1]);
  await told.click();
  await expect.poll(at).toBe(step - 1);
});

test('playback goes step by step, and swap turns both round', async () => {
  const { page } = launched;
  const player = page.getByTestId('step-player');
  const sides = page.locator('[data-side]');
  const before = await sides.first().textContent();
  await player.getByLabel('Speed').selectOption('25');
  await player.getByRole('slider', { name: 'Step' }).fill('0');
  await player.getByRole('button', { name: /^Play both/ }).click();
  await expect(player.getByRole('button', { name: /^Play both/ })).toBeVisible({ timeout: 20_000 });
  await expect(player.getByRole('status')).toHaveText(/^(\d+) of \1$/);
  await page.getByRole('button', { name: 'Swap A and B' }).click();
  await expect(sides.last()).toHaveText((before ?? '').replace(/^A/, 'B'));
});

test('an open trace is compared with one of the same task, which stands first', async () => {
  const { page } = launched;
  await search('"Task 0"');
  const row = page.getByRole('grid', { name: 'Traces' }).getByRole('row').filter({ hasText: 'Task 0, trial 3' });
  await row.dblclick();
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Compare with…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare with…' });
  await expect(dialog.getByRole('option').first()).toContainText('same task');
  await shoot(page, 'compare-picker');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(steps(page)).toBeVisible();
  await expect(page.locator('[data-side]').first()).toContainText('Task 0, trial 3');
});

test('many against a baseline: a row opens the pair', async () => {
  const { page } = launched;
  await search('"Task 3"');
  const list = page.getByRole('grid', { name: 'Traces' });
  await expect(list.getByRole('row').filter({ hasText: 'Task 0' })).toHaveCount(0);
  const three = list.getByRole('row').filter({ hasText: 'Task 3' });
  await expect(three).toHaveCount(4);
  await list.press('Escape');
  for (let k = 0; k < 4; k++) await three.nth(k).click({ modifiers: ['Control'] });
  await expect(page.getByRole('main')).toContainText('4 selected');
  await page.getByRole('main').getByRole('button', { name: 'Compare', exact: true }).click();
  const star = page.getByRole('grid', { name: 'Traces against the baseline' });
  await expect(star.getByRole('row').nth(2)).toBeVisible({ timeout: 20_000 });
  await shoot(page, 'compare-star');
  expect(await serious(page)).toEqual([]);
  await star.getByRole('row').nth(1).click();
  await expect(steps(page)).toBeVisible();
});

test('a trace is put against what a good one did, and against an example of a dataset', async () => {
  const { page } = launched;
  const rows = await traceIds('"Task 5"');
  await page.evaluate(
    (of) => {
      location.hash = `#/compare?tab=traces${of.map((id) => `&of=${encodeURIComponent(id)}`).join('')}`;
    },
    [rows['Task 5, trial 1'] ?? '', rows['Task 5, trial 0'] ?? ''],
  );
  await expect(steps(page)).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Against expected calls…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare with expected tool calls' });
  await dialog.getByRole('button', { name: /^The tool calls of A/ }).click();
  await expect(page.locator('[data-side="A"]')).toContainText('Expected: the tool calls of Task 5, trial 1');
  const told = page.getByRole('list', { name: 'What became different' });
  await expect(told).toContainText('3 of 6 expected calls were made as expected.');
  await expect(told).toContainText(/expected and not made: .*update_reservation_baggages/);
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'compare-expected');
  await page.getByRole('button', { name: 'Compare whole traces' }).click();
  await expect(page.locator('[data-side="A"]')).toContainText('26 spans');

  // The same, of an example that was kept.
  await search('"Task 5, trial 1"');
  await page.getByRole('grid', { name: 'Traces' }).getByRole('row').filter({ hasText: 'Task 5, trial 1' }).click();
  await page.keyboard.press('Control+Shift+A');
  const adding = page.getByRole('dialog');
  await adding.getByRole('textbox').first().fill('Good runs');
  await adding.getByRole('button', { name: 'Make the dataset' }).click();
  await expect(adding).toHaveCount(0);
  await page.evaluate(() => {
    location.hash = '#/compare?tab=traces';
  });
  await page.getByRole('button', { name: 'Expected tool calls…' }).click();
  await shoot(page, 'compare-expected-picker');
  await dialog.getByRole('list', { name: 'Examples' }).getByRole('button').first().click();
  await expect(page.getByText(/^A is what example 5 of a dataset expects/)).toBeVisible();
  await page.getByRole('button', { name: 'Choose trace B…' }).click();
  await page.getByRole('combobox', { name: 'Search traces' }).fill('"Task 5, trial 0"');
  const option = page.getByRole('dialog').getByRole('option');
  await expect(option).toHaveCount(1);
  await option.click();
  await expect(page.locator('[data-side="A"]')).toContainText('Expected of 5');
  await expect(told).toContainText('3 of 6 expected calls were made as expected.');
});

/** By their names. */
async function traceIds(words: string): Promise<Readonly<Record<string, string>>> {
  await search(words);
  const rows = launched.page.getByRole('grid', { name: 'Traces' }).locator('[data-trace]');
  // Those of the search before may have been as many.
  await expect(rows.filter({ hasText: words.replaceAll('"', '') })).toHaveCount(4);
  await expect(rows).toHaveCount(4);
  return Object.fromEntries(
    await rows.evaluateAll((all) =>
      all.map((row) => [/Task \d, trial \d/.exec(row.textContent)?.[0] ?? '', row.getAttribute('data-trace') ?? '']),
    ),
  );
}

test('both graphs lie over each other, and an edge lists its steps', async () => {
  const { page } = launched;
  await importFiles(SAMPLE, await otherRun());
  await page.evaluate(() => {
    location.hash = '#/compare?tab=traces';
  });
  await expect(page.getByText('Put two traces side by side')).toBeVisible();
  await shoot(page, 'compare-empty', ['dark']);
  await page.getByRole('button', { name: 'Choose trace A…' }).click();
  const option = page.getByRole('dialog').getByRole('option');
  await page.getByRole('combobox', { name: 'Search traces' }).fill('checkout');
  await expect(option).toHaveCount(2, { timeout: 20_000 });
  await option.first().click();
  await page.getByRole('button', { name: 'Choose trace B…' }).click();
  await page.getByRole('combobox', { name: 'Search traces' }).fill('checkout');
  await expect(option).toHaveCount(1);
  await option.first().click();
  await expect(steps(page)).toBeVisible();
  await page.getByRole('tab', { name: 'Both graphs' }).click();
  const graph = page.getByTestId('merged-graph');
  await expect(graph).toBeVisible();
  await shoot(page, 'compare-graphs');
  expect(await serious(page)).toEqual([]);
  await graph.getByRole('button').first().press('Enter');
  await expect(page.getByText(/^Steps of:/)).toBeVisible();
});
