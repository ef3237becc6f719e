/** The inspector of a span: what a generation was given, what changed, whether tool calls fit, media, and huge values. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { inspectorTrace } from '../support/inspector-trace.ts';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

test.describe.configure({ mode: 'serial' });

const TEN_MEGABYTES = 10_000_000;

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
  const { page } = launched;
  const answer = await fetch(`${await collectorAddress(page)}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(inspectorTrace(TEN_MEGABYTES)),
  });
  expect(answer.ok).toBe(true);
  await openTrace(page, 'Booker');
});
test.afterAll(() => launched.close());

/** The generation or tool call with this number, in order of time. */
async function select(page: Page, name: string, number: number): Promise<void> {
  const rows = page.getByRole('tree', { name: 'Spans of the trace' }).getByRole('treeitem').filter({ hasText: name });
  await rows.nth(number).click();
}

test('the context of a generation is divided, and a part leads to its messages', async () => {
  const { page } = launched;
  await select(page, 'model-a', 2);
  const context = page.getByTestId('context');
  await expect(context).toContainText('980 tokens');
  await expect(context.getByRole('row', { name: /from cache/ })).toContainText('512');
  for (const part of ['Instructions', 'Tool definitions', 'History', 'Tool output', 'New messages', 'Media'])
    await expect(context.getByRole('row', { name: new RegExp(part) })).toBeVisible();
  await context.getByRole('button', { name: 'Tool definitions' }).click();
  await expect(context.getByRole('button', { name: /search_rooms/ })).toBeVisible();
  await context.getByRole('button', { name: 'Tool output' }).click();
  await expect(page.getByRole('tab', { name: /Input/, selected: true })).toBeVisible();
  await expect(page.locator('[data-meant]')).toHaveCount(2);
  await shoot(page, 'inspector-context');
});

test('changes: by key, from generation to generation, with compaction told and changed text marked', async () => {
  const { page } = launched;
  await page.keyboard.press('d');
  const changes = page.getByTestId('changes');
  await expect(changes).toContainText('4 unchanged');
  await expect(changes).toContainText('New: its own answer');
  await page.keyboard.press('Shift+Q');
  await expect(changes).toContainText('The history was shortened.');
  await expect(changes.locator('ins').filter({ hasText: 'and name the price' })).toBeVisible();
  await expect(changes.getByRole('row', { name: /temperature/ })).toContainText('0.7');
  await expect(changes).toContainText('pay');
  await shoot(page, 'inspector-changes');
  await page.keyboard.press('q');
  await expect(changes).toContainText('4 unchanged');
});

test('arguments are held against the schema that the model was given', async () => {
  const { page } = launched;
  await select(page, 'search_rooms', 0);
  await page.getByRole('tab', { name: 'Summary' }).click();
  const verdict = page.getByRole('group', { name: 'Arguments against their schema' });
  await expect(verdict).toContainText('nights should be an integer, and is the string "2"');
  await expect(verdict).toContainText('Board is not known; the schema has "board"');
  await expect(verdict).toContainText('Not checked: format "date"');
  await shoot(page, 'inspector-schema');
  await verdict.getByRole('button', { name: 'Where it was offered' }).click();
  await expect(page.getByTestId('context')).toContainText('190 tokens');
  await expect(verdict).toContainText('nights should be an integer');
});

test('a picture of the trace is drawn, links lead to their span', async () => {
  const { page } = launched;
  await select(page, 'model-a', 2);
  await page.getByRole('tab', { name: /Input/ }).click();
  await expect(page.getByRole('img', { name: /Image from the trace/ })).toBeVisible();
  await select(page, 'search_rooms', 0);
  await page.getByRole('tab', { name: /Events/ }).click();
  await expect(page.getByText('cache miss')).toBeVisible();
  await page.getByRole('button', { name: 'Go to the span' }).click();
  await expect(page.getByRole('treeitem', { selected: true })).toContainText('model-a');
});

test('ten megabytes of text load when asked for, and do not freeze the window', async () => {
  const { page } = launched;
  await select(page, 'search_rooms', 1);
  await page.getByRole('tab', { name: /Output/ }).click();
  const load = page.getByRole('button', { name: /Load 10/ });
  await expect(load).toBeVisible();
  await page.evaluate(() => {
    let last = performance.now();
    const gaps = globalThis as unknown as { longestGap: number };
    gaps.longestGap = 0;
    const tick = (now: number): void => {
      gaps.longestGap = Math.max(gaps.longestGap, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await load.click();
  await expect(page.getByRole('button', { name: /^Show .* more$/ })).toBeVisible();
  const gap = await page.evaluate(() => (globalThis as unknown as { longestGap: number }).longestGap);
  console.log(`longest gap between frames while loading 10 MB: ${gap.toFixed(0)} ms`);
  expect(gap).toBeLessThan(1_500);
});

test('axe finds nothing serious, in both themes', async () => {
  const { page } = launched;
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [number, tab] of [
      [2, 'Summary'],
      [2, 'Input'],
      [2, 'Changes'],
      [3, 'Changes'],
      [0, 'Output'],
    ] as const) {
      await select(page, number === 3 ? 'model-b' : 'model-a', number === 3 ? 0 : number);
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
      if (tab === 'Changes') await expect(page.getByTestId('changes')).toContainText('unchanged');
      const { violations } = await new AxeBuilder({ page })
        .include('section[aria-label="Inspector"]')
        .setLegacyMode(true)
        .analyze();
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${colorScheme} ${tab}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`);
      await shoot(page, `inspector-${tab.toLowerCase()}-${number}-${colorScheme}`);
    }
  }
  expect(found).toEqual([]);
});

/** Pictures to look at, where a folder is given for them. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
