/**
 * Did the change help? The whole way on recorded data, as a person goes it: two files in, four graders and a judge, one eval
 * run over two groups of trials, what became worse, where the worst pair parts; and the command line says the same.
 */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';
import { EXPECTED, GRADERS, isPolite, OUTCOME, POLITE, SHORT, startPoliteJudge } from '../support/scenario.ts';
import type { JudgeServer } from '../support/scripted-judge.ts';

test.describe.configure({ mode: 'serial' });
test.setTimeout(120_000);

const ROOT = resolve(import.meta.dirname, '../..');
const FIXTURES = join(ROOT, 'test/fixtures/formats');
const RETAIL = join(FIXTURES, 'agentrx/cut-full.json.gz');
const AIRLINE = join(FIXTURES, 'tau-bench/cut-airline.json.gz');
const EARLY = 'source:tau-bench -meta:trial=2 -meta:trial=3';
const LATE = 'source:tau-bench -meta:trial=0 -meta:trial=1';
const CANCELS = 'source:AgentRx tool:cancel_pending_order';
const OTHERS = 'source:AgentRx -tool:cancel_pending_order';

type Row = { readonly task_id: number; readonly trial: number; readonly reward: number };

let folder: string;
let launched: LaunchedApp;
let server: JudgeServer;

test.beforeAll(async () => {
  server = await startPoliteJudge();
  folder = mkdtempSync(join(tmpdir(), 'tracewright-did-it-help-'));
  launched = await launchApp({ args: ['--workspace', workspace()] });
  await sized(1440, 900);
});
test.afterAll(async () => {
  await launched.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function workspace(): string {
  return join(folder, 'help.tracewright');
}

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
async function answerDialogs(open: readonly string[], save: string): Promise<void> {
  await launched.app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...paths.open] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.save });
    },
    { open, save },
  );
}

function notices(page: Page): Locator {
  return page.getByRole('region', { name: 'Notices' });
}

/** What the files themselves say. */
function rowsOf(path: string): readonly Row[] {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Row[];
}

function fileShare(rows: readonly Row[]): string {
  return percent(rows.filter(({ reward }) => reward === 1).length / rows.length);
}

