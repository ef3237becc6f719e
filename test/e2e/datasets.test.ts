/** Datasets in the window: a file becomes examples, they are edited as a grid into versions, and traces join them. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';

test.describe.configure({ mode: 'serial' });
test.setTimeout(120_000);

const fixtures = resolve(import.meta.dirname, '../fixtures/formats');
let launched: LaunchedApp;
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracewright-datasets-'));
  launched = await launchApp();
  await launched.page.setViewportSize({ width: 1440, height: 900 }).catch(() => undefined);
});
test.afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

/** A machine cannot press the desktop's own dialogs. */
async function answerDialogs(open: string, save: string): Promise<void> {
  await launched.app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [paths.open] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.save });
    },
    { open, save },
  );
}

async function openDatasets(): Promise<void> {
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Evals' }).click();
  await page.getByRole('tab', { name: 'Datasets' }).click();
}

const grid = () => launched.page.getByRole('grid', { name: /^Examples of/ });
const cell = (row: number, column: number) => launched.page.locator(`#example-${row}-${column}`);

test('an empty list says what a dataset is', async () => {
  const { page } = launched;
  await openDatasets();
  await expect(page.getByRole('heading', { name: 'No dataset yet' })).toBeVisible();
  await shoot(page, 'datasets-empty');
  expect(await serious(page)).toEqual([]);
});

test('tasks of tau-bench become a dataset that is edited with the keyboard', async () => {
  const { page } = launched;
  const path = join(folder, 'airline tasks.json');
  await writeFile(path, gunzipSync(readFileSync(join(fixtures, 'tau-bench/cut-airline.json.gz'))));
  await answerDialogs(path, '');
  await page.getByRole('button', { name: 'Import a file…' }).click();
  await expect(page.getByRole('heading', { name: 'airline tasks' })).toBeVisible();
  await expect(grid().getByRole('row')).toHaveCount(11);
  await expect(cell(0, 4)).toContainText('1: book_reservation');

  // In the cell: Enter, type, Tab to the next cell, Enter down; Escape takes back what was typed.
  await cell(0, 3).click();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Booked on HAT136.');
  await page.keyboard.press('Tab');
  await expect(cell(0, 3)).toHaveText('Booked on HAT136.');
  await expect(grid()).toHaveAttribute('aria-activedescendant', 'example-0-4');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await page.keyboard.press('Escape');
  await expect(cell(1, 3)).toHaveText('');
  await expect(page.getByText('1 unsaved edit')).toBeVisible();

  // The trajectory in the panel, checked as it is typed.
  await cell(0, 4).dblclick();
  const trajectory = page.getByLabel(/^Expected trajectory/);
  await expect(trajectory).toBeFocused();
  await trajectory.fill('[{"arguments": 1}]');
  await trajectory.blur();
  await expect(page.getByRole('alert').filter({ hasText: 'Call 1 needs a "name"' })).toBeVisible();
  await trajectory.fill('[{"name": "look"}, {"name": "book", "arguments": {"to": "SEA"}}]');
  await trajectory.blur();
  await expect(cell(0, 4)).toContainText('2: look, book');
  await shoot(page, 'datasets-panel');
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Close the example' }).click();

  // A new row, one to be deleted, and one version of all of it.
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.keyboard.type('Cancel my flight');
  await page.keyboard.press('Enter');
  await expect(cell(10, 2)).toHaveText('Cancel my flight');
  await cell(4, 0).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('3 unsaved edits')).toBeVisible();
  await shoot(page, 'datasets-edited');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Control+S');
  await page.getByLabel('Note').fill('Seattle');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Version 2' })).toBeVisible();
  await expect(page.getByText('unsaved')).toHaveCount(0);
  await expect(page.getByText('10 examples', { exact: true })).toBeVisible();
});

test('versions: looked at, taken back, and back again', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Version 2' }).click();
  const dialog = page.getByRole('dialog', { name: /^Versions of/ });
  await expect(dialog).toContainText('10 examples: 1 added, 1 changed, 1 removed');
  await shoot(page, 'datasets-versions');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Open' }).nth(1).click();
  await expect(page.getByText('Version 1 of 2, as it was')).toBeVisible();
  await expect(cell(0, 3)).toHaveText('');
  await shoot(page, 'datasets-old');
  await page.getByRole('button', { name: 'Open the newest' }).click();
  await expect(cell(0, 3)).toHaveText('Booked on HAT136.');
  await grid().focus();
  await page.keyboard.press('Control+Z');
  await expect(page.getByRole('button', { name: 'Version 3' })).toBeVisible();
  await expect(cell(0, 3)).toHaveText('');
  await page.keyboard.press('Control+Shift+Z');
  await expect(page.getByRole('button', { name: 'Version 4' })).toBeVisible();
  await expect(cell(0, 3)).toHaveText('Booked on HAT136.');
});

