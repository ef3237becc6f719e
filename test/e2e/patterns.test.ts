/** A pattern is said and drawn, each follows the other; traces are found by it, and a grader is made of it. */
import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracewright-patterns-'));
  launched = await launchApp({ userData: join(folder, 'app') });
  const { page } = launched;
  await page.getByRole('button', { name: /load sample traces/i }).click({ timeout: 30_000 });
  await expect(page).toHaveURL(/#\/trace\//, { timeout: 30_000 });
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an agent and a tool are drawn by keys and mouse, and the text follows', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('Control+Shift+F');
  const dialog = page.getByRole('dialog', { name: 'Find traces by pattern' });
  const text = dialog.getByRole('textbox', { name: 'Pattern' });
  await expect(text).toHaveValue('');
  await shoot(page, 'pattern-empty');
  expect(await serious(page)).toEqual([]);

  await dialog.getByRole('button', { name: 'Agent', exact: true }).click();
  const name = dialog.getByRole('combobox', { name: 'Agent' });
  await expect(name).toBeFocused();
  await name.fill('Planner');
  await name.press('Enter');
  await dialog.getByRole('button', { name: 'Tool', exact: true }).click();
  const tool = dialog.getByRole('combobox', { name: 'Tool' });
  await tool.fill('search');
  await tool.press('Enter');
  await expect(dialog.getByText('2 stand alone')).toBeVisible();
  await dialog.getByRole('button', { name: 'Anyone', exact: true }).click();
  await expect(text).toHaveValue('');

  // By keys: from the agent down to the tool.
  await drawn(dialog, 'agent Planner').focus();
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await expect(drawn(dialog, 'tool search')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue('Planner calls search');
  await expect(drawn(dialog, 'Step 1: Planner calls search')).toBeFocused();
  await dialog.getByLabel('How often').selectOption('3 or more times');
  await expect(text).toHaveValue('Planner calls search 3 or more times');

  // By mouse: from one to the other.
  const from = await drawn(dialog, 'agent Planner').boundingBox();
  const to = await drawn(dialog, 'anyone').boundingBox();
  if (!from || !to) throw new Error('not drawn');
  await page.mouse.move(from.x + 40, from.y + 15);
  await page.mouse.down();
  await page.mouse.move(from.x + 90, from.y + 10, { steps: 3 });
  await page.mouse.move(to.x + 50, to.y + 15, { steps: 4 });
  await shoot(page, 'pattern-dragging');
  await page.mouse.up();
  await expect(text).toHaveValue('Planner calls search 3 or more times, Planner hands to anyone');
  await dialog.getByLabel('What happens').selectOption('returns to');
  await dialog.getByLabel('How often').selectOption('never');
  await expect(text).toHaveValue('Planner calls search 3 or more times, Planner never returns to anyone');
  await shoot(page, 'pattern-drawn');
  expect(await serious(page)).toEqual([]);

  // Moved by its icon and by keys; the text does not change.
  const left = async (name: string): Promise<number> => (await drawn(dialog, name).boundingBox())?.x ?? -1;
  const [planner, anyone] = [await left('agent Planner'), await left('anyone')];
  // The arrow above them moved them down.
  const { y = 0 } = (await drawn(dialog, 'agent Planner').boundingBox()) ?? {};
  await page.mouse.move(planner + 15, y + 15);
  await page.mouse.down();
  await page.mouse.move(anyone + 70, y + 25, { steps: 5 });
  await shoot(page, 'pattern-moving');
  await page.mouse.up();
  await expect.poll(() => left('agent Planner')).toBeGreaterThan(planner + 100);
  expect(await left('anyone')).toBeLessThan(anyone - 100);
  await drawn(dialog, 'agent Planner').focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(() => left('agent Planner')).toBeLessThan(await left('anyone'));
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(dialog.getByText('Planner stands at the edge.')).toBeVisible();
  await expect(text).toHaveValue('Planner calls search 3 or more times, Planner never returns to anyone');
  await drawn(dialog, /^Step 2/).focus();

  await dialog.getByRole('button', { name: 'Earlier' }).click();
  await expect(text).toHaveValue('Planner never returns to anyone, Planner calls search 3 or more times');
  await drawn(dialog, /^Step 1/).focus();
  await page.keyboard.press('Delete');
  await expect(text).toHaveValue('Planner calls search 3 or more times');
  await page.keyboard.press('Control+Z');
  await expect(text).toHaveValue('Planner never returns to anyone, Planner calls search 3 or more times');
});

