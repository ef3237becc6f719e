/** Answers in an open trace: what a handoff passed on, and where a text came from. On a published log (Who&When, MIT). */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { launchApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

const root = resolve(import.meta.dirname, '../..');
const LOG = join(root, 'test/fixtures/formats/who-and-when/hand-crafted-22/input.json.gz');

test('facts of a handoff, and the way of a text, by pointer and by keys', async () => {
  test.setTimeout(180_000);
  const folder = await mkdtemp(join(tmpdir(), 'tracewright-answers-'));
  const workspace = join(folder, 'log.tracewright');
  await promisify(execFile)(process.execPath, [join(root, 'bin/tracewright'), 'import', LOG, '--workspace', workspace]);
  const { page, close } = await launchApp({ args: ['--workspace', workspace] });
  try {
    await openTrace(page, 'Emily Midkiff');
    const tree = page.getByRole('tree', { name: 'Spans of the trace' });
    await tree.locator('[data-span-id="m3"]').first().click();

    const facts = page.getByRole('region', { name: 'Facts passed on' });
    await expect(facts).toContainText('dropped');
    await expect(facts.getByRole('button', { name: /^Emily Midkiff: go to/ })).toBeVisible();
    await bothThemes(page, 'handoff-facts');
    await facts.getByRole('button', { name: /^Kept/ }).click();
    await expect(facts.getByRole('button', { name: /^Emily Midkiff: go to/ })).toHaveCount(0);
    await expect(facts.getByRole('button', { name: /^Hreidmar: go to/ })).toBeVisible();
    await facts.getByRole('button', { name: /^Kept/ }).click();

    // To where the sender had it, marked there.
    await facts.getByRole('button', { name: /^Emily Midkiff: go to/ }).click();
    await expect(page.getByRole('treeitem', { selected: true })).toHaveAttribute('data-span-id', 'm1');
    await expect.poll(() => markedText(page)).toBe('Emily Midkiff');

    // By keys: the question about the selected span, a text typed, the first step followed.
    await tree.locator('[data-span-id="m8"]').first().click();
    await tree.focus();
    await page.keyboard.press('w');
    const dialog = page.getByRole('dialog', { name: /Where did this come from/ });
    await page.keyboard.type('Emily Midkiff');
    await expect(dialog.getByRole('textbox', { name: 'Text to trace back' })).toHaveValue('Emily Midkiff');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toHaveText('Found earlier in the trace');
    const steps = dialog.getByRole('list', { name: 'Steps from its source' }).getByRole('button');
    await expect(steps.first()).toContainText('the user said it');
    await expect(steps.nth(await steps.count().then((count) => count - 2))).toContainText('handoff');
    await bothThemes(page, 'origin');
    await steps.nth(1).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => markedText(page)).toBe('Emily Midkiff');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);

    // By pointer: a text selected in a message.
    await tree.locator('[data-span-id="m6"]').first().click();
    await page.getByRole('tab', { name: /^Output/ }).click();
    const content = page.getByRole('region', { name: 'Inspector' }).locator('[data-content-key]').last();
    await content.getByText('Please search for').first().selectText();
    await page.getByRole('button', { name: /Where did this come from/ }).click();
    await expect(dialog.getByRole('status')).toBeVisible();
    await bothThemes(page, 'origin-of-selection');
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
});

function markedText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const [range] = CSS.highlights.get('origin') ?? [];
    return range instanceof Range ? range.toString() : '';
  });
}

async function bothThemes(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    const folder = process.env.SCREENSHOTS;
    if (folder === undefined) continue;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}-${scheme}.png`) });
  }
}