test('what a file holds that cannot be read is said, and the export comes back as it was', async () => {
  const { page } = launched;
  const broken = join(folder, 'more.jsonl');
  await writeFile(
    broken,
    '{"id": "n1", "input": "=cmd", "answer": "ok", "level": 3}\nnot json\n{"id": "n1", "input": "other"}\n',
  );
  await answerDialogs(broken, '');
  await page.getByRole('button', { name: 'Import…' }).click();
  const report = page.getByRole('dialog', { name: 'Import of more.jsonl' });
  await expect(report).toContainText('2 examples added');
  await expect(report).toContainText('Line 2 is not JSON');
  await shoot(page, 'datasets-report');
  await page.keyboard.press('Escape');
  await page.getByLabel('Search the examples').fill('=cmd');
  await expect(grid().getByRole('row')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(grid().getByRole('row')).toHaveCount(13);
  const out = join(folder, 'out.csv');
  await answerDialogs(out, out);
  await page.keyboard.press('Control+E');
  await page.getByRole('radio', { name: /^CSV/ }).check();
  await shoot(page, 'datasets-export');
  await page.getByRole('button', { name: 'Choose where…' }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('12 examples exported');
  expect(await readFile(out, 'utf8')).toContain("'=cmd");
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('out.csv: nothing is new');
});

test('ten thousand rows scroll, and their end is reached', async () => {
  const { page } = launched;
  const path = join(folder, 'many 😀.jsonl');
  const long = `${'A name of two hundred characters. '.repeat(6)}‮evil`;
  const rows = Array.from({ length: 10_000 }, (_, at) =>
    JSON.stringify({
      id: `row ${at}`,
      question: `Question ${at}: ${at % 7 === 0 ? long : 'short'}`,
      answer: `${at}`,
      topic: `t${at % 9}`,
      score: at / 7,
    }),
  );
  await writeFile(path, rows.join('\n'));
  await page.getByRole('button', { name: 'All datasets' }).click();
  await answerDialogs(path, '');
  await page.getByRole('button', { name: 'Import a file…' }).click();
  await expect(page.getByText('10,000 examples', { exact: true })).toBeVisible();
  await grid().focus();
  await page.keyboard.press('Control+End');
  await expect(cell(9_999, 1)).toHaveText('row 9999');
  await page.keyboard.press('Control+Home');
  await expect(cell(0, 1)).toHaveText('row 0');
  const slow = await page.evaluate(async () => {
    const scroller = document.querySelector('[role=grid]');
    const gaps: number[] = [];
    let last = performance.now();
    for (let frame = 0; frame < 90; frame++) {
      if (scroller) scroller.scrollTop += 700;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      gaps.push(performance.now() - last);
      last = performance.now();
    }
    return gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.9)];
  });
  process.stdout.write(`90 % of frames while scrolling within ${slow?.toFixed(1)} ms\n`);
  await shoot(page, 'datasets-many');
});

test('traces become examples, from the list and from an open one', async () => {
  const { page } = launched;
  await answerDialogs(join(folder, 'airline tasks.json'), '');
  await page.keyboard.press('Control+O');
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('grid', { name: 'Traces' }).getByRole('row').nth(3)).toBeVisible();
  await expect(page.getByText('40 traces', { exact: true }).first()).toBeVisible();
  // Rows are still arriving: all of them are chosen when all are there.
  await expect(async () => {
    await page.getByRole('grid', { name: 'Traces' }).focus();
    await page.keyboard.press('Control+a');
    await expect(page.getByText('40 selected')).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Add to dataset…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 40 selected traces to a dataset' });
  await dialog.getByLabel('Dataset').selectOption('a new one');
  await dialog.getByLabel('Name').fill('From traces');
  await shoot(page, 'datasets-add');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make the dataset' }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices).toContainText('10 examples added');
  await expect(notices).toContainText('30 traces of tasks that have an example already were left');
  await notices.getByRole('button', { name: 'Open' }).last().click();
  await expect(grid().getByRole('row')).toHaveCount(11);
  await shoot(page, 'datasets-traces');
  await grid()
    .getByRole('button', { name: /^trace/ })
    .first()
    .click();
  await expect(page.getByRole('button', { name: 'Add to dataset…' })).toBeVisible();
  await page.keyboard.press('Control+Shift+A');
  await page
    .getByRole('dialog', { name: 'Add one trace to a dataset' })
    .getByRole('button', { name: 'Add', exact: true })
    .click();
  await expect(notices).toContainText('0 examples added');
  await openDatasets();
  await expect(page.getByRole('button', { name: 'many 😀', exact: true })).toBeVisible();
  await shoot(page, 'datasets-list');
  expect(await serious(page)).toEqual([]);
});
