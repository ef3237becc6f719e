/** What people found wrong, counted, and how far they agree: the published tables come out of the window. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import {
  blames,
  digest,
  failures,
  writeAgentRx,
  writeReviewers,
  writeWhoAndWhen,
} from '../support/published-labels.ts';

let launched: LaunchedApp;
let folder: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracewright-insights-'));
  launched = await launchApp();
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

async function importFolder(path: string): Promise<void> {
  const { page } = launched;
  await answerDialogs(path, '');
  await page.keyboard.press('Control+O');
}

/** All traces of the list, through the app's own dialog. */
async function exportAll(format: string, path: string, traces: number): Promise<string> {
  const { page } = launched;
  await answerDialogs('', path);
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('grid').getByRole('row').first()).toBeVisible();
  await page.keyboard.press('Control+E');
  const dialog = page.getByRole('dialog', { name: /^Export all 1\d\d traces/ });
  await dialog.getByRole('radio', { name: format }).check();
  await dialog.getByRole('button', { name: /choose where/i }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(`${traces} traces exported`, {
    timeout: 20_000,
  });
  return path;
}

async function check(name: string): Promise<void> {
  const { page } = launched;
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.screenshot({
      path: join(process.env.TRACEWRIGHT_IMAGES ?? 'test-results/screenshots', `insights-${name}-${theme}.png`),
    });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
}

test('an empty workspace says what to do', async () => {
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Insights' }).click();
  await expect(page.getByText('There are no traces yet')).toBeVisible();
  await page.getByRole('tab', { name: 'Agreement' }).click();
  await expect(page.getByText('Nobody has labelled anything yet')).toBeVisible();
});

test('Who&When and AgentRx: the published counts, and every bar opens its traces', async () => {
  const { page } = launched;
  const published = join(folder, 'published');
  mkdirSync(published);
  writeWhoAndWhen(published, 'Algorithm-Generated');
  await importFolder(published);
  await page.keyboard.press('Control+6');
  await page.getByRole('tab', { name: 'Failures' }).click();
  const summary = page.getByRole('list', { name: 'In short' });
  await expect(summary).toContainText('55 labels in 55 of 55 traces', { timeout: 20_000 });
  await expect(summary).toContainText('42 agents blamed');
  await check('who-and-when');

  const agentRx = join(folder, 'agentrx');
  writeAgentRx(agentRx);
  await importFolder(agentRx);
  await page.keyboard.press('Control+6');
  await page.getByRole('combobox', { name: 'Taxonomy' }).selectOption('agentrx');
  await expect(summary).toContainText('39 labels in 29 of 29 traces', { timeout: 20_000 });
  const which = page.getByRole('region', { name: 'Which failures' });
  const bars = which.getByRole('listitem');
  await expect(bars).toHaveCount(7);
  const counts = await bars.evaluateAll((items) =>
    items.map((item) => /: (\d+) labels? in/.exec(item.querySelector('button')?.ariaLabel ?? '')?.[1]),
  );
  expect(counts).toEqual(['10', '8', '8', '6', '4', '2', '1']);
  const agents = page.getByRole('region', { name: 'In which agents' });
  await expect(agents.getByRole('button', { name: /^Assistant/ })).toHaveAccessibleName(/blamed 29,/);
  await expect(agents.getByRole('button', { name: /^User/ })).toHaveAccessibleName(/blamed 10,/);

  // By keyboard: a bar, its traces, and back to the bar.
  await bars.first().getByRole('button').focus();
  await page.keyboard.press('Enter');
  const behind = page.getByRole('complementary', { name: 'Traces behind it' });
  await expect(behind.getByText(/^10 traces/)).toBeVisible();
  await expect(behind.getByRole('listitem')).toHaveCount(10);
  await check('agentrx');
  await page.keyboard.press('Escape');
  await expect(behind).toHaveCount(0);
  await expect(bars.first().getByRole('button')).toBeFocused();

  const heat = page.getByRole('region', { name: 'Agent by category' });
  await heat.getByRole('button', { name: /^User, Underspecified user intent/ }).click();
  await expect(behind.getByRole('listitem').first()).toBeVisible();
  await behind.getByRole('listitem').first().getByRole('button').click();
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Insights' })).toBeVisible();
});

test('exported through the window, they have the published digests', async () => {
  const { page } = launched;
  const rest = join(folder, 'rest');
  mkdirSync(rest);
  writeWhoAndWhen(rest, 'Hand-Crafted');
  await importFolder(rest);
  await page.keyboard.press('Control+6');
  await page.getByRole('combobox', { name: 'Taxonomy' }).selectOption('who_and_when');
  const summary = page.getByRole('list', { name: 'In short' });
  await expect(summary).toContainText('87 labels in 87 of 87 traces', { timeout: 20_000 });

  const who = await exportAll('Who&When', join(folder, 'who'), 87);
  const written = blames(who).lines;
  const part = (name: string): string[] => written.filter((line) => line.startsWith(name));
  expect([part('Algorithm-').length, digest(part('Algorithm-'))]).toEqual([55, 'f19e489556657f64']);
  expect([part('Hand-').length, digest(part('Hand-'))]).toEqual([32, '0c013a1e89004b0d']);

  const found = failures(await exportAll('AgentRx', join(folder, 'rx'), 102)).lines;
  expect([found.length, digest(found)]).toEqual([39, 'e6f7e87df76646ee']);
  await page.keyboard.press('Control+6');
});

test('tables instead of pictures, and both as files', async () => {
  const { page } = launched;
  await page.getByRole('combobox', { name: 'Taxonomy' }).selectOption('agentrx');
  await page.getByRole('radio', { name: 'Tables' }).click();
  const table = page.getByRole('table', { name: 'Which failures' });
  await expect(table.getByRole('row')).toHaveCount(8);
  await check('tables');
  for (const [button, file] of [
    ['Picture (SVG)…', 'failures.svg'],
    ['Table (CSV)…', 'failures.csv'],
  ] as const) {
    const path = join(folder, file);
    await answerDialogs('', path);
    await page.getByRole('button', { name: button }).click();
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('Underspecified user intent');
  }
  expect(await readFile(join(folder, 'failures.csv'), 'utf8')).toContain(
    'category,agentrx,Misinterpretation of tool output,,8,7,29',
  );
});

test('agreement of two people: sentences, figures, and cells that open their traces', async () => {
  const { page } = launched;
  const labels = join(folder, 'reviewers');
  mkdirSync(labels);
  writeReviewers(labels);
  await importFolder(labels);
  await page.keyboard.press('Control+6');
  await page.getByRole('tab', { name: 'Agreement' }).click();
  const people = page.getByRole('group', { name: 'Compare' });
  for (const name of ['who_and_when', 'agentrx']) await people.getByRole('checkbox', { name }).uncheck();
  const category = page.getByRole('region', { name: 'Category: mine' });
  await expect(category).toContainText('Ann and Ben choose the same category for 90 % of 20 items');
  for (const figure of ['Cohen’s kappa', 'Gwet’s AC1'])
    await expect(category.getByText(figure).locator('xpath=..')).toContainText(/0\.80 \(0\.\d\d to \d\.\d\d\)/);
  const cell = category.getByRole('button', { name: 'F, P: 1 item in 1 trace' });
  await cell.click();
  await expect(page.getByRole('complementary', { name: 'Traces behind it' }).getByRole('listitem')).toHaveCount(1);
  await check('agreement');
});
