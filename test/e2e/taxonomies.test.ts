/** Taxonomies are edited, merged and had back; free notes are grouped and become categories, with the keyboard. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';

test.describe.configure({ mode: 'serial' });

const root = resolve(import.meta.dirname, '..', '..');
const fixtures = join(root, 'test', 'fixtures', 'formats');
const LONG = `🦊 ${'very '.repeat(30)}long note that nobody will want to read to its end`;
const NOTES = [
  'It trusted the first page that it found.',
  'Nobody checked the number that the web agent gave.',
  'The date was taken from a snippet, not from the page.',
  'It answered before the search was done.',
  LONG,
];

let folder: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracewright-taxonomies-'));
  const file = readFileSync(join(fixtures, 'agents-sdk/js03-multi-agent/expected.json'), 'utf8');
  const traceId = (JSON.parse(file) as { traces: readonly { id: string }[] }).traces[0]!.id;
  const state = {
    ...{ kind: 'note', taxonomy: null, category: null, severity: null, score: null, passed: null, agent: null },
    ...{ isRootCause: false, evidenceSpanId: null, correction: null, answers: null, preference: null, extra: {} },
  };
  const lines = NOTES.map((note, index) => ({
    ...{ tracewright: 1, type: 'revision', traceId, annotationId: `n${index}`, parents: [] },
    ...{ author: index % 2 === 0 ? 'Ann' : 'Ben', madeAt: 1_700_000_000_000 + index },
    state: { ...state, note, place: { kind: 'trace' }, tags: index === 0 ? ['search'] : [] },
  }));
  const notes = join(folder, 'notes.jsonl');
  writeFileSync(notes, lines.map((each) => JSON.stringify(each)).join('\n'));

  launched = await launchApp({ userData: join(folder, 'app') });
  await importFiles([
    join(fixtures, 'agents-sdk/js03-multi-agent/input.json'),
    join(fixtures, 'agentrx/ground-truth/input.json.gz'),
    notes,
  ]);
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A machine cannot press the desktop's own dialog: it answers with these. */
async function importFiles(paths: readonly string[]): Promise<void> {
  await launched.app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    [...paths],
  );
  await expect(launched.page.getByRole('button', { name: /load sample traces/i })).toBeVisible({ timeout: 20_000 });
  await launched.page.keyboard.press('Control+O');
  await expect(launched.page.getByRole('region', { name: 'Notices' })).toContainText(/files read/, { timeout: 20_000 });
}

test('labels of a file are counted by category, and each count opens its traces', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+7');
  const sets = page.getByRole('navigation', { name: 'Sets of labels' });
  await expect(sets.getByRole('button').first()).toContainText('MAST');
  await shoot(page, 'taxonomies-mast');
  await sets.getByRole('button', { name: /AgentRx/ }).click();
  const count = page.getByRole('button', { name: /labels? of Instruction or plan adherence failure/ });
  await expect(count).toBeVisible();
  await shoot(page, 'taxonomies-agentrx');
  expect(await serious(page)).toEqual([]);
  await count.click();
  await expect(page).toHaveURL(/q=label%3A/);
  // A heading row, and six traces.
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(7);
  await page.goBack();
});

test('a category is added, renamed, moved, merged and had back by keys', async () => {
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Sets of labels' }).getByRole('button', { name: /MAST/ }).click();
  await page.getByRole('button', { name: 'Category…' }).press('Enter');
  await page.keyboard.type('Asks the wrong person');
  await page.keyboard.press('Enter');
  const table = page.getByRole('table');
  const added = table.getByRole('button', { name: 'Asks the wrong person', exact: true });
  await expect(added).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByRole('button', { name: 'Version 3', exact: true })).toBeVisible();
  await expect(added).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Asks somebody else');
  await page.keyboard.press('Tab');
  await page.keyboard.type('It asks an agent or a person who cannot know.');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Version 5', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Do not count “Asks the wrong person”' })).toBeVisible();

  await page.getByRole('button', { name: 'Merge into…' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Into').selectOption({ label: '\u2003Information withholding' });
  await shoot(page, 'taxonomies-merge');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Do not count “Asks somebody else”' })).toBeVisible();
  await expect(table.getByRole('button', { name: /Asks somebody else retired/ })).toBeVisible();
  await shoot(page, 'taxonomies-merged');

  await page.keyboard.press('Control+Z');
  await expect(table.getByRole('button', { name: /Asks somebody else$/ })).toBeVisible();
  await page.keyboard.press('Control+Shift+Z');
  await expect(table.getByRole('button', { name: /Asks somebody else retired/ })).toBeVisible();

  await page.getByRole('button', { name: /^Version\s\d+$/ }).click();
  const versions = page.getByRole('dialog', { name: /Versions of/ });
  await expect(versions).toContainText('“Asks somebody else” is retired.');
  await expect(versions).toContainText('ships with the app');
  await shoot(page, 'taxonomies-versions');
  expect(await serious(page)).toEqual([]);
  await versions.getByRole('button', { name: 'Restore' }).last().click();
  await expect(table.getByRole('button', { name: /Asks somebody else/ })).toHaveCount(0);
});

