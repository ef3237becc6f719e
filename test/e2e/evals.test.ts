/** An eval from a filter in two clicks, its run, items down to the span, one that is edited and run with a judge, cancelled and resumed. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../support/ask-engine.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';
import type { JudgeServer } from '../support/scripted-judge.ts';
import { held, listenAsJudge, says } from '../support/scripted-judge.ts';

test.describe.configure({ mode: 'serial' });

const TASKS = 8;
const TRIALS = 3;
const judge = held(says({ steps: [{ description: 'Tone', conclusion: 'It was friendly.' }], result: 0.9 }), 0);

let folder: string;
let launched: LaunchedApp;
let server: JudgeServer;

test.beforeAll(async () => {
  server = await listenAsJudge(judge.reply);
  folder = mkdtempSync(join(tmpdir(), 'tracewright-evals-'));
  launched = await launchApp({ userData: join(folder, 'app') });
  const { page } = launched;
  await expect(page.getByRole('button', { name: /load sample traces/i })).toBeVisible({ timeout: 30_000 });
  const { httpUrl } = (await ask(page, 'engine.info', null)) as { readonly httpUrl: string };
  const sent = await fetch(`${httpUrl}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: Array.from({ length: TASKS * TRIALS }, (_, index) => traceItems(index)).flat() }),
  });
  expect(sent.ok).toBe(true);
  await ask(page, 'grader.save', {
    definition: {
      ...{ type: 'string_check', name: 'Says that money comes back', operation: 'ilike' },
      ...{ input: '{{ sample.output_text }}', reference: 'refund' },
    },
  });
  await ask(page, 'grader.save', {
    definition: {
      ...{ type: 'string_check', name: 'Never promises a date', operation: 'ne' },
      ...{ input: '{{ item.promise }}', reference: 'yes' },
    },
  });
});
test.afterAll(async () => {
  await launched.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Order 0 to 7, three trials each; every fourth answer forgets the refund. */
function traceItems(index: number): readonly object[] {
  const task = index % TASKS;
  const id = `trace_${String(index).padStart(32, '0')}`;
  const minute = String(index).padStart(2, '0');
  const times = { started_at: `2026-03-01T10:${minute}:00Z`, ended_at: `2026-03-01T10:${minute}:04Z` };
  const answer =
    index % 4 === 3
      ? `I am sorry, order ${task} cannot be changed any more.`
      : `Done: the refund for order ${task} is on its way to your card.`;
  const question = `Please cancel order ${task} and send my money back 💸. It never arrived.`;
  return [
    {
      ...{ object: 'trace', id, workflow_name: 'Refund desk', group_id: null },
      metadata: { task_id: `order-${task}`, promise: index % 5 === 0 ? 'yes' : 'no' },
    },
    {
      ...{ object: 'trace.span', id: `span_${index}_a`, trace_id: id, parent_id: null, ...times, error: null },
      span_data: { type: 'agent', name: 'Desk', tools: [], handoffs: [], output_type: 'str' },
    },
    {
      ...{ object: 'trace.span', id: `span_${index}_b`, trace_id: id, parent_id: `span_${index}_a`, ...times },
      error: null,
      span_data: {
        ...{ type: 'generation', model: 'gpt-4.1', model_config: {} },
        input: [{ role: 'user', content: question }],
        output: [{ role: 'assistant', content: answer }],
        usage: { input_tokens: 420 + index, output_tokens: 30 },
      },
    },
  ];
}

