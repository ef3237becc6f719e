/** Before a version is saved: what flips, whether it agrees with people, and that a worse one asks; graders come and go in files. */
import { expect, test } from '@playwright/test';
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

let folder: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracewright-flips-'));
  const workspace = join(folder, 'flips.tracewright');
  await promisify(execFile)(
    process.execPath,
    [fileURLToPath(new URL('../support/flip-workspace.ts', import.meta.url)), workspace],
    { cwd: root },
  );
  launched = await launchApp({ userData: join(folder, 'app'), args: ['--workspace', workspace] });
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

test('verdicts that flip stand side by side, with the agreement of both versions', async () => {
  const { page } = launched;
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Control+8');
  await page.getByRole('button', { name: 'Says when it arrives', exact: true }).click();
  await page.getByLabel('Reference', { exact: true }).fill('Monday');
  await page.getByLabel('Operation', { exact: true }).selectOption('ne');
  await page.getByRole('button', { name: 'Flips…' }).click();
  const dialog = page.getByRole('dialog', { name: 'What would flip' });
  await expect(dialog.getByRole('status')).toContainText(/14 fail → pass of 40 stored verdicts of version 1/, {
    timeout: 20_000,
  });
  await expect(dialog.getByRole('table', { name: 'Agreement with people' })).toContainText('Held-out half');
  await expect(dialog.getByText(/the new version is worse: balanced accuracy/)).toBeVisible();
  const row = dialog.getByRole('list', { name: 'Verdicts that change' }).getByRole('button').first();
  await row.click();
  await expect(dialog.getByRole('region', { name: 'Version 1' })).toContainText('score 0');
  await shoot(page, 'grader-flips');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a version that agrees less with people asks before it is saved', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+S');
  const dialog = page.getByRole('dialog', { name: 'Save as version 2' });
  await expect(dialog.getByRole('alert')).toContainText('It agrees less with people than the version before', {
    timeout: 20_000,
  });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByText('Save it all the same?')).toBeVisible();
  await shoot(page, 'grader-flips-save');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save although it is worse' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(/saved as version 2/)).toBeVisible();
});

test('graders come from a promptfoo configuration, and go out again', async () => {
  const { page, app } = launched;
  const out = join(folder, 'out.yaml');
  await app.evaluate(
    ({ dialog }, { from, to }) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [from] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: to });
    },
    { from: join(root, 'test/fixtures/graders/exchange/promptfooconfig.yaml'), to: out },
  );
  await page.getByRole('button', { name: 'All graders' }).click();
  await page.getByRole('button', { name: 'Import…' }).click();
  const report = page.getByRole('dialog', { name: /^\d+ graders imported$/ });
  await expect(report.getByText(/"moderation" has no counterpart/)).toBeVisible();
  await shoot(page, 'grader-import');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export graders' });
  await dialog.getByLabel(/^promptfoo/).check();
  await shoot(page, 'grader-export');
  await dialog.getByRole('button', { name: /^Export \d+ graders…$/ }).click();
  await expect(
    page
      .getByRole('dialog', { name: /graders exported$/ })
      .getByText('left out')
      .first(),
  ).toBeVisible();
  expect(readFileSync(out, 'utf8')).toContain('defaultTest:');
  await page.keyboard.press('Escape');
});

test('a category and a detector suggest graders', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+7');
  await page
    .getByRole('button', { name: /Step repetition/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Grader from it…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Grader from Step repetition' });
  await expect(dialog.getByRole('button', { name: /^Without Step repetition/ })).toBeFocused();
  await expect(dialog.getByRole('button', { name: /^No finding/ })).toBeVisible();
  await shoot(page, 'grader-from-category');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Definition as JSON')).toHaveValue(/"label_model"/);
});
