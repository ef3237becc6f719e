/** Reviews ten real traces with the keyboard only, settles a dispute, compares a pair, and loses nothing in a crash. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

test.describe.configure({ mode: 'serial' });
test.setTimeout(180_000);

const root = resolve(import.meta.dirname, '..', '..');
const fixtures = join(root, 'test', 'fixtures', 'formats');
const FILES = [
  'who-and-when/algorithm-generated-17',
  'who-and-when/algorithm-generated-21',
  'who-and-when/hand-crafted-22',
  'who-and-when/hand-crafted-58',
  'tau-bench/airline-task-6',
  'agents-sdk/js01-responses',
  'agents-sdk/js03-multi-agent',
  'agents-sdk/py01-all-spans',
];

let folder: string;
let workspace: string;
let launched: LaunchedApp;
let presses = 0;

/** Only keys: how many, is counted. */
async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    presses++;
    await launched.page.keyboard.press(key);
  }
}

function cli(...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, 'bin', 'tracewright'), ...args, '--workspace', workspace], {
    encoding: 'utf8',
  });
}

function annotations(): readonly { kind: string; passed: number | null; note: string | null; removed: number }[] {
  const text = cli(
    'sql',
    '--json',
    'SELECT kind, passed, note, removed FROM annotation WHERE state IS NOT NULL AND removed = 0',
  );
  const read: unknown = JSON.parse(text);
  return (Array.isArray(read) ? read : (read as { rows: unknown[] }).rows) as ReturnType<typeof annotations>;
}

