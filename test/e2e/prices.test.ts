/** Prices in Settings: found, edited, added, removed, imported and reset, and what that does to the traces. */
import { expect, test, type Page } from '@playwright/test';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Connect' }).click();
  await send(await collectorAddress(page));
});
test.afterAll(() => launched.close());

async function open(page: Page, view: 'Traces' | 'Settings'): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
}

/** Three traces: the cost of the first is stated, that of the second estimated, and of the third partly so. */
async function send(collector: string): Promise<void> {
  const spans = [
    ...trace('1', 'Paid trip', [call('gpt-4.1', 0.5)]),
    ...trace('2', 'Guessed trip', [call('gpt-4.1')]),
    ...trace('3', 'Mixed trip', [call('gpt-4.1', 0.5), call('gpt-5-mini'), call('house-model')]),
  ];
  await fetch(`${collector}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
}

type Attributes = Readonly<Record<string, string | number>>;

function call(model: string, cost?: number): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.response.model': model,
    'gen_ai.usage.input_tokens': 120_000,
    'gen_ai.usage.output_tokens': 3_000,
    'gen_ai.usage.cache_read.input_tokens': 20_000,
    ...(cost === undefined ? {} : { 'gen_ai.usage.cost': cost }),
  };
}

function trace(id: string, name: string, calls: readonly Attributes[]) {
  const agent: Attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Planner' };
  return [agent, ...calls].map((attributes, k) => ({
    traceId: id.repeat(32),
    spanId: `${id}${k}`.repeat(8),
    ...(k === 0 ? {} : { parentSpanId: `${id}0`.repeat(8) }),
    name: k === 0 ? name : 'chat',
    startTimeUnixNano: `17637${id}000${k}000000000`,
    endTimeUnixNano: `17637${id}000${k + 1}000000000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
    })),
  }));
}

const costOf = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Traces' }).getByRole('row').filter({ hasText: name }).getByRole('gridcell').nth(8);

const grid = (page: Page) => page.getByRole('grid', { name: 'Price table' });
const rowOf = (page: Page, model: string) =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByText(model, { exact: true }) });

async function find(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search prices' }).fill(text);
}

test('estimated costs look estimated, with the table’s date; stated ones do not', async () => {
  const { page } = launched;
  await open(page, 'Traces');
  await expect(costOf(page, 'Paid trip')).toHaveText('$0.50');
  await expect(costOf(page, 'Mixed trip')).toContainText('≈');
  const estimate = costOf(page, 'Guessed trip').locator('[data-basis="estimated"]');
  // 100,000 × 2 + 20,000 × 0.5 + 3,000 × 8 millionths of a dollar
  await expect(estimate).toContainText('≈');
  await expect(estimate).toContainText('$0.23');
  await expect(estimate).toHaveAttribute(
    'title',
    /^Estimated from the price table of \d{4}-\d{2}-\d{2}\.\n100,000 input × \$2/,
  );
  await expect(estimate).toHaveCSS('text-decoration-style', 'dotted');
});

test('a price is edited with the keyboard, and the traces follow', async () => {
  const { page } = launched;
  await open(page, 'Settings');
  await find(page, 'gpt-4.1');
  await grid(page).focus();
  for (const _ of [1, 2]) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nothing');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('not a number');
  await page.getByRole('textbox', { name: 'input of gpt-4.1' }).fill('9000');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'gpt-4.1').getByRole('gridcell').nth(2)).toHaveText('9000');
  await expect(grid(page)).toBeFocused();
  await open(page, 'Traces');
  // 100,000 × 9,000 + 20,000 × 0.5 + 3,000 × 8
  await expect(costOf(page, 'Guessed trip')).toContainText('$900.03');
  await expect(costOf(page, 'Paid trip')).toHaveText('$0.50');
});

test('rows are added, removed and reset', async () => {
  const { page } = launched;
  await open(page, 'Settings');
  await find(page, '');
  await page.getByRole('button', { name: 'house-model' }).click();
  await expect(rowOf(page, 'house-model')).toBeVisible();
  await page.getByRole('textbox', { name: 'Model of the new price' }).fill('my-own-*');
  await page.getByRole('button', { name: 'Add a price' }).click();
  await expect(rowOf(page, 'my-own-*')).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Delete');
  await expect(rowOf(page, 'my-own-*')).toHaveCount(0);
  await page.getByRole('button', { name: 'Reset…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await find(page, 'gpt-4.1');
  await expect(rowOf(page, 'gpt-4.1').getByRole('gridcell').nth(2)).toHaveText('2');
  await expect(page.getByRole('button', { name: 'Reset…' })).toBeDisabled();
});

test('a table is imported from a file; a wrong one says where', async () => {
  const { page } = launched;
  await open(page, 'Settings');
  const file = page.getByLabel('Price table file');
  const table = { asOf: '2026-02-03', rows: [{ model: 'gpt-4.1', input: 1, output: 'much' }] };
  const asFile = (json: unknown) => ({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(json)),
  });
  await file.setInputFiles(asFile(table));
  await expect(page.getByText(/mine\.json: Row 1: "output" of "gpt-4\.1"/)).toBeVisible();
  await file.setInputFiles(asFile({ ...table, rows: [{ model: 'gpt-4.1', input: 1, output: 3 }] }));
  await expect(page.getByLabel('Date of the price table')).toHaveValue('2026-02-03');
  await find(page, '');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '2');
});
