/** Flame and log of a trace: read from their text, walked by keyboard, on the selection and time cursor of all panes. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { openTrace as openFromList } from '../support/open-trace.ts';

test.describe.configure({ mode: 'serial' });

const FORMATS = resolve(import.meta.dirname, '../fixtures/formats');
const START = Date.parse('2026-03-01T10:00:00.000Z');

let launched: LaunchedApp;
let address = '';

async function send(path: string, body: string | Buffer): Promise<void> {
  const answer = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(Buffer.from(body)),
  });
  expect(answer.ok).toBe(true);
}

function span(
  id: string,
  parent: string | null,
  from: number,
  to: number | null,
  data: object,
  error: object | null = null,
) {
  return {
    object: 'trace.span',
    id: `span_${id}`,
    trace_id: 'trace_poller',
    parent_id: parent === null ? null : `span_${parent}`,
    started_at: new Date(START + from).toISOString(),
    ended_at: to === null ? null : new Date(START + to).toISOString(),
    span_data: data,
    error,
  };
}

/** 14 calls of one tool, two of them inside a fan-out at the same time, one that fails, and a handoff. */
function poller(): string {
  const data: object[] = [{ object: 'trace', id: 'trace_poller', workflow_name: 'Poller' }];
  data.push(span('a', null, 0, 2_000, { type: 'agent', name: 'Poller' }));
  for (let k = 0; k < 14; k++) {
    const input = JSON.stringify({ city: 'Rome', page: k });
    const failed = k === 3 ? { message: 'The host refused', data: null } : null;
    data.push(
      span(
        `t${k}`,
        'a',
        100 + k * 100,
        150 + k * 100,
        { type: 'function', name: 'search', input, output: 'none' },
        failed,
      ),
    );
  }
  data.push(span('p1', 'a', 1_500, 1_900, { type: 'function', name: 'fetch', input: '{}', output: 'x' }));
  data.push(span('p2', 'a', 1_600, 1_950, { type: 'function', name: 'fetch', input: '{}', output: 'y' }));
  data.push(span('h', 'a', 1_990, 1_990, { type: 'handoff', from_agent: 'Poller', to_agent: 'Closer' }));
  data.push(span('b', null, 2_000, 3_000, { type: 'agent', name: `Closer ${'of everything '.repeat(14)}🚪` }));
  return JSON.stringify({ data });
}

test.beforeAll(async () => {
  launched = await launchApp();
  const { page } = launched;
  address = await collectorAddress(page);
  await send('/v1/traces/ingest', readFileSync(join(FORMATS, 'agents-sdk/js03-multi-agent/input.json')));
  await send('/v1/traces/ingest', poller());
});
test.afterAll(() => launched.close());