async function start(): Promise<void> {
  launched = await launchApp({ userData: join(folder, 'app'), env: { TRACEWRIGHT_WORKSPACE: workspace } });
  await launched.page.setViewportSize({ width: 1440, height: 900 }).catch(() => undefined);
  await expect(launched.page.getByRole('grid').getByRole('row').first()).toBeVisible();
}

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracewright-review-'));
  workspace = join(folder, 'review.tracewright');
  const inputs = FILES.flatMap((name) => {
    const at = join(fixtures, name);
    return readdirSync(at).flatMap((file) => (file.startsWith('input.') ? [join(at, file)] : []));
  });
  cli('import', ...inputs);
  await start();
});
test.afterAll(async () => {
  await launched.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

test('a queue of ten is made and gone through by keys, a verdict and the next item in two presses', async () => {
  const { page } = launched;
  await press('Control+5');
  await expect(page.getByRole('heading', { name: 'Nothing to review yet' })).toBeVisible();
  await look(page, 'review-empty');
  await press('Control+Shift+R');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await page.keyboard.type('Ten real traces');
  const limit = dialog.getByLabel('At most');
  for (let tabs = 0; tabs < 8; tabs++) {
    await press('Tab');
    if (await limit.evaluate((field) => field === document.activeElement)) break;
  }
  await page.keyboard.type('10');
  await press('Tab');
  await page.keyboard.type('labels of MAST');
  await look(page, 'review-dialog');
  await press('Tab');
  await page.keyboard.type('Did it do what was asked? Who decided it?');
  await press('Shift+Tab', 'Shift+Tab', 'Enter');
  await expect(page.getByRole('heading', { name: 'Ten real traces' })).toBeVisible();
  await expect(dialog).toHaveCount(0);

  const position = page.locator('header [role=status]');
  await expect(page.getByRole('listbox', { name: 'Steps of the trace' }).getByRole('option').first()).toBeVisible();
  await look(page, 'review-item');
  for (let item = 1; item <= 10; item++) {
    await expect(position).toContainText(`${item} of 10`);
    const before = presses;
    await press(item % 3 === 0 ? 'p' : 'f', 'Enter');
    expect(presses - before).toBeLessThanOrEqual(3);
  }
  await expect(page.getByText('all done')).toBeVisible();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await look(page, 'review-done');
});

test('going back: labels, severity, blame, the decisive step and a note, each with its key; and undo', async () => {
  const { page } = launched;
  const form = page.getByRole('region', { name: 'Judgement' });
  await press('[', '[');
  const position = page.locator('header [role=status]');
  await expect(position).toContainText('8 of 10');
  await expect(form.getByRole('button', { name: 'Fail F', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await press('1', '3', 's');
  const labels = form.getByRole('group', { name: 'Labels' });
  await expect(labels.getByRole('button', { pressed: true })).toHaveCount(2);
  await expect(labels.getByRole('button', { name: /^Severity: low/ })).toBeVisible();
  await press('1');
  await expect(labels.getByRole('button', { pressed: true })).toHaveCount(1);
  await press('j', 'j', 'j', 'b', 'j', 'd');
  const blame = form.getByRole('group', { name: 'Blame' });
  await expect(blame).toContainText(/is blamed; decisive is/);
  await press('n');
  await page.keyboard.type('It never looked the order up.');
  await press('Escape');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await look(page, 'review-judged');
  await press('Control+z');
  await expect(form.getByRole('textbox', { name: 'Note' })).toHaveValue('');
  await press('Control+Shift+z');
  await expect(form.getByRole('textbox', { name: 'Note' })).toHaveValue('It never looked the order up.');
  await press('l');
  await expect(page.getByRole('region', { name: 'Items of the queue' }).getByRole('listitem')).toHaveCount(10);
  await look(page, 'review-items');
  await press('l');
});

test('a crash loses nothing that was pressed, and the item is found again', async () => {
  const { page, app } = launched;
  await press('[', 'p', 'n');
  await page.keyboard.type('half a sen');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const gone = new Promise((closed) => app.process().once('exit', closed));
  app.process().kill('SIGKILL');
  await gone;
  await start();
  const again = launched.page;
  await press('Control+5');
  await again.getByRole('button', { name: /^Open Ten real traces/ }).focus();
  await press('Enter');
  await expect(again.getByRole('heading', { name: 'Ten real traces' })).toBeVisible();
  await press('l');
  await again.getByRole('region', { name: 'Items of the queue' }).getByRole('button', { name: /^7 / }).focus();
  await press('Enter');
  const form = again.getByRole('region', { name: 'Judgement' });
  await expect(form.getByRole('button', { name: 'Pass P', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(form.getByRole('textbox', { name: 'Note' })).toHaveValue('half a sen');
});

test('pairs are compared side by side, blind to their origin', async () => {
  const { page } = launched;
  await press('Control+Shift+R');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('Which is better');
  await press('Tab');
  await page.keyboard.type('Compare two of the same workflow');
  await dialog.getByLabel(/Hide which run/).focus();
  await press('Space');
  await press('Enter');
  await expect(page.getByRole('region', { name: 'Left trace' })).toBeVisible();
  // Its page would tell what is hidden.
  await expect(page.getByRole('button', { name: /^Open/ })).toBeDisabled();
  await press('o');
  await expect(page).toHaveURL(/#\/review/);
  await press('1', 'n');
  await page.keyboard.type('It asks before it acts.');
  await press('Escape');
  await expect(page.getByRole('button', { name: /^Left is better/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await look(page, 'review-pair');
});

test('what two people say differently is settled, blind, with its reason kept', async () => {
  const { page } = launched;
  // Another reviewer at the same workspace.
  await page.evaluate(() => (location.hash = '#/settings'));
  const name = page.getByRole('textbox', { name: 'Your name' });
  await name.fill('Ben');
  await name.press('Enter');
  await expect(page.getByText('Your name in annotations is saved')).toBeVisible();
  await page.evaluate(() => (location.hash = '#/review'));
  await page.getByRole('button', { name: /^Open Ten real traces/ }).focus();
  await press('Enter');
  const form = page.getByRole('region', { name: 'Judgement' });
  await expect(form).toBeVisible();
  await press('p');
  await expect(form.getByRole('button', { name: 'Pass P', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await press('Control+Shift+R');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('Disputes');
  await press('Tab');
  await page.keyboard.type('Settle what people');
  await dialog.getByLabel(/Hide what others/).focus();
  await press('Space');
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'A says' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'B says' })).toBeVisible();
  await look(page, 'review-dispute');
  await press('2');
  await expect(page.getByText('This is settled.')).toBeVisible();
  await press('Enter');
  await page.evaluate(() => (location.hash = '#/review'));
  await expect(page.getByRole('list', { name: 'Review queues' }).getByRole('listitem')).toHaveCount(3);
  await look(page, 'review-queues');
});

test('all of it is in the file', async () => {
  await launched.close();
  const kept = annotations();
  expect(kept.filter(({ kind }) => kind === 'verdict').length).toBeGreaterThanOrEqual(11);
  expect(kept.filter(({ kind, note }) => kind === 'preference' && note === 'It asks before it acts.')).toHaveLength(1);
  expect(kept.filter(({ kind }) => kind === 'blame')).toHaveLength(1);
});

/** Nothing serious in either theme, and a picture of each. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    const images = process.env.TRACEWRIGHT_IMAGES ?? join('test-results', 'images');
    mkdirSync(images, { recursive: true });
    await page.screenshot({ path: join(images, `${name}-${colorScheme}.png`) });
  }
}
