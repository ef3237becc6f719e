/** A person makes a rule from a span, sees what it would change, applies it, and finds the trace changed. */
import { expect, test } from '@playwright/test';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';
import { openTrace } from '../support/open-trace.ts';

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
});
test.afterAll(() => launched.close());

test('from a span to a rule to a rebuilt workspace, and back', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: /load sample traces/i }).click();
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await expect(tree).toBeVisible({ timeout: 20_000 });
  await openTrace(page, 'Checkout incident');
  await tree.getByRole('treeitem').filter({ hasText: 'Commander' }).first().click();
  await page
    .getByRole('region', { name: 'Inspector' })
    .getByRole('button', { name: 'Make a rule from this span' })
    .click();

  const dialog = page.getByRole('dialog', { name: 'New rule' });
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Incident desk → Commander');
  await dialog.getByLabel('Agent', { exact: true }).fill('Chief of incident');
  await dialog.getByLabel('Label').fill('Who takes the case');
  await expect(dialog.getByTestId('rule-effect')).toContainText(/Matches \d+ spans?\. \d+ spans? would change/);
  await expect(dialog.getByRole('region', { name: 'What would change' })).toContainText('Chief of incident');
  await shoot(page, 'rule');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);

  const rules = page.getByRole('region', { name: 'Rules' });
  await expect(rules.getByTestId('rules-pending')).toContainText(/would change/);
  await rules.getByRole('button', { name: 'Show what changes' }).click();
  await rules.scrollIntoViewIfNeeded();
  await shoot(page, 'rules');
  expect(await serious(page)).toEqual([]);
  await rules.getByRole('button', { name: 'Apply and rebuild' }).click();
  await expect(page.getByText(/traces rebuilt, \d+ changed/)).toBeVisible({ timeout: 30_000 });
  await expect(rules.getByTestId('rules-pending')).toHaveCount(0);

  await page.keyboard.press('Control+1');
  await expect(page.getByRole('textbox', { name: 'Search traces' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('agent:"Chief of incident"');
  await expect(page.getByRole('grid').getByRole('row').filter({ hasText: 'Checkout incident' })).toBeVisible();

  // Undo the rule, and its effect.
  await page.keyboard.press('Control+,');
  await rules.getByRole('button', { name: 'Undo' }).click();
  await expect(rules.getByText('No rules.', { exact: false })).toBeVisible();
  await shoot(page, 'rules-none');
  await rules.getByRole('button', { name: 'Apply and rebuild' }).click();
  await expect(rules.getByRole('button', { name: /rebuild all traces/i })).toBeVisible({ timeout: 30_000 });
});

test('rules are written, ordered, switched and removed with the keyboard', async () => {
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Settings' }).click();
  const rules = page.getByRole('region', { name: 'Rules' });
  for (const name of ['first*', 'second*']) {
    await rules.getByRole('button', { name: 'New rule…' }).focus();
    await page.keyboard.press('Enter');
    // The name has the focus.
    await expect(page.getByRole('dialog').locator('input:focus')).toBeVisible();
    await page.keyboard.type(name);
    await page.getByRole('dialog').getByLabel('Tool', { exact: true }).focus();
    await page.keyboard.type('a tool');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  const items = rules.getByRole('listitem');
  await expect(items).toHaveCount(2);
  await items.nth(1).getByRole('button').first().focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(items.first()).toContainText('second*');
  await items.first().getByRole('checkbox').press('Space');
  await expect(items.first().getByRole('checkbox')).not.toBeChecked();
  await items.first().getByRole('button').first().focus();
  await page.keyboard.press('Delete');
  await expect(items).toHaveCount(1);
  await page.keyboard.press('Control+Z');
  await expect(items).toHaveCount(2);
});