test('what is wrong is said where it happened, and a file goes out and comes back', async () => {
  const { page } = launched;
  await page
    .getByRole('navigation', { name: 'Sets of labels' })
    .getByRole('button', { name: /Pass or fail/ })
    .click();
  await page.getByLabel('Another spelling').fill('Fail');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('stands for both');
  await shoot(page, 'taxonomies-problem');
  await page.getByLabel('Another spelling').fill('fine');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Do not count “fine”' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);

  const path = join(folder, 'pass-fail.json');
  await launched.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('Taxonomy exported');
  const written = JSON.parse(readFileSync(path, 'utf8')) as { id: string; title: string };
  const other = { ...written, id: 'other', title: 'Another set' };
  await page
    .getByLabel('Taxonomy file')
    .setInputFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(other)) });
  await expect(page.getByRole('textbox', { name: 'Title of the taxonomy' })).toHaveValue('Another set');
  await page.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await expect(page.getByRole('navigation', { name: 'Sets of labels' })).not.toContainText('Another set');
});

test('long names and many categories stay in their places', async () => {
  const { page } = launched;
  const categories = Array.from({ length: 300 }, (_, n) => ({
    code: n % 50 === 1 ? `🦊 ${'code-without-end-'.repeat(11)}${n}` : `c${n}`,
    title: n % 50 === 1 ? `🦊 ${'title without end '.repeat(10)}${n}` : `Category ${n}`,
    parent: n % 10 === 0 ? null : `c${n - (n % 10)}`,
    aliases: n === 1 ? Array.from({ length: 40 }, (_each, at) => `${'spelling-'.repeat(at % 20)}${at}`) : [],
  }));
  const big = { id: 'big', title: 'Big '.repeat(45), about: 'Much to say. '.repeat(60), categories };
  await page
    .getByLabel('Taxonomy file')
    .setInputFiles({ name: 'big.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(big)) });
  const table = page.getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(301);
  await table.getByRole('button', { name: /Category 0$/ }).focus();
  await page.keyboard.press('ArrowDown');
  await shoot(page, 'taxonomies-long');
  expect(await serious(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await page.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await expect(table.getByRole('row')).not.toHaveCount(301);
});

test('notes are grouped and promoted with the keyboard, counts grow, and undo takes it back', async () => {
  const { page } = launched;
  await page.getByRole('tab', { name: 'Open coding' }).click();
  const list = page.getByRole('listbox', { name: 'Notes' });
  await expect(list.getByRole('option')).toHaveCount(NOTES.length);
  const groups = page.getByRole('navigation', { name: 'Groups of notes' });
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('status').filter({ hasText: 'selected' })).toContainText('2 notes selected');
  await shoot(page, 'coding-selected');
  await page.keyboard.press('g');
  await page.keyboard.type('Evidence not checked');
  await page.keyboard.press('Enter');
  await expect(groups.getByRole('button', { name: /Evidence not checked/ })).toContainText('2');
  await expect(list).toBeFocused();

  await groups.getByRole('button', { name: /Evidence not checked/ }).click();
  await expect(list.getByRole('option')).toHaveCount(2);
  await list.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('p');
  const dialog = page.getByRole('dialog', { name: /Promote 2 notes/ });
  await expect(dialog.getByLabel('Title of the new category')).toHaveValue('Evidence not checked');
  await expect(dialog.getByLabel('Title of the new category')).toBeFocused();
  await shoot(page, 'coding-promote');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const labels = groups.getByRole('list', { name: 'Labels by category' });
  await expect(labels.getByRole('button', { name: /Evidence not checked/ })).toContainText('2');
  await expect(groups.getByRole('button', { name: /^Evidence not checked 2\/2/ })).toBeVisible();
  await groups.getByRole('button', { name: /All notes/ }).click();
  await shoot(page, 'coding-promoted');
  expect(await serious(page)).toEqual([]);

  await page.getByLabel('not yet a category').check();
  await expect(list.getByRole('option')).toHaveCount(NOTES.length - 2);
  await page.getByLabel('not yet a category').uncheck();
  await page.getByLabel('Find in notes').fill('snippet');
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.getByLabel('Find in notes').fill('');
  await expect(list.getByRole('option')).toHaveCount(NOTES.length);

  await list.focus();
  await page.keyboard.press('Control+Z');
  await expect(labels.getByRole('button')).toHaveCount(0);
  await expect(groups.getByLabel('Categories of')).not.toContainText('My categories');
  await page.keyboard.press('Control+Shift+Z');
  await expect(groups.getByLabel('Categories of')).toContainText('My categories');
  await expect(groups.getByRole('button', { name: /2\/2/ })).toBeVisible();

  await list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible();
});

test('score schemas: made, given each kind of scale, removed, and had back', async () => {
  const { page } = launched;
  await page.evaluate(() => (location.hash = '#/taxonomies?tab=schemas'));
  const list = page.getByRole('navigation', { name: 'Score schemas' });
  await expect(list.getByRole('button', { name: /^Quality 1 to 5/ })).toBeVisible();
  await list.getByRole('button', { name: 'New…' }).click();
  await page.getByRole('textbox', { name: 'What is scored' }).fill('🦊 Tone of the answer');
  await page.keyboard.press('Enter');
  const made = list.getByRole('button', { name: /Tone of the answer/ });
  await expect(made).toHaveAttribute('aria-current', 'true');
  const greatest = page.getByRole('textbox', { name: 'Greatest' });
  await greatest.fill('ten');
  await greatest.press('Enter');
  await expect(page.getByRole('alert')).toContainText('“ten” is no number.');
  await greatest.fill('10');
  await greatest.press('Enter');
  await expect(made).toContainText('1 to 10');
  await greatest.fill('0');
  await greatest.press('Enter');
  await expect(page.getByRole('alert')).toContainText('its greatest value must be above its least');
  await shoot(page, 'schemas-numeric');
  expect(await serious(page)).toEqual([]);

  const scale = page.getByRole('combobox', { name: 'Scale' });
  await scale.selectOption('categorical');
  await expect(made).toContainText('2 options');
  await page.getByRole('button', { name: 'Option', exact: true }).click();
  await expect(made).toContainText('3 options');
  const third = page.getByRole('textbox', { name: 'Title of option 3' });
  await third.fill('Rude');
  await third.press('Enter');
  await page.getByRole('button', { name: 'Remove “Bad”' }).click();
  await expect(made).toContainText('2 options');
  await shoot(page, 'schemas-categorical');
  await scale.selectOption('rubric');
  await page.getByRole('button', { name: 'Question', exact: true }).click();
  await expect(made).toContainText('2 questions');
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'schemas-rubric');
  await scale.selectOption('boolean');
  await expect(made).toContainText('yes or no');
  await page.getByRole('heading', { name: 'Taxonomies' }).click();
  await page.keyboard.press('Control+z');
  await expect(made).toContainText('2 questions');

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(made).toHaveCount(0);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await expect(made).toContainText('2 questions');
  // One that ships with the app cannot be lost.
  await list.getByRole('button', { name: /^Quality/ }).click();
  const step = page.getByRole('textbox', { name: 'Step' });
  await step.fill('0,5');
  await step.press('Enter');
  await expect(list.getByRole('button', { name: /^Quality/ })).toContainText('version 2');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('“Quality” is as it ships with the app');
  await expect(step).toHaveValue('1');
});