test('without evals the view says what one is, and how to begin', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+9');
  await expect(page.getByRole('heading', { name: 'No eval yet' })).toBeVisible();
  await shoot(page, 'evals-empty');
  expect(await serious(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Runs' }).click();
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
});

test('a filter of traces becomes an eval and a run in two clicks', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+1');
  await page.locator('input[data-search]').fill('agent:Desk');
  await expect(page.getByText('24 traces match')).toBeVisible({ timeout: 15_000 });
  await shoot(page, 'evals-traces', ['light']);
  await page.getByRole('button', { name: 'Grade all…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Grade 24 traces/ });
  await expect(dialog.getByRole('checkbox', { name: /money comes back/ })).toBeChecked();
  await expect(dialog.getByRole('status')).toContainText('24 traces', { timeout: 15_000 });
  await shoot(page, 'evals-grade-all');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page).toHaveURL(/#\/evals\?tab=runs&span=/);
  await expect(page.locator('header').getByText('done', { exact: true })).toBeVisible({ timeout: 30_000 });
  const grid = page.getByRole('grid', { name: 'Items' });
  await expect(grid.getByRole('row')).toHaveCount(25);
  await shoot(page, 'evals-run');
  expect(await serious(page)).toEqual([]);
});

test('items are filtered by criterion, and evidence opens in the trace', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: /money comes back: show the 6 failed/ }).click();
  const grid = page.getByRole('grid', { name: 'Items' });
  await expect(grid.getByRole('row')).toHaveCount(7);
  await expect(page.getByText('6 items fit')).toBeVisible();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const panel = page.getByRole('complementary', { name: 'The chosen item' });
  await expect(panel.getByRole('region', { name: 'Says that money comes back' })).toContainText('fail');
  await expect(page).toHaveURL(/of=\d+/);
  await shoot(page, 'evals-item');
  expect(await serious(page)).toEqual([]);
  await panel.getByRole('list', { name: 'Evidence' }).getByRole('button').first().click();
  await expect(page).toHaveURL(/#\/trace\//);
  await expect(page.getByTestId('evidence')).toContainText('Says that money comes back');
  await expect(page.getByTestId('evidence')).toContainText('in 24 traces for agent:Desk');
  await shoot(page, 'evals-evidence', ['dark']);
  await page.goBack();
  await expect(panel.getByRole('region', { name: 'Says that money comes back' })).toBeVisible();
  await expect(grid.getByRole('row')).toHaveCount(7);
  await page.setViewportSize({ width: 1024, height: 700 });
  await shoot(page, 'evals-item-small');
  expect(await serious(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Close the item' }).click();
  await expect(panel).toHaveCount(0);
});

test('what failed becomes a review queue', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Review…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Review 6 filtered traces of/ });
  await expect(dialog.getByRole('combobox', { name: 'Of', exact: true })).toBeVisible();
  await shoot(page, 'evals-review', ['light']);
  await dialog.getByRole('button', { name: 'Make the queue' }).click();
  await expect(page).toHaveURL(/#\/review/);
  await page.goBack();
  await expect(page.getByText('6 items fit')).toBeVisible();
});

