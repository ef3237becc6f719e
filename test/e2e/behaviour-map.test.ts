/** Forty trials of ten tasks, mapped: what most of them do, and what tells passed from failed. */
import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { otlpProtobuf } from '../support/encode.ts';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';
import { makeTrace, type MadeSpan } from '../support/make-trace.ts';

const AIRLINE = resolve(import.meta.dirname, '../fixtures/formats/tau-bench/cut-airline.json.gz');

let launched: LaunchedApp;
let folder: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracewright-map-'));
  launched = await launchApp();
});
test.afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

async function answerDialogs(open: readonly string[], save: string): Promise<void> {
  await launched.app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...paths.open] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.save });
    },
    { open, save },
  );
}

async function openMap(hash = '#/compare?tab=map'): Promise<void> {
  await launched.page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await expect(launched.page.getByRole('tab', { name: 'Behaviour map' })).toHaveAttribute('aria-selected', 'true');
}

test('nothing chosen, and an empty workspace, say what to do', async () => {
  const { page } = launched;
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
  await openMap();
  await expect(page.getByRole('heading', { name: 'Choose traces to map' })).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'behaviour-map-empty');
  await page.getByRole('button', { name: 'Map all traces' }).click();
  await expect(page.getByRole('heading', { name: 'No trace to map' })).toBeVisible();
});

test('all trials make one graph, with shares, times and pass rates', async () => {
  const { page } = launched;
  const path = join(folder, 'airline.json.gz');
  await copyFile(AIRLINE, path);
  await answerDialogs([path], '');
  await page.keyboard.press('Control+O');
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('40 traces', { timeout: 30_000 });
  await openMap('#/compare?tab=map&of=all');
  const picture = page.getByTestId('map-graph');
  await expect(picture).toBeVisible();
  await expect(page.getByRole('list', { name: 'Groups' })).toContainText('40 traces, 5 of 40 passed');
  await expect(picture.getByTestId('map-node:agent:Assistant')).toHaveAttribute(
    'aria-label',
    /Agent Assistant\. in 40 of 40 traces \(100 %/,
  );
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'behaviour-map-graph');

  // From an edge to its traces.
  await page.getByTestId('edge-row').filter({ hasText: 'book_reservation' }).first().click();
  const detail = page.getByTestId('map-detail');
  await expect(detail).toContainText('Assistant → book_reservation');
  await expect(detail.getByRole('row', { name: /^Passed/ })).toBeVisible();
  await detail.getByRole('checkbox').nth(0).check();
  await detail.getByRole('checkbox').nth(1).check();
  await expect(detail.getByRole('button', { name: 'Compare two (2 ticked)' })).toBeEnabled();
  await shoot(page, 'behaviour-map-edge');
  const words = await detail.getByRole('radio', { name: /^Have it/ }).textContent();
  const having = Number(/\d+/.exec(words ?? '')?.[0]);
  expect(having).toBeGreaterThan(1);
  await detail.getByRole('button', { name: 'Open in Traces' }).click();
  await expect(page.getByText(`${having} traces match`)).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('map-graph')).toBeVisible();
});

test('passed against failed: the edges are ranked by an adjusted test, the keyboard walks them', async () => {
  const { page } = launched;
  await page.getByRole('radio', { name: 'Passed vs failed' }).click();
  await expect(page.getByRole('list', { name: 'Groups' })).toContainText('35 traces');
  const rows = page.getByTestId('edge-row');
  await rows.first().click();
  await expect(page.getByTestId('map-detail')).toContainText('Fisher’s exact test');
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await expect(rows.nth(1)).toHaveAttribute('aria-pressed', 'true');
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'behaviour-map-groups');

  await page.getByRole('slider').fill('50');
  await expect(page.getByText('Edges of at least 50 % of traces')).toBeVisible();
  await page.getByTestId('map-node:agent:Assistant').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('map-detail')).toContainText('Assistant');
  await page.keyboard.press('Escape');
  await page.getByRole('slider').fill('0');
});

test('the folded sequence tells the common order, with the share of each step', async () => {
  const { page } = launched;
  await page.keyboard.press('m');
  const steps = page.getByTestId('folded-sequence').getByRole('button');
  await expect(steps.first()).toHaveAttribute('aria-label', /^User → Assistant, message/);
  await steps.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('map-detail')).toContainText('Step 2');
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'behaviour-map-sequence');
});

