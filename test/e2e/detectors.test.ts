/** The faults of a trace: the count in the header, the list, the badges in the tree, and the keys that go through them. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString();

let count = 0;
function span(parent: string | null, second: number, data: object, error: string | null = null): object {
  return {
    object: 'trace.span',
    id: `span_${String(++count).padStart(24, '0')}`,
    trace_id: TRACE,
    parent_id: parent,
    started_at: at(second),
    ended_at: at(second + 1),
    span_data: data,
    error: error === null ? null : { message: error, data: null },
  };
}

const TRACE = 'trace_00000000000000000000000000000008';
const AGENT = 'span_000000000000000000000001';

function tool(second: number, name: string, input: object, output: string, error: string | null = null): object {
  return span(AGENT, second, { type: 'function', name, input: JSON.stringify(input), output }, error);
}

function model(second: number, said: string): object {
  const input = [{ role: 'user', content: 'Where is my order W48211? Never ship it to the old address.' }];
  const output = [{ role: 'assistant', content: said }];
  return span(AGENT, second, { type: 'generation', model: 'gpt-4.1', input, output });
}

const BODY = {
  data: [
    { object: 'trace', id: TRACE, workflow_name: 'Order desk', group_id: null, metadata: {} },
    { ...span(null, 0, { type: 'agent', name: 'Order clerk', tools: [], handoffs: [] }), ended_at: at(20) },
    model(1, ''),
    tool(3, 'get_order', { order_id: '#W99120' }, '', 'Connection refused'),
    model(5, 'Your parcel arrives on Friday.'),
    tool(7, 'track_parcel', { carrier: 'post' }, 'In Hamburg'),
    tool(9, 'track_parcel', { carrier: 'post' }, 'In Hamburg'),
    model(11, 'It is in Hamburg.'),
  ],
};

test('where it went wrong: a count, a list, badges and keys', async () => {
  const { page, close } = await launchApp();
  try {
    const address = await collectorAddress(page);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${address}/v1/traces/ingest`, {
      method: 'POST',
      headers,
      body: JSON.stringify(BODY),
    });
    expect(answer.ok).toBe(true);
    await openTrace(page, 'Order desk');
    const chip = page.getByRole('button', { name: '3 findings' });
    await expect(chip).toBeVisible();
    await expect(page.getByRole('region', { name: 'Summary of the trace' })).toContainText('Where it went wrong');
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      await shoot(`findings-${scheme}`);
      await chip.click();
      await expect(page.getByRole('dialog')).toContainText('Order clerk went on without taking notice');
      await shoot(`findings-list-${scheme}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    const tree = page.getByRole('tree', { name: 'Spans of the trace' });
    await tree.focus();
    const seen = new Set<string>();
    for (let k = 0; k < 3; k++) {
      await page.keyboard.press('F8');
      const selected = page.getByRole('treeitem', { selected: true });
      await expect(selected).toHaveCount(1);
      await expect.poll(async () => seen.has((await selected.getAttribute('data-span-id')) ?? '')).toBe(false);
      seen.add((await selected.getAttribute('data-span-id')) ?? '');
    }
    expect(seen.size).toBe(3);
    // What was found at the span, with what proves it.
    await expect(
      page.getByRole('region', { name: 'Findings' }).or(page.locator('section[aria-label="Findings"]')),
    ).toBeVisible();

    for (const [pane, place] of [
      ['Graph', page.getByTestId('node:agent:Order clerk')],
      ['Sequence', page.getByRole('option', { name: /findings? of/ }).first()],
    ] as const) {
      await page.getByRole('tab', { name: pane }).click();
      await expect(place).toHaveAttribute('aria-label', /Shift\+Enter goes to/);
      await tree.focus();
      await page.keyboard.press('Escape');
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
        await shoot(`findings-${pane.toLowerCase()}-${scheme}`);
      }
      await place.locator('[data-fault]').first().click();
      await expect(page.locator('section[aria-label="Findings"]')).toBeVisible();
    }
  } finally {
    await close();
  }

  async function shoot(name: string): Promise<void> {
    const folder = process.env.SCREENSHOTS;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }
});

test('traces are narrowed to what was found in them, and rules are tuned in Settings', async () => {
  const { page, close } = await launchApp();
  try {
    const address = await collectorAddress(page);
    const headers = { 'content-type': 'application/json' };
    await fetch(`${address}/v1/traces/ingest`, { method: 'POST', headers, body: JSON.stringify(BODY) });
    await page.keyboard.press('Control+1');
    const row = page.getByRole('row').filter({ hasText: 'Order desk' });
    await expect(row.getByRole('img', { name: '3 findings, the worst of high severity' })).toBeVisible();
    const facet = page.getByRole('button', { name: /^Finding repeated-call/ });
    await facet.click();
    await expect(page.getByRole('searchbox').or(page.locator('input[data-search]')).first()).toHaveValue(
      'finding:repeated-call',
    );
    await expect(row).toHaveCount(1);
    await axeAndShoot('traces-findings');

    await page.keyboard.press('Control+,');
    const settings = page.getByRole('region', { name: 'Detectors' });
    await settings.getByRole('button', { name: /Identical repeated calls/ }).click();
    const alike = settings.getByRole('textbox', { name: /the result is the same/ });
    await alike.fill('1');
    await expect(settings.getByRole('alert')).toHaveText('A whole number from 2 to 1,000.');
    await axeAndShoot('settings-detectors');
    await alike.fill('3');
    await alike.press('Enter');
    await expect(settings.getByRole('status')).toHaveText('16 of 16 on, 1 changed');
    await page.keyboard.press('Control+1');
    await expect(page.getByText('No trace matches')).toBeVisible();
    await page.keyboard.press('Control+,');
    await settings.getByRole('button', { name: 'Reset all' }).click();
    await expect(settings.getByRole('status')).toHaveText('16 of 16 on');
    await page.keyboard.press('Control+1');
    await expect(row).toHaveCount(1);
  } finally {
    await close();
  }

  async function axeAndShoot(name: string): Promise<void> {
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
});
