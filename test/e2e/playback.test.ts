/** Playback moves every pane, keys walk and play, find opens what is hidden, and a subtree limits the pictures. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

const root = resolve(import.meta.dirname, '../..');
const FACTORY = 'trace_7f7b0d6bfb56495cb31baf2aafce9c83';
/** Where to leave pictures to look at. */
const pictures = process.env.TRACEWRIGHT_PICTURES;
let folder: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'tracewright-playback-'));
  const workspace = join(folder, 'test.tracewright');
  const fixtures = join(root, 'test/fixtures/formats');
  const files = ['agents-sdk/js03-multi-agent/input.json', 'who-and-when/hand-crafted-22/input.json.gz'];
  const command = [join(root, 'bin/tracewright'), 'import', '--workspace', workspace];
  execFileSync(process.execPath, [...command, ...files.map((file) => join(fixtures, file))], { stdio: 'pipe' });
  launched = await launchApp({ args: ['--workspace', workspace] });
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(page: Page, traceId: string, tab: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/trace/${traceId}?tab=${tab}`);
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible({ timeout: 20_000 });
}

async function expectNothingSerious(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(pictures ?? test.info().outputDir, `playback-${name}-${colorScheme}.png`) });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${name}, ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
}

test('plays to the end, and every pane follows', async () => {
  test.setTimeout(180_000);
  const { page } = launched;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await open(page, FACTORY, 'sequence');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  const slider = page.getByRole('slider', { name: 'Time cursor' });
  const before = tree.locator('[data-moment=before]');
  await expect(slider).toHaveAttribute('aria-valuetext', 'The whole trace');
  await expect(tree.locator('[data-moment]')).toHaveCount(0);

  // Space plays from wherever the focus is, and pauses.
  await tree.focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(slider).toHaveAttribute('aria-valuetext', /event (?:[4-9]|\d{2,}) of \d+/);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play the trace' })).toBeVisible();
  await expect(before.first()).toBeAttached();
  await expect(tree.locator('[data-moment=open]').first()).toBeAttached();

  // The next event, and the next of a kind, are selected everywhere.
  await page.getByLabel('Step to').selectOption('handoff');
  await tree.focus();
  await page.keyboard.press('e');
  await expect(slider).toHaveAttribute('aria-valuetext', /Handoff .* begins/);
  await expect(tree.getByRole('treeitem', { selected: true })).toHaveAccessibleName(/^Handoff .*in progress/);
  const messages = page.getByRole('listbox', { name: /Sequence of/ });
  await expect(messages.getByRole('option', { name: /not yet at the time cursor/ }).first()).toBeAttached();
  await expect(messages.getByRole('option', { selected: true })).toBeInViewport();
  await expectNothingSerious(page, 'sequence');

  await page.keyboard.press('c');
  await expect(page.getByText('Not yet happened')).toBeAttached();
  await expectNothingSerious(page, 'conversation');
  await page.keyboard.press('Shift+L');
  await expect(page.getByTestId('lanes')).toBeVisible();
  await expectNothingSerious(page, 'lanes');
  await page.keyboard.press('g');
  await expect(page.getByRole('tabpanel', { name: 'Graph' })).toBeVisible();

  // The scrubber steps by key and follows the pointer.
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '1');
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuenow', '2');
  const box = await slider.boundingBox();
  if (!box) throw new Error('no scrubber');
  await page.mouse.move(box.x + 10, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 200, { steps: 5 });
  await page.mouse.up();
  const most = Number(await slider.getAttribute('aria-valuemax'));
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(most * 0.4);
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeLessThan(most * 0.6);

  await page.getByLabel('Speed').selectOption('10');
  await tree.focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play the trace' })).toBeVisible({ timeout: 60_000 });
  await expect(before).toHaveCount(0);
  await expect(slider).toHaveAttribute('aria-valuenow', String(most));

  // Esc shows the whole trace again.
  await tree.focus();
  await page.keyboard.press('Escape');
  await expect(slider).toHaveAttribute('aria-valuetext', 'The whole trace');
  await expect(tree.locator('[data-moment]')).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('keys walk handoffs and agents and open what is collapsed; a subtree steps the rest back', async () => {
  const { page } = launched;
  await open(page, FACTORY, 'lanes');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  const selected = tree.getByRole('treeitem', { selected: true });
  await tree.focus();
  await page.keyboard.press('-');
  await page.keyboard.press('h');
  await expect(selected).toHaveAccessibleName(/^Handoff/);
  await page.keyboard.press('a');
  await expect(selected).toHaveAccessibleName(/^Agent/);
  await page.keyboard.press('Shift+A');
  await expect(selected).toHaveAccessibleName(/^Agent/);

  await page.keyboard.press('.');
  await expect(page.getByText(/^Only .* and what is inside it$/)).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.locator('[data-presence=outside]').first()).toBeAttached();
  await expectNothingSerious(page, 'subtree');
  await page.getByRole('button', { name: /^Back/ }).last().click();
  await expect(page.locator('[data-presence=outside]')).toHaveCount(0);
});

test('find opens what is hidden and marks it in tree, inspector and conversation', async () => {
  const { page } = launched;
  await open(page, FACTORY, 'conversation');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await tree.focus();
  await page.keyboard.press('-');
  await page.keyboard.press('f');
  await page.keyboard.type('moon phases');
  await expect(page.getByRole('textbox', { name: 'Find in trace' })).toHaveValue('moon phases');
  await expect(page.getByRole('search').getByRole('status')).toHaveText(/of \d+|\d+ span/);
  await page.keyboard.press('Enter');
  await expect(tree.getByRole('treeitem', { selected: true })).toBeVisible();
  await expect
    .poll(() => page.evaluate(() => CSS.highlights.get('found')?.size ?? 0), { message: 'marked texts' })
    .toBeGreaterThan(0);
  // What the inspector shows of the span is fetched after it is selected.
  const isMarkedInInspector = (): Promise<boolean> =>
    page.evaluate(() => {
      const panel = document.querySelector('section[aria-label=Inspector] [role=tabpanel]');
      const ranges = [...(CSS.highlights.get('found') ?? [])] as Range[];
      return ranges.some((range) => panel?.contains(range.startContainer));
    });
  await expect.poll(isMarkedInInspector, { message: 'marked in the inspector' }).toBe(true);
  await expectNothingSerious(page, 'find');
  await page.keyboard.press('Escape');
});

test('annotations are marked, listed and walked to; without times, playback goes by steps', async () => {
  const { page } = launched;
  await openTrace(page, 'Emily Midkiff');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await expect(page.getByTestId('annotations')).toContainText('Root cause');
  await tree.focus();
  await page.keyboard.press('m');
  await expect(tree.getByRole('treeitem', { selected: true })).toHaveAccessibleName(/1 annotation/);
  await expect(page.getByTestId('annotations')).toContainText('Root cause');
  await page.getByLabel('Step to').selectOption('any');
  await tree.focus();
  await page.keyboard.press('Shift+L');
  await page.keyboard.press('e');
  await expect(page.getByTestId('playback')).toContainText(/step 1/);
  await page.keyboard.press('e');
  await expect(page.getByRole('slider', { name: 'Time cursor' })).toHaveAttribute('aria-valuetext', /^step 2, /);
  await expectNothingSerious(page, 'annotated');
});