async function openTrace(page: Page, id: string, tab: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/trace/${id}?tab=${tab}`);
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible();
}

test('the flame chart opens by key, says what it draws, and is walked by keyboard', async () => {
  const { page } = launched;
  await openTrace(page, 'trace_poller', 'graph');
  await page.keyboard.press('Shift+F');
  const flame = page.getByTestId('flame');
  await expect(flame).toHaveAttribute('data-boxes', '19');
  const spans = page.getByRole('list', { name: 'Spans in the order of the tree' });
  await expect(spans.getByRole('listitem').first()).toHaveText('Poller, agent of Poller, 2 s from 0 ns, level 1');
  await expect(spans).toContainText('search, tool call of Poller, 50 ms from 400 ms, level 2, failed');

  await flame.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const selected = page.getByRole('treeitem', { selected: true });
  await expect(selected).toContainText('search');
  await page.keyboard.press('ArrowUp');
  await expect(selected).toContainText('Poller');
  await page.keyboard.press('ArrowRight');
  await expect(selected).toContainText('Closer');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('w');
  await expect(page.getByRole('button', { name: 'Whole trace' })).toBeVisible();
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Whole trace' })).toHaveCount(0);
  await shoot(page, 'flame-time');
});

test('a click selects what lies there, the wheel zooms, the card says what it is', async () => {
  const { page } = launched;
  const box = await page.getByTestId('flame').boundingBox();
  if (!box) throw new Error('The flame chart has no place.');
  // fetch, which runs from 1.5 s to 1.9 s of 3 s.
  const x = box.x + box.width * (1.6 / 3);
  await page.mouse.move(x, box.y + 30);
  await expect(page.getByTestId('flame-card')).toContainText('fetch');
  await expect(page.getByTestId('flame-card')).toContainText('400 ms');
  await page.mouse.click(x, box.y + 30);
  await expect(page).toHaveURL(/span=span_p1/);
  // The other ran at the same time: it stands below.
  await page.mouse.click(x + 20, box.y + 50);
  await expect(page).toHaveURL(/span=span_p2/);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -500);
  await page.keyboard.up('Control');
  await expect(page.getByRole('button', { name: 'Whole trace' })).toBeVisible();
  await page.getByRole('button', { name: 'Whole trace' }).click();
});

test('left-heavy folds the same path, weighs it, and goes through its members', async () => {
  const { page } = launched;
  await page.getByRole('radio', { name: 'Left heavy' }).click();
  const paths = page.getByRole('list', { name: 'The heaviest paths' });
  await expect(paths).toContainText(
    'search, tool call of Poller, 14 spans, 700 ms in all, 21 %, 700 ms itself, level 2, 1 failed',
  );
  await expect(paths).toContainText('fetch, tool call of Poller, 2 spans, 750 ms in all');
  // 3 s of the trace, and the 300 ms in which two calls of fetch ran side by side.
  await expect(
    page
      .getByText('Own time of 19 spans, 3.3 s in all; the trace took 3 s: what ran at the same time counts for each.')
      .first(),
  ).toBeVisible();
  await page.getByTestId('flame').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/span=span_p1/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/span=span_p2/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/span=span_p1/);
  await page.getByRole('radio', { name: 'Calls' }).click();
  await expect(paths.getByRole('listitem').first()).toContainText('18 calls in all, 95 %');
  await shoot(page, 'flame-heavy');
  await page.getByRole('radio', { name: 'Table' }).click();
  const table = page.getByRole('region', { name: 'Weights by name' });
  await table.getByRole('button', { name: 'Self' }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('search');
  await shoot(page, 'flame-table');
});

test('the log tells in sentences what happened, by filter and by keyboard', async () => {
  const { app, page } = launched;
  await page.keyboard.press('Shift+G');
  const log = page.getByRole('grid', { name: 'Log of the trace, in order of time' });
  await expect(log).toHaveAttribute('data-entries', '37');
  // It stands at the span that was selected.
  await expect(log.getByRole('row', { selected: true })).toBeInViewport();
  await log.focus();
  await page.keyboard.press('Home');
  await expect(log.getByRole('row').nth(1)).toContainText('Poller began');
  await expect(log).toContainText('Poller called search{"city":"Rome","page":0}');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('error');
  await expect(log.getByRole('row')).toHaveCount(3);
  await expect(log.getByRole('row').nth(2)).toContainText('search failed');
  await expect(log.getByRole('row').nth(2)).toContainText('The host refused');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('handoff');
  await expect(log.getByRole('row').nth(1)).toContainText('Poller handed off to Closer');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('all');
  await page.getByRole('searchbox', { name: 'Filter the log by text' }).fill('fetch');
  await expect(log.getByRole('row')).toHaveCount(5);
  await log.focus();
  await page.keyboard.press('Home');
  await expect(page).toHaveURL(/span=span_p1/);
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Control+C');
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(
      /^1\.500 s\tPoller\tPoller called fetch: \{\}\n1\.600 s.*\n.*\n1\.950 s\tPoller\tfetch returned to Poller: y\t350 ms$/,
    );
  await page.getByRole('searchbox', { name: 'Filter the log by text' }).fill('');
  await log.focus();
  await shoot(page, 'log');
});

test('both follow the time cursor', async () => {
  const { page } = launched;
  await page.keyboard.press('Shift+F');
  await page.getByRole('radio', { name: 'Time order' }).click();
  const box = await page.getByTestId('flame').boundingBox();
  if (!box) throw new Error('The flame chart has no place.');
  await page.mouse.click(box.x + box.width * 0.5, box.y - 12);
  await shoot(page, 'flame-cursor');
  await page.keyboard.press('Shift+G');
  const log = page.getByRole('grid', { name: 'Log of the trace, in order of time' });
  // At 1.5 s both the last search is over and the first fetch has just begun.
  await expect(log.locator('[aria-current=time]')).toContainText(/fetch|search/);
  await expect(log.locator('[aria-current=time]')).toBeInViewport();
  await expect(log.locator('[data-later]').first()).toContainText('not yet happened');
  await shoot(page, 'log-cursor');
});

test('entries that arrive keep the reader at the end only if they were there', async () => {
  const { page } = launched;
  const live = (from: number, count: number): string =>
    JSON.stringify({
      data: [
        { object: 'trace', id: 'trace_live', workflow_name: 'Live' },
        ...Array.from({ length: count }, (_, k) => ({
          ...span(`l${from + k}`, null, (from + k) * 10, (from + k) * 10 + 5, {
            type: 'function',
            name: `step ${from + k}`,
            input: '{}',
            output: 'x',
          }),
          trace_id: 'trace_live',
        })),
      ],
    });
  await send('/v1/traces/ingest', live(0, 60));
  await openTrace(page, 'trace_live', 'log');
  const log = page.getByTestId('log');
  await expect(log).toHaveAttribute('data-entries', '120');
  await log.focus();
  await page.keyboard.press('End');
  await send('/v1/traces/ingest', live(60, 20));
  await expect(log).toHaveAttribute('data-entries', '160');
  const gap = (): Promise<number> =>
    log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await expect.poll(gap).toBeLessThan(4);
  await log.evaluate((element) => element.scrollTo({ top: 300 }));
  await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBe(300);
  await send('/v1/traces/ingest', live(80, 20));
  await expect(log).toHaveAttribute('data-entries', '200');
  expect(await log.evaluate((element) => element.scrollTop)).toBe(300);
});

test('a trace without times is drawn in steps and says so', async () => {
  const { page } = launched;
  await page.evaluate(() => {
    location.hash = '#/traces';
  });
  const data = JSON.parse(poller()) as { data: Record<string, unknown>[] };
  for (const item of data.data) {
    if (item.object === 'trace') item.id = 'trace_untimed';
    else Object.assign(item, { trace_id: 'trace_untimed', started_at: null, ended_at: null });
  }
  await send('/v1/traces/ingest', JSON.stringify(data));
  await openTrace(page, 'trace_untimed', 'flame');
  await expect(page.getByText('No span has a time: places are steps in the order of the tree.').first()).toBeVisible();
  await shoot(page, 'flame-untimed');
  await page.getByRole('radio', { name: 'Left heavy' }).click();
  await expect(page.getByRole('radio', { name: 'Time', exact: true })).toHaveCount(0);
  await page.keyboard.press('Shift+G');
  await expect(page.getByText('No span has a time: the order is that of the tree.')).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Log of the trace, in order of the tree' })).toHaveAttribute(
    'data-entries',
    '19',
  );
});

test('axe finds nothing serious, in both themes', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  const found: string[] = [];
  await openFromList(page, 'Triage');
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [tab, ready] of [
      ['flame', page.getByTestId('flame')],
      ['heavy', page.getByTestId('flame')],
      ['table', page.getByRole('region', { name: 'Weights by name' })],
      ['log', page.getByTestId('log')],
    ] as const) {
      await page.keyboard.press(tab === 'log' ? 'Shift+G' : 'Shift+F');
      if (tab === 'heavy') await page.getByRole('radio', { name: 'Left heavy' }).click();
      if (tab === 'table') await page.getByRole('radio', { name: 'Table' }).click();
      await expect(ready).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${colorScheme} ${tab}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`);
      await shoot(page, `${tab}-${colorScheme}`);
    }
  }
  expect(found).toEqual([]);
});

/** Pictures to look at, where a folder is given for them. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
