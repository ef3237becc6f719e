/** Lanes of a trace: read from the picture's text, walked by keyboard, linked to the other panes, reachable for all. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

test.describe.configure({ mode: 'serial' });

const FIXTURE = resolve(import.meta.dirname, '../fixtures/formats/agents-sdk/js03-multi-agent/input.json');

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
  const { page } = launched;
  const answer = await fetch(`${await collectorAddress(page)}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: readFileSync(FIXTURE),
  });
  expect(answer.ok).toBe(true);
});
test.afterAll(() => launched.close());

test('lanes open by key and say in words what they draw', async () => {
  const { page } = launched;
  await openTrace(page, 'Triage');
  await page.keyboard.press('Shift+L');
  const lanes = page.getByTestId('lanes');
  await expect(lanes).toBeVisible();
  await expect(page.getByRole('list', { name: 'Who waited for whom' })).toContainText(
    'Planner waited 38 ms for Researcher.',
  );
  await shoot(page, 'lanes');
});

test('a walk by keyboard selects spans for all panes; a click on a row of the table selects the agent', async () => {
  const { page } = launched;
  await page.getByTestId('lanes').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const selected = page.getByRole('treeitem', { selected: true });
  await expect(selected).toHaveCount(1);
  const before = await selected.textContent();
  await page.keyboard.press('ArrowDown');
  await expect(selected).not.toHaveText(before ?? '');
  const table = page.getByRole('region', { name: 'Agents of this trace' });
  await table.getByRole('button', { name: 'Researcher' }).click();
  await expect(selected).toContainText('Researcher');
  await table.getByRole('button', { name: 'Waiting' }).click();
  await expect(table.getByRole('rowheader').first()).toContainText('Planner');
});

test('zoom by key and by wheel, the critical path alone, and back', async () => {
  const { page } = launched;
  await page.getByTestId('lanes').focus();
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Whole trace' })).toBeVisible();
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Whole trace' })).toHaveCount(0);
  const box = await page.getByTestId('lanes').boundingBox();
  if (!box) throw new Error('The lanes have no place.');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 30);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -400);
  await page.keyboard.up('Control');
  await expect(page.getByRole('button', { name: 'Whole trace' })).toBeVisible();
  await page.getByRole('button', { name: 'Critical path only' }).click();
  await shoot(page, 'lanes-path');
  await page.getByRole('button', { name: 'Whole trace' }).click();
  await page.getByRole('button', { name: 'Critical path only' }).click();
});

test('axe finds nothing serious, in both themes', async () => {
  const { page } = launched;
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${colorScheme}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`);
    await shoot(page, `lanes-${colorScheme}`);
  }
  expect(found).toEqual([]);
});

/** Pictures to look at, where a folder is given for them. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