test('picture and table go into files', async () => {
  const { page } = launched;
  for (const [name, file] of [
    ['Picture (SVG)…', 'sequence.svg'],
    ['Table (CSV)…', 'map.csv'],
  ] as const) {
    await answerDialogs([], join(folder, file));
    await page.getByRole('button', { name }).click();
    await expect.poll(() => readFile(join(folder, file), 'utf8').catch(() => '')).not.toBe('');
  }
  await page.getByRole('radio', { name: 'Graph', exact: true }).click();
  await answerDialogs([], join(folder, 'graph.svg'));
  await expect(page.getByTestId('map-graph')).toBeVisible();
  await page.getByRole('button', { name: 'Picture (SVG)…' }).click();
  await expect.poll(() => readFile(join(folder, 'graph.svg'), 'utf8').catch(() => '')).toContain('book_reservation');
  const csv = await readFile(join(folder, 'map.csv'), 'utf8');
  expect(csv).toMatch(/^what,step,from,to,kind,group,/);
  expect(csv).toContain('edge,,agent:Assistant,tool:book_reservation,tool_call,Passed,');
  if (process.env.TRACEWRIGHT_IMAGES)
    await copyFile(join(folder, 'graph.svg'), join(process.env.TRACEWRIGHT_IMAGES, 'behaviour-map.svg'));
});

test('a selection in Traces becomes a map', async () => {
  const { page } = launched;
  await page.evaluate(() => {
    location.hash = '#/traces';
  });
  await expect(page.getByRole('main').getByText('40 traces', { exact: true })).toBeVisible();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: 'Behaviour map of the selected traces' }).click();
  await expect(page.getByRole('radio', { name: '40 selected' })).toBeChecked();
  await expect(page.getByTestId('map-graph')).toBeVisible();
});

test('five hundred traces of several agents, with odd names, stay a picture', async () => {
  const { page } = launched;
  const long = 'Very long name of an agent that somebody generated '.repeat(4).slice(0, 200);
  const address = await collectorAddress(page);
  for (let seed = 0; seed < 520; seed += 40) {
    const spans: MadeSpan[] = [];
    for (let k = seed; k < Math.min(520, seed + 40); k++) {
      const startNs = 1_795_000_000_000_000_000n + BigInt(k) * 60_000_000_000n;
      for (const span of makeTrace(k % 2 === 0 ? 'swarm' : 'handoff-chain', { spans: 40, seed: k, startNs }))
        spans.push(renamed(span, long));
    }
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`${address}/v1/traces`, {
      method: 'POST',
      headers,
      body: otlpProtobuf(spans) as BodyInit,
    });
    expect(answer.status).toBe(200);
  }
  await openMap(`#/compare?tab=map&q=${encodeURIComponent('-tool:book_reservation -source:file')}`);
  await expect(page.getByRole('list', { name: 'Groups' })).toContainText('500 traces', { timeout: 30_000 });
  await expect(page.getByTestId('map-graph')).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await shoot(page, 'behaviour-map-many');
  await page.getByRole('radio', { name: 'Sequence' }).click();
  await shoot(page, 'behaviour-map-many-sequence');
  await page.getByRole('radio', { name: 'Graph', exact: true }).click();
  await page.getByTestId(/^map-node:agent:Very long/).focus();
  await page.keyboard.press('Enter');
  await shoot(page, 'behaviour-map-long-name');
});

test('two eval runs against each other, with the verdicts of each', async () => {
  const workspace = join(folder, 'runs.tracewright');
  const script = resolve(import.meta.dirname, '../support/compared-runs.ts');
  await promisify(execFile)(process.execPath, [script, workspace], { cwd: resolve(script, '../../..') });
  const second = await launchApp({ userData: join(folder, 'runs'), args: ['--workspace', workspace] });
  try {
    const { page } = second;
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
    await page.evaluate(() => {
      location.hash = '#/compare?tab=map';
    });
    await page.getByRole('radio', { name: 'Eval runs' }).click();
    const against = page.getByRole('combobox', { name: 'Against eval run' });
    await expect(page.getByTestId('map-graph')).toBeVisible();
    await against.selectOption({ index: 1 });
    await expect(page.getByRole('list', { name: 'Groups' }).getByRole('listitem')).toHaveCount(2);
    await expect(page.getByRole('list', { name: 'Groups' })).toContainText('passed');
    await expect(page.getByTestId('map-graph')).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await shoot(page, 'behaviour-map-runs');
  } finally {
    await second.close();
  }
});

/** One of the agents has a name of 200 characters, another an emoji, and a tool is called like an agent. */
function renamed(span: MadeSpan, long: string): MadeSpan {
  const names: Readonly<Record<string, string>> = { Planner: long, Writer: '🛫 Écrivain', search: 'Researcher' };
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).map(([key, value]) => [key, (typeof value === 'string' && names[value]) || value]),
  );
  return { ...span, attributes };
}
