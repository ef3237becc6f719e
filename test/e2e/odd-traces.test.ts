/** Traces that are not as they should be: each picture draws them, and says in a plain sentence what it made of them. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { openTrace } from '../support/open-trace.ts';

test.describe.configure({ mode: 'serial' });

const FIXTURE = resolve(import.meta.dirname, '../fixtures/formats/agents-sdk/js03-multi-agent/input.json');
const START = Date.parse('2026-03-01T10:00:00.000Z');
const PICTURES = ['Graph', 'Sequence', 'Lanes', 'Flame', 'Conversation', 'Log'] as const;
type Picture = (typeof PICTURES)[number];
const CENTRE = 'section[aria-label="Pictures of the trace"]';

let launched: LaunchedApp;
let address = '';

test.beforeAll(async () => {
  launched = await launchApp();
  address = await collectorAddress(launched.page);
  for (const [id, items] of Object.entries(TRACES)) await send(JSON.stringify({ data: items(`trace_${id}`) }));
  await send(readFileSync(FIXTURE, 'utf8'));
});
test.afterAll(() => launched.close());

async function send(body: string): Promise<void> {
  const response = await fetch(`${address}/v1/traces/ingest`, { method: 'POST', body });
  expect(response.ok).toBe(true);
}

type Times = readonly [from: number | null, to: number | null];

function span(trace: string, id: string, parent: string | null, [from, to]: Times, data: object): object {
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(START + ms).toISOString());
  return {
    object: 'trace.span',
    id: `${trace}_${id}`,
    trace_id: trace,
    parent_id: parent === null ? null : `${trace}_${parent}`,
    started_at: at(from),
    ended_at: at(to),
    span_data: data,
    error: null,
  };
}

const agent = (name: string): object => ({ type: 'agent', name });
const model = {
  type: 'generation',
  model: 'm',
  input: [{ role: 'user', content: 'hi' }],
  output: [{ role: 'assistant', content: 'yes' }],
};
const tool = { type: 'function', name: 'look', input: '{}', output: 'no' };

const TRACES: Readonly<Record<string, (trace: string) => object[]>> = {
  odd: (trace) => [
    { object: 'trace', id: trace, workflow_name: 'Odd in every way' },
    span(trace, 'a', null, [0, 900], agent('First')),
    span(trace, 'g', 'a', [10, 200], model),
    // No length.
    span(trace, 'z', 'a', [300, 300], tool),
    // Another root, and one whose parent never comes.
    span(trace, 'b', null, [1000, 1900], agent('Second')),
    span(trace, 'h', 'b', [1010, 1200], model),
    span(trace, 'l', 'nowhere', [1300, 1400], tool),
    // Before the span that it is in; and still going on.
    span(trace, 's', 'b', [700, 800], tool),
    span(trace, 'r', 'b', [1500, null], tool),
    // In a ring.
    span(trace, 'x', 'y', [1600, 1700], tool),
    span(trace, 'y', 'x', [1610, 1690], tool),
    // At no time.
    span(trace, 'n', 'b', [null, null], tool),
  ],
  untimed: (trace) => [
    { object: 'trace', id: trace, workflow_name: 'Order only' },
    span(trace, 'a', null, [null, null], agent('First')),
    span(trace, 'g', 'a', [null, null], model),
    span(trace, 't', 'a', [null, null], tool),
  ],
};

const ODD: Readonly<Record<Picture | 'Tree', readonly RegExp[]>> = {
  Tree: [
    /several roots/,
    /without a start/,
    /clock of 1 span disagrees/i,
    /parent of 1 span was not received/i,
    /circle is cut/,
    /still running/,
  ],
  Graph: [/several roots/, /without a start/, /clock of 1 span/i, /not received/, /circle is cut/, /still running/],
  Sequence: [/several roots/, /without a start/i, /clocks differ/, /not received/, /cut loose/, /still running/i],
  Lanes: [/several roots/, /without a start/, /clocks? of/, /not received/, /circle is cut/, /still running/],
  Flame: [/several roots/, /clock of 1 span/i, /not received/, /circle is cut/, /still running/],
  Conversation: [
    /several roots/,
    /without a start/,
    /clock of 1 span/i,
    /not received/,
    /circle is cut/,
    /still running/,
  ],
  Log: [/without a start/, /their own clock/, /still running/],
};

test('a trace that is odd in every way: the tree and all pictures show it and say so', async () => {
  const { page } = launched;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await open(page, 'trace_odd', 'Graph');
  const tree = page.getByRole('region', { name: 'Spans', exact: true });
  for (const sentence of ODD.Tree) await expect(tree).toContainText(sentence);
  await expect(page.getByRole('tree', { name: 'Spans of the trace' }).getByRole('treeitem')).not.toHaveCount(0);
  for (const name of PICTURES) {
    const panel = await show(page, name);
    for (const sentence of ODD[name]) await expect(panel, name).toContainText(sentence);
    await shoot(page, `odd-${name.toLowerCase()}`);
  }
  expect(errors).toEqual([]);
});

test('without any time there is the order, and every picture says so', async () => {
  const { page } = launched;
  await open(page, 'trace_untimed', 'Graph');
  await expect(page.getByRole('region', { name: 'Spans', exact: true })).toContainText(/No span has a time/);
  for (const name of PICTURES) {
    const panel = await show(page, name);
    await expect(panel, name).toContainText(/No span has a time|without a start time|[Ss]teps/);
    await shoot(page, `untimed-${name.toLowerCase()}`);
  }
});

test('axe finds nothing serious in any picture of an odd trace, in both themes', async () => {
  test.setTimeout(240_000);
  const { page } = launched;
  const found: string[] = [];
  await open(page, 'trace_odd', 'Graph');
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.getByRole('tree', { name: 'Spans of the trace' }).getByRole('treeitem').nth(2).click();
    for (const name of PICTURES) {
      await show(page, name);
      // The whole window once; after that, what has changed.
      found.push(...(await violations(page, `${name}, ${theme}`, name === 'Graph' ? 'body' : CENTRE)));
      await shoot(page, `${theme}-odd-${name.toLowerCase()}`);
    }
  }
  expect(found).toEqual([]);
});

test('by keyboard alone: into each picture, a step inside it, and out again', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  await openTrace(page, 'Article factory', '54');
  const steps: Readonly<Record<Picture, string>> = {
    Graph: '[data-testid=agent-graph]',
    Sequence: '[role=listbox][aria-label^="Sequence of"]',
    Lanes: '[data-testid=lanes]',
    Flame: '[role=application][aria-label^="Flame"]',
    Conversation: '[data-testid=conversation]',
    Log: '[role=grid][aria-label^="Log of"]',
  };
  for (const name of PICTURES) {
    const panel = await show(page, name);
    await page.getByRole('tree', { name: 'Spans of the trace' }).focus();
    await page.keyboard.press('Home');
    await page.getByRole('tab', { name, exact: true }).focus();
    await expect(panel.locator(steps[name])).toBeVisible();
    const isThere = (): Promise<boolean> =>
      page.evaluate((selector) => Boolean(document.activeElement?.closest(selector)), steps[name]);
    for (let pressed = 0; pressed < 40 && !(await isThere()); pressed++) await page.keyboard.press('Tab');
    expect(await isThere(), `${name} is reached`).toBe(true);
    const before = await selected(page);
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => selected(page), { message: `${name} selects` }).not.toBe(before);
    if (!(await isThere())) continue;
    await page.keyboard.press('Tab');
    for (let pressed = 0; pressed < 40 && (await isThere()); pressed++) await page.keyboard.press('Tab');
    expect(await isThere(), `${name} is left`).toBe(false);
  }
});

test('graph and sequence read as text', async () => {
  const { page } = launched;
  await show(page, 'Graph');
  const passed = page.getByRole('list', { name: 'What passed between them' });
  await expect(
    passed
      .getByRole('listitem')
      .filter({ hasText: /Planner.*Writer/ })
      .first(),
  ).toContainText(/hand/i);
  await expect(page.getByRole('list', { name: 'Agents and tools of this trace' })).toContainText('Researcher');
  await show(page, 'Sequence');
  const rows = page.getByRole('listbox', { name: /^Sequence of \d+ messages/ }).getByRole('option');
  await expect(rows.first()).toHaveAttribute('aria-label', /^User to Triage, /);
  await expect(rows.filter({ hasNotText: 'nothing' }).nth(1)).toHaveAttribute('aria-label', /^Triage to Planner, /);
});

async function open(page: Page, traceId: string, name: Picture): Promise<void> {
  await page.evaluate(([id, tab]) => (location.hash = `#/trace/${id}?tab=${tab}`), [
    traceId,
    name.toLowerCase(),
  ] as const);
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible();
}

/** Which span; an edge of the graph takes the selection from the tree. */
async function selected(page: Page): Promise<string> {
  const item = page.getByRole('treeitem', { selected: true });
  return (await item.count()) === 0 ? 'an edge' : ((await item.getAttribute('id')) ?? '');
}

/** The whole middle pane, with what stands above the picture. */
async function show(page: Page, name: Picture) {
  await page.getByRole('tab', { name, exact: true }).click();
  const panel = page.getByRole('region', { name: 'Pictures of the trace' });
  await expect(panel.getByRole('tabpanel', { name })).toBeVisible();
  await expect(panel.getByText(/^(?:Reading|Loading|Laying out)/)).toHaveCount(0);
  return panel;
}

async function violations(page: Page, where: string, part: string): Promise<string[]> {
  const { violations: all } = await new AxeBuilder({ page }).setLegacyMode(true).include(part).analyze();
  return all
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${where}: ${id} (${nodes.length}) ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`,
    );
}

/** Pictures to look at, where a folder is given for them. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
