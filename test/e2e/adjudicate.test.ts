/** A colleague's labels come as a file: the conflict is shown, settled, opened again by an undo; and labels outlive their trace. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

const root = resolve(import.meta.dirname, '../..');
const pictures = process.env.TRACEWRIGHT_PICTURES;
let folder: string;
let launched: LaunchedApp;
let trace: string;

test.describe.configure({ mode: 'serial' });

function cli(workspace: string, ...args: readonly string[]): string {
  const command = [join(root, 'bin/tracewright'), ...args, '--workspace', join(folder, workspace)];
  return execFileSync(process.execPath, command, { encoding: 'utf8' });
}

type Shown = { readonly traceId: string; readonly id: string };
type Line = {
  readonly imported?: object;
  readonly hash: string;
  readonly annotationId: string;
  readonly state: object;
};

/** The label as it came, and what somebody made of it in a workspace of their own: as their label file has it. */
function edited(author: string, note: string): string {
  const path = join(folder, `${author}.jsonl`);
  cli('mine.tracewright', 'annotations', 'export', '--format', 'annotations', '--out', path, '--force');
  const text = readFileSync(path, 'utf8');
  const base = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .find(({ imported, annotationId }) => imported && annotationId === 'who_and_when');
  const { hash, ...rest } = base!;
  const revision = { ...rest, imported: undefined, parents: [hash], author, madeAt: 1_700_000_000_000 };
  writeFileSync(path, `${text}${JSON.stringify({ ...revision, state: { ...rest.state, note } })}\n`);
  return path;
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'tracewright-adjudicate-'));
  trace = join(folder, '22.json');
  const fixture = join(root, 'test/fixtures/formats/who-and-when/hand-crafted-22/input.json.gz');
  writeFileSync(trace, gunzipSync(readFileSync(fixture)));
  cli('mine.tracewright', 'import', trace);
  cli('mine.tracewright', 'annotations', 'merge', edited('Ann', 'Ann says: it was the planner.'));
  launched = await launchApp({ args: ['--workspace', join(folder, 'mine.tracewright')] });
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
  await launched.page.keyboard.press('Control+O');
}

async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(pictures ?? test.info().outputDir, `adjudicate-${name}-${colorScheme}.png`) });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${name}, ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([]);
  }
}

test('a second label file brings a conflict, which is settled, opened again, and settled', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  const grid = page.getByRole('grid').getByRole('row');
  await expect(grid).toHaveCount(2, { timeout: 20_000 });
  // What Ben wrote without having seen what Ann did.
  cli('bens.tracewright', 'import', trace);
  const own = readFileSync(edited('Ben', 'Ben says: it was the surfer.'), 'utf8').split('\n');
  const bens = join(folder, 'bens.jsonl');
  writeFileSync(bens, own.filter((line) => !line.includes('Ann says')).join('\n'));
  await importFiles([bens]);
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(/conflict/, { timeout: 20_000 });
  const [row] = JSON.parse(cli('mine.tracewright', 'annotations', 'list', '--json')) as Shown[];
  await page.evaluate((id) => (location.hash = `#/trace/${encodeURIComponent(id)}?tab=graph`), row!.traceId);
  const chip = page.getByRole('button', { name: /annotations?, 1 in conflict$/ });
  await chip.click();
  // Scores that came with the data stand beside what people say.
  await expect(page.getByTestId('scores')).toContainText('with the data, from who-and-when');
  const decide = page.getByRole('button', { name: 'Two wordings: decide' });
  await decide.click();
  const history = page.getByRole('dialog', { name: 'Said at the same time' });
  await expect(history.getByRole('button', { name: 'Keep this' })).toHaveCount(2);
  await expect(history).toContainText('Ann says');
  await expect(history).toContainText('Ben says');
  await look(page, 'conflict');
  const keep = history.getByRole('listitem').filter({ hasText: 'Ben says' }).getByRole('button', { name: 'Keep this' });
  await keep.click();
  await expect(chip).toHaveCount(0);
  await expect(page.getByTestId('annotations')).toContainText('Ben says');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect(chip).toHaveCount(1);
  await decide.click();
  await expect(history.getByRole('button', { name: 'Keep this' })).toHaveCount(2);
  await expect(history).toContainText('Ann says');
  await keep.first().click();
  await expect(chip).toHaveCount(0);
  await look(page, 'settled');
});

test('labels are exported before a trace is deleted, and come back with it', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  const labels = join(folder, 'saved.jsonl');
  await launched.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, labels);
  await page.evaluate(() => (location.hash = '#/traces'));
  const list = page.getByRole('grid', { name: 'Traces' });
  await expect(list.getByRole('row')).toHaveCount(2);
  await list.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByTestId('annotations-lost')).toContainText('1 annotation and 1 score go with it');
  await look(page, 'delete');
  await dialog.getByRole('button', { name: 'Export annotations first…' }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(/1 annotation and 1 score exported/);
  expect(existsSync(labels)).toBe(true);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('1 trace deleted');
  // The label first, then its trace.
  await importFiles([labels]);
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(/not here waits/, { timeout: 20_000 });
  await importFiles([trace]);
  await expect(list.getByRole('row')).toHaveCount(2, { timeout: 20_000 });
  await expect
    .poll(() => cli('mine.tracewright', 'annotations', 'list', '--json'), { timeout: 20_000 })
    .toContain('Ben says');
});