test('the gate, the export and the comparison are one dialog away', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Gate…' }).click();
  const gate = page.getByRole('dialog', { name: 'Gate' });
  await expect(gate.getByRole('status')).toContainText('Nothing is asked', { timeout: 15_000 });
  await shoot(page, 'evals-gate');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByRole('dialog', { name: 'Export the run' })).toContainText('JUnit');
  await shoot(page, 'evals-export', ['light']);
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Repeat' }).click();
  await expect(page.locator('header').getByText('done', { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Compare…' }).click();
  await page.getByRole('dialog', { name: 'Compare with another run' }).getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(/#\/compare\?tab=runs&of=.+&of=/);
});

test('an eval is edited with undo, saved by keys, and asks a judge', async () => {
  const { page } = launched;
  await ask(page, 'endpoint.save', {
    endpoint: {
      ...{ label: 'Here', baseUrl: server.baseUrl, style: 'openai', apiVersion: null, model: 'judge-1' },
      ...{ alwaysOwnModel: true, embeddingModel: null, concurrency: 1, timeoutMs: 60_000, apiKeyEnv: null },
      isDefault: true,
    },
  });
  await ask(page, 'grader.save', {
    definition: {
      ...{ type: 'score_model', name: 'Friendly', model: 'default', range: [0, 1], pass_threshold: 0.5 },
      input: [{ role: 'user', content: 'Is this friendly? {{ sample.output_text }} {{ trace.id }}' }],
    },
  });
  await page.keyboard.press('Control+9');
  await page.getByRole('button', { name: 'All runs' }).click();
  await page.getByRole('tab', { name: 'Evals' }).click();
  await shoot(page, 'evals-list');
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: /^24 traces for/ }).click();
  await page.getByRole('button', { name: 'Add graders…' }).click();
  const picker = page.getByRole('dialog', { name: 'Add graders' });
  await picker.getByRole('searchbox').fill('friend');
  await shoot(page, 'evals-picker', ['dark']);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Friendly', exact: true })).toBeVisible();
  await page.getByLabel(/Must pass in percent, Friendly/).fill('80');
  await page.getByLabel('Name', { exact: true }).fill('Refunds');
  await page.keyboard.press('Control+Z');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(/^24 traces for/);
  await page.keyboard.press('Control+Shift+Z');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Refunds');
  await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('gpt-4.1');
  await page.getByLabel('From day').fill('2026-02-01');
  await expect(page.getByLabel('Filter', { exact: true })).toHaveValue('agent:Desk model:gpt-4.1 since:2026-02-01');
  await expect(page.getByRole('strong').filter({ hasText: '24 traces' })).toBeVisible();
  await shoot(page, 'evals-editor');
  expect(await serious(page)).toEqual([]);
  await page.setViewportSize({ width: 1024, height: 700 });
  await shoot(page, 'evals-editor-small', ['dark']);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('Control+S');
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('“Refunds” saved');
  await expect(page.getByText('unsaved edits')).toHaveCount(0);
});

test('a run is cancelled and resumed, and loses nothing', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Run…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run the eval' });
  await dialog.getByLabel('At most').fill('10');
  await expect(dialog.getByRole('status')).toContainText('10 traces', { timeout: 15_000 });
  await expect(dialog.getByRole('status')).toContainText('10 calls to your models');
  await shoot(page, 'evals-run-dialog');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page).toHaveURL(/#\/evals\?tab=runs&span=/);
  await expect.poll(() => server.busy().now).toBe(1);
  judge.release(4);
  await expect(page.getByText(/4 of 10/)).toBeVisible({ timeout: 30_000 });
  await shoot(page, 'evals-running');
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.locator('header').getByText('cancelled', { exact: true })).toBeVisible({ timeout: 15_000 });
  await shoot(page, 'evals-cancelled', ['light']);
  judge.release(100);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.locator('header').getByText('done', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: /^Friendly: show the 10 passed/ })).toBeVisible();
  await shoot(page, 'evals-done');
  await page.getByRole('button', { name: 'Gate…' }).click();
  const gate = page.getByRole('dialog', { name: 'Gate' });
  await expect(gate.getByRole('list', { name: 'Checks' })).toContainText('Friendly', { timeout: 15_000 });
  await expect(gate.getByRole('status')).toContainText('The gate holds');
  await shoot(page, 'evals-gate-holds');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'All runs' }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(4);
  await shoot(page, 'evals-runs');
  expect(await serious(page)).toEqual([]);
});

test('a run is renamed and deleted', async () => {
  const { page } = launched;
  const table = page.getByRole('table');
  await table
    .getByRole('button', { name: /^Rename/ })
    .first()
    .click();
  const long = `🧪 ${'a very long name of a run '.repeat(7)}`.slice(0, 190);
  await page.getByRole('dialog', { name: 'Rename the run' }).getByLabel('Name').fill(long);
  await page.keyboard.press('Enter');
  await expect(table.getByRole('row').nth(1)).toContainText('🧪');
  await shoot(page, 'evals-long-name', ['light']);
  await table
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  await page.getByRole('dialog', { name: 'Delete this run?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(table.getByRole('row')).toHaveCount(3);
});
