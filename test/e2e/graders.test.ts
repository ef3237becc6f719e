/** A grader is made from a trace, tried, edited, saved, and used: a failed trace is found by its verdict. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracewright-graders-'));
  launched = await launchApp({ userData: join(folder, 'app') });
  const { page } = launched;
  await page.getByRole('button', { name: /load sample traces/i }).click({ timeout: 30_000 });
  // What was loaded is opened.
  await expect(page).toHaveURL(/#\/trace\//, { timeout: 30_000 });
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an empty list says what a grader is, and how to begin', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+8');
  await expect(page.getByRole('heading', { name: 'No grader yet' })).toBeVisible();
  await page.getByRole('button', { name: 'New grader…' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New grader' });
  await expect(dialog.getByRole('button', { name: /^String check/ })).toBeVisible();
  await shoot(page, 'graders-new');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a trace becomes a grader by keys, and its verdict has evidence', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+1');
  const grid = page.getByRole('grid');
  await expect(grid.getByRole('row').nth(1)).toBeVisible();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Inspector' })).toBeVisible();
  await page.keyboard.press('Shift+J');
  const dialog = page.getByRole('dialog', { name: 'Grader from this trace' });
  await expect(dialog.getByRole('button', { name: /^Answer of / })).toBeFocused();
  await shoot(page, 'graders-from-trace');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Definition as JSON')).toBeVisible();
  const bench = page.getByRole('region', { name: 'Bench' });
  const first = bench.getByRole('listbox').getByRole('option').first();
  await expect(first).toContainText('pass', { timeout: 15_000 });
  await expect(bench.getByRole('status')).toContainText(/1 pass/);
  await expect(bench.getByRole('list', { name: 'Evidence' }).getByRole('button').first()).toBeVisible();
  await shoot(page, 'graders-editor');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Alt+3');
  await expect(bench.getByRole('listbox')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/trace\/.*span=/);
  await expect(page.getByTestId('evidence')).toContainText('on the bench');
  await expect(page.getByRole('tab', { name: /^Output/ })).toHaveAttribute('aria-selected', 'true');
  await shoot(page, 'graders-evidence');
  expect(await serious(page)).toEqual([]);
  await page.goBack();
  await expect(page.getByLabel('Definition as JSON')).toBeVisible();
});

test('form and JSON follow each other, and what is no JSON is kept with its line', async () => {
  const { page } = launched;
  const json = page.getByLabel('Definition as JSON');
  const reference = page.getByLabel('Reference', { exact: true });
  const was = await reference.inputValue();
  await reference.fill('zzz is in no answer');
  await expect(json).toHaveValue(/zzz is in no answer/);
  const bench = page.getByRole('region', { name: 'Bench' });
  await expect(bench.getByRole('status')).toContainText('0 pass', { timeout: 15_000 });
  await page.keyboard.press('Control+Z');
  await expect(reference).toHaveValue(was);
  await page.keyboard.press('Control+Shift+Z');
  await expect(reference).toHaveValue('zzz is in no answer');
  await page.keyboard.press('Control+Z');

  const whole = await json.inputValue();
  await json.fill(whole.replace('"ilike"', 'ilike'));
  await expect(page.getByText(/^Line \d+: "ilike" is no JSON value/)).toBeVisible();
  await expect(page.getByText(/The form waits until it is mended/)).toBeVisible();
  await shoot(page, 'graders-broken');
  expect(await serious(page)).toEqual([]);
  await json.fill(whole);
  await expect(page.getByText('Nothing is wrong with it.')).toBeVisible();
  await json.fill(whole.replace(/\n\}$/, ', // to be tightened\n}'));
  await expect(page.getByText(/^Line \d+: A comment is no JSON: it is read over/)).toBeVisible();
  await expect(bench.getByRole('status')).toContainText('1 pass', { timeout: 15_000 });
  await shoot(page, 'graders-comment');
  await json.fill(whole);

  const input = page.getByLabel('Input', { exact: true });
  await input.fill('{{ trace.');
  await expect(page.getByRole('listbox', { name: 'Paths in the chosen trace' })).toBeVisible();
  await page.keyboard.type('out');
  await expect(page.getByRole('option', { name: /^output_text/ })).toHaveAttribute('aria-selected', 'true');
  await shoot(page, 'graders-complete');
  await page.keyboard.press('Enter');
  await expect(input).toHaveValue('{{ trace.output_text }}');
  await expect(json).toHaveValue(/\{\{ trace\.output_text \}\}/);
});

test('it is saved, changed, and its versions are compared', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+S');
  await page.getByLabel(/What changed/).fill('the first');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('saved as version 1');
  await expect(page.getByRole('button', { name: 'Version 1' })).toBeVisible();
  await page.getByLabel('Operation').selectOption('like');
  await page.getByLabel('Name', { exact: true }).fill('Answers as it should');
  await page.keyboard.press('Control+S');
  const save = page.getByRole('dialog', { name: 'Save as version 2' });
  await expect(save).toContainText('ilike');
  await shoot(page, 'graders-save');
  await page.getByLabel(/What changed/).fill('letters in their case');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Version 2' }).click();
  const versions = page.getByRole('dialog', { name: /Versions of/ });
  await expect(versions).toContainText('letters in their case');
  await expect(versions.locator('ins').filter({ hasText: 'Answers as it should' })).toBeVisible();
  await shoot(page, 'graders-versions');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(versions).toHaveCount(0);
});

test('all traces are graded, and a failed one is found by its verdict', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Grade…' }).click();
  const dialog = page.getByRole('dialog', { name: /Grade all/ });
  await expect(dialog.getByRole('checkbox', { name: /Answers as it should/ })).toBeChecked();
  await shoot(page, 'graders-grade');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Grade', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(/\d+ graded/, { timeout: 30_000 });
  await page.getByRole('button', { name: 'All graders' }).click();
  const fails = page.getByRole('button', { name: /fail: show what/ });
  await expect(fails).toBeVisible();
  await shoot(page, 'graders-list');
  expect(await serious(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Gradings' }).click();
  await expect(page.getByRole('list', { name: 'Gradings' })).toContainText('done');
  await shoot(page, 'graders-gradings');
  await page.getByRole('tab', { name: 'Graders' }).click();
  await fails.press('Enter');
  const verdicts = page.getByRole('list', { name: 'Verdicts' });
  await expect(verdicts.getByRole('button').first()).toContainText('fail');
  await shoot(page, 'graders-verdicts');
  expect(await serious(page)).toEqual([]);
  await verdicts.getByRole('button').first().press('Enter');
  await expect(page).toHaveURL(/#\/trace\//);
  await expect(page.getByTestId('evidence')).toContainText('Answers as it should');
  await page.getByRole('button', { name: /1 fail/ }).click();
  await expect(page.getByTestId('verdicts')).toContainText('Answers as it should');
  await expect(page.getByTestId('verdicts').getByRole('list', { name: 'Evidence' })).toBeVisible();
  await shoot(page, 'graders-trace');
  expect(await serious(page)).toEqual([]);

  await page.keyboard.press('Control+1');
  const facet = page.getByRole('button', { name: /^Graded Answers as it should: fail, (\d+) traces/ });
  const count = /(\d+) traces/.exec((await facet.getAttribute('aria-label')) ?? '')?.[1];
  await facet.click();
  await expect(facet).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', String(Number(count) + 1));
  await shoot(page, 'graders-facet');
  expect(await serious(page)).toEqual([]);
  await facet.click();
});

test('what is archived goes, and comes back by undo', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+8');
  await page.getByRole('button', { name: 'All graders' }).click();
  await page.getByRole('button', { name: 'Archive Answers as it should' }).click();
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByRole('table')).toContainText('Answers as it should');
});