/** As the window writes a share. */
function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(1)))} %`;
}

async function askCli(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'bin/tracewright'), ...args, '--workspace', workspace(), '--json'],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as unknown;
}

test('the recorded runs of two benchmarks come in through the window', async () => {
  const { page } = launched;
  await expect(page.getByRole('button', { name: /load sample traces/i })).toBeVisible({ timeout: 30_000 });
  await answerDialogs([RETAIL, AIRLINE], '');
  await page.keyboard.press('Control+O');
  await expect(notices(page)).toContainText('140 traces', { timeout: 30_000 });
});

test('a local judge and four graders are made', async () => {
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Settings' }).click();
  const section = page.getByRole('region', { name: 'Judge endpoints' });
  await section.getByRole('button', { name: 'New endpoint…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New judge endpoint' });
  await dialog.getByRole('button', { name: 'Ollama' }).click();
  await dialog.getByLabel('Address').fill(server.baseUrl);
  await dialog.getByRole('button', { name: 'Save endpoint' }).click();
  await section.getByRole('listitem', { name: 'Ollama' }).getByRole('button', { name: 'judge-1' }).click();
  for (const { kind, definition } of GRADERS) {
    await page.keyboard.press('Control+8');
    await page.getByRole('button', { name: 'New grader…' }).first().click();
    await page.getByRole('dialog', { name: 'New grader' }).getByRole('button', { name: kind }).first().click();
    await page.getByLabel('Definition as JSON').fill(JSON.stringify(definition, null, 2));
    await page.keyboard.press('Control+S');
    await page.getByLabel(/What changed/).press('Enter');
    await expect(page.getByRole('button', { name: 'Version 1' })).toBeVisible();
    await page.getByRole('button', { name: 'All graders' }).click();
  }
});

test('an eval of four criteria is built in the editor', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+9');
  await page.getByRole('button', { name: 'New eval' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Did it help? 🧪');
  await page.getByRole('button', { name: 'Add graders…' }).click();
  const picker = page.getByRole('dialog', { name: 'Add graders' });
  for (const { definition } of GRADERS)
    await picker.getByRole('checkbox', { name: definition.name.slice(0, 20) }).check();
  await shoot(page, 'help-picker');
  await picker.getByRole('button', { name: 'Add 4 graders' }).click();
  await page.getByLabel(`Must pass in percent, ${OUTCOME}`).fill('60');
  await page.getByLabel('Filter', { exact: true }).fill(EARLY);
  await expect(page.getByRole('strong').filter({ hasText: '20 traces' })).toBeVisible();
  await shoot(page, 'help-editor');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Control+S');
  await expect(notices(page)).toContainText('“Did it help? 🧪” saved');
  await expect(page.getByText('not saved yet')).toHaveCount(0);
});

/** One run of the open eval over what a search finds; back in the eval's editor afterwards. */
async function runOver(name: string, query: string, traces: number): Promise<void> {
  const { page } = launched;
  await page.getByLabel('Filter', { exact: true }).fill(query);
  await expect(page.getByRole('strong').filter({ hasText: new RegExp(`^${traces} traces`) })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Run the eval' });
  await expect(dialog.getByRole('status')).toContainText(`${traces} traces`, { timeout: 15_000 });
  await expect(dialog.getByRole('status')).toContainText(`${traces} calls to your models`);
  await dialog.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/evals\?tab=runs&span=/);
  await expect(page.locator('header').getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 });
}

async function backToEval(): Promise<void> {
  await launched.page
    .getByRole('button', { name: /^Did it help/ })
    .first()
    .click();
  await expect(launched.page.getByLabel('Filter', { exact: true })).toBeVisible();
}

test('it runs over two groups of trials, and over two groups of tasks', async () => {
  const { page } = launched;
  await runOver('trials 0 and 1', EARLY, 20);
  await backToEval();
  await runOver('trials 2 and 3', LATE, 20);
  const criteria = page.getByRole('region', { name: 'Criteria' });
  const late = rowsOf(AIRLINE).filter(({ trial }) => trial >= 2);
  const passed = late.filter(({ reward }) => reward === 1).length;
  await expect(criteria.getByRole('button', { name: `${OUTCOME}: show the ${passed} passed` })).toBeVisible();
  const polite = late.filter(({ trial }) => isPolite(trial)).length;
  await expect(criteria.getByRole('button', { name: `${POLITE}: show the ${polite} passed` })).toBeVisible();
  await shoot(page, 'help-run');
  expect(await serious(page)).toEqual([]);
  await backToEval();
  await runOver('retail, cancels', CANCELS, 19);
  await backToEval();
  await runOver('retail, all others', OTHERS, 81);
  await page.getByRole('button', { name: 'All runs' }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(5);
  await shoot(page, 'help-runs');
});

test('compared: the shares are those of the files, with interval and test', async () => {
  const { page } = launched;
  await page.getByRole('table').getByRole('button', { name: 'trials 2 and 3', exact: true }).click();
  await page.getByRole('button', { name: 'Compare…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare with another run' });
  // Newer ones are no baseline of it.
  await expect(dialog.getByRole('radio', { name: 'trials 0 and 1' })).toBeChecked();
  await shoot(page, 'help-baseline');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Paired by task.')).toBeVisible({ timeout: 20_000 });
  const row = page.getByRole('table', { name: /^Criteria of/ }).getByRole('row', { name: OUTCOME });
  const rows = rowsOf(AIRLINE);
  await expect(row).toContainText(fileShare(rows.filter(({ trial }) => trial < 2)));
  await expect(row).toContainText(fileShare(rows.filter(({ trial }) => trial >= 2)));
  await shoot(page, 'help-compared');
  expect(await serious(page)).toEqual([]);
});

/** By hand, with the two lists of the view. */
async function compare(baseline: string, other: string): Promise<void> {
  const { page } = launched;
  await page.keyboard.press('Control+Alt+c');
  for (const [label, name] of [
    [/Baseline$/, baseline],
    [/Compared with it$/, other],
  ] as const) {
    const list = page.getByRole('combobox', { name: label });
    await expect(list).toBeVisible({ timeout: 20_000 });
    const option = list.locator('option', { hasText: name }).first();
    await list.selectOption((await option.getAttribute('value')) ?? '');
  }
  await expect(page.getByRole('table', { name: `Criteria of ${baseline} (A) and run B` })).toBeVisible();
  await expect(page.locator('[data-stale=false]')).toBeVisible({ timeout: 20_000 });
}

test('the most regressed pair opens at its first divergence, and Back finds the items as they were', async () => {
  const { page } = launched;
  await page.keyboard.press('Alt+2');
  const grid = page.getByRole('grid', { name: 'Items' });
  await expect(grid.getByRole('row').nth(1)).toContainText('Regressed');
  await page.getByRole('button', { name: /^Regressed/ }).click();
  const regressed = await grid.getByRole('row').count();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  const panel = page.getByRole('complementary', { name: 'The chosen item' });
  await expect(panel.getByRole('region', { name: OUTCOME })).toBeVisible();
  await shoot(page, 'help-item');
  expect(await serious(page)).toEqual([]);
  await sized(1024, 700);
  await shoot(page, 'help-item-small');
  await sized(1440, 900);
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/tab=traces&of=.+&of=.+/);
  const steps = page.getByRole('grid', { name: 'Aligned steps' });
  await expect(steps.locator('[data-first]')).toBeVisible({ timeout: 20_000 });
  await expect(steps.locator('[data-first]')).not.toHaveAttribute('data-op', 'same');
  await expect(page.getByText('First divergence').first()).toBeVisible();
  await shoot(page, 'help-pair');
  expect(await serious(page)).toEqual([]);
  await sized(1024, 700);
  await shoot(page, 'help-pair-small');
  await sized(1440, 900);
  await page.goBack();
  await expect(grid.getByRole('row')).toHaveCount(regressed);
  // The tab leads back to the runs that were compared, too, and not to the newest ones.
  await page.keyboard.press('o');
  await expect(steps.locator('[data-first]')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('tab', { name: 'Eval runs' }).click();
  await expect(grid.getByRole('row')).toHaveCount(regressed);
  await expect(page.getByRole('combobox', { name: /Baseline$/ })).toContainText('trials 0 and 1');
  await expect(panel.getByRole('region', { name: OUTCOME })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(grid).toBeFocused();
});

test('the report says what the window says', async () => {
  const { page } = launched;
  const report = join(folder, 'did it help.md');
  await answerDialogs([], report);
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export this comparison' });
  await shoot(page, 'help-export');
  await expect(dialog.getByRole('radio', { name: /^Markdown/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(notices(page)).toContainText('Comparison exported');
  const text = readFileSync(report, 'utf8');
  await page.keyboard.press('Alt+1');
  const row = page.getByRole('table', { name: /^Criteria of/ }).getByRole('row', { name: OUTCOME });
  const shown = await row.getByRole('cell').allInnerTexts();
  const line = text.split('\n').find((each) => each.includes(`| ${OUTCOME} |`)) ?? '';
  for (const share of shown.slice(1, 3)) expect(line).toContain(share.split('\n')[0] ?? '');
});

type Range = readonly [number, number];
type Compared = {
  readonly pairedBy: string;
  readonly criteria: readonly {
    readonly name: string;
    readonly measure: 'pass rate' | 'mean score';
    readonly a: number;
    readonly b: number;
    readonly delta: number;
    readonly ci: Range | null;
    readonly pAdjusted: number | null;
    readonly wins: number;
    readonly losses: number;
    readonly ties: number;
  }[];
  readonly items: readonly { readonly change: string }[];
};
type Shown = {
  readonly name: string;
  readonly counts: { readonly total: number; readonly passed: number; readonly failed: number };
  readonly criteria: readonly {
    readonly name: string;
    readonly passed: number;
    readonly failed: number;
    readonly passRate: number;
    readonly ci: Range;
  }[];
};

/** As the window writes numbers: a real minus sign, at most so many digits. */
function signed(value: number, digits: number): string {
  const text = String(Number(Math.abs(value).toFixed(digits)));
  return text === '0' ? '0' : `${value < 0 ? '−' : '+'}${text}`;
}

test('the command line reads the same numbers from the same workspace', async () => {
  const { page } = launched;
  for (const [baseline, other] of [
    ['trials 0 and 1', 'trials 2 and 3'],
    ['retail, cancels', 'retail, all others'],
  ] as const) {
    const told = (await askCli('compare', baseline, other)) as Compared;
    expect(told.criteria.map(({ name }) => name).sort()).toEqual([EXPECTED, SHORT, OUTCOME, POLITE].sort());
    await compare(baseline, other);
    const table = page.getByRole('table', { name: /^Criteria of/ });
    for (const { name, measure, a, b, delta, ci, pAdjusted, wins, losses, ties } of told.criteria) {
      const row = table.getByRole('row', { name: name.slice(0, 30) });
      const [factor, digits] = measure === 'pass rate' ? [100, 1] : [1, 3];
      for (const value of [a, b])
        await expect(row).toContainText(measure === 'pass rate' ? percent(value) : String(Number(value.toFixed(3))));
      await expect(row).toContainText(signed(delta * factor, digits));
      const range = ci?.map((end) => signed(end * factor, digits)).join(' to ') ?? 'no interval';
      await expect(row).toContainText(range);
      if (pAdjusted !== null && pAdjusted >= 0.1) await expect(row).toContainText(`p = ${pAdjusted.toFixed(2)} (Holm)`);
      await expect(row).toContainText(told.pairedBy === 'none' ? 'not paired' : `+${wins}−${losses}=${ties}`);
    }
    await expect(page.getByRole('radio', { name: `Items ${told.items.length}`, exact: true })).toBeVisible();
    for (const run of [baseline, other]) await sameAsOnTheRunsPage(run);
  }
});

async function sameAsOnTheRunsPage(name: string): Promise<void> {
  const { page } = launched;
  const told = (await askCli('eval', 'show', name)) as Shown;
  await page.keyboard.press('Control+9');
  const back = page.getByRole('button', { name: /^All (runs|evals)$/ });
  if (await back.isVisible()) await back.click();
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('table').getByRole('button', { name, exact: true }).click();
  const criteria = page.getByRole('region', { name: 'Criteria' });
  for (const { name: criterion, passed, failed, passRate, ci } of told.criteria) {
    const row = criteria.getByRole('row', { name: criterion.slice(0, 30) });
    const [low, high] = ci.map((end) => String(Number((end * 100).toFixed(1))));
    await expect(row).toContainText(`${percent(passRate)} (${low}–${high} %)`);
    if (passed > 0) await expect(row).toContainText(`${passed} passed`);
    if (failed > 0) await expect(row).toContainText(`${failed} failed`);
  }
  await expect(page.getByText(`${told.counts.failed} failed`).first()).toBeVisible();
}

test('groups of different tasks are told apart from trials of one task', async () => {
  const { page } = launched;
  await compare('retail, cancels', 'retail, all others');
  await expect(page.getByText('These are different tasks: nothing is paired')).toBeVisible();
  await shoot(page, 'help-groups');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Alt+2');
  await expect(page.getByRole('grid', { name: 'Items' }).getByRole('row').nth(1)).toContainText('Only in A');
  await shoot(page, 'help-groups-items');
});