test('the drawing follows the text, and what is not understood is said where it is', async () => {
  const { page } = launched;
  const dialog = page.getByRole('dialog', { name: 'Find traces by pattern' });
  const text = dialog.getByRole('textbox', { name: 'Pattern' });
  await text.fill('Planner hands to Researcher, who calls search 3 or more times, without returning to Planner');
  await expect(drawn(dialog, 'Step 1: Planner hands to Researcher')).toBeVisible();
  await expect(drawn(dialog, 'Step 2: Researcher calls search 3 or more times')).toBeVisible();
  await expect(drawn(dialog, 'Step 3: Researcher never returns to Planner')).toBeVisible();
  await shoot(page, 'pattern-text');
  const long = `Agent of the ${'very '.repeat(36)}long name`;
  const steps = [1, 2, 3, 4, 5, 6].map(
    (n) => `"🦊 Fox ${n}" calls tool_${n}, tells "${long}", hands to "🦊 Fox ${n + 1}"`,
  );
  await text.fill(steps.join(', '));
  await expect(drawn(dialog, /^Step 18/)).toBeVisible();
  await shoot(page, 'pattern-many');
  expect(await serious(page)).toEqual([]);
  await text.fill('Planner hands to Researcher, Researcher jumps over');
  await expect(dialog.getByRole('list', { name: 'Problems in the pattern' })).toContainText('Character 30');
  await expect(dialog.getByText('Not drawn: “Researcher jumps over”')).toBeVisible();
  await shoot(page, 'pattern-broken');
  expect(await serious(page)).toEqual([]);
});

test('names are offered, traces are found, and a click leads to the crossing', async () => {
  const { page } = launched;
  const dialog = page.getByRole('dialog', { name: 'Find traces by pattern' });
  const text = dialog.getByRole('textbox', { name: 'Pattern' });
  await text.fill('');
  await text.pressSequentially('anyone hands to ');
  const offers = dialog.getByRole('listbox', { name: 'What could stand here' });
  await expect(offers.getByRole('option').first()).toContainText('agent');
  await shoot(page, 'pattern-complete');
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue(/^anyone hands to .+ $/);
  // The first Escape closes what is offered, not the dialog.
  await text.press('Escape');
  await expect(offers).toHaveCount(0);
  await text.fill('anyone hands to anyone');
  await text.press('Control+Home');
  await dialog.getByRole('button', { name: 'Search', exact: true }).click();
  const found = dialog.getByRole('list', { name: 'Found traces' });
  await expect(found.getByRole('listitem').first()).toBeVisible({ timeout: 15_000 });
  await expect(dialog.getByText(/found in 3 of 3 traces/)).toBeVisible();
  await shoot(page, 'pattern-found');
  expect(await serious(page)).toEqual([]);
  await found
    .getByRole('button', { name: /Crossing 1 of/ })
    .first()
    .click();
  await expect(page).toHaveURL(/#\/trace\/.*span=/);
  await expect(dialog).toHaveCount(0);
  // What was found is still there.
  await page.keyboard.press('Control+Shift+F');
  await expect(found.getByRole('listitem').first()).toBeVisible();
});

test('a grader is made of it, drawn in its form, and graded on the bench', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Make a grader of it' }).click();
  const json = page.getByLabel('Definition as JSON');
  await expect(json).toHaveValue(/"type": "pattern"/);
  const form = page.getByRole('region', { name: 'Form' });
  await expect(drawn(form, /^Step 1/)).toBeVisible();
  const bench = page.getByRole('region', { name: 'Bench' });
  await expect(bench.getByRole('status')).toContainText('2 pass · 1 fail', { timeout: 15_000 });
  await drawn(form, /^Step 1/).click();
  await form.getByLabel('How often').selectOption('never');
  await expect(json).toHaveValue(/anyone never hands to/);
  await expect(bench.getByRole('status')).toContainText('1 pass · 2 fail', { timeout: 15_000 });
  await shoot(page, 'pattern-grader');
  expect(await serious(page)).toEqual([]);
  await json.fill((await json.inputValue()).replace('never hands', 'never tells'));
  await expect(drawn(form, /^Step 1: anyone never tells/)).toBeVisible();
});

type Within = { readonly locator: Page['locator']; readonly getByRole: Page['getByRole'] };

/** A node or an arrow of the drawing. */
function drawn(within: Within, name: string | RegExp) {
  return within
    .getByRole('group', { name: 'Drawing of the pattern' })
    .getByRole('button', { name, exact: typeof name === 'string' });
}
