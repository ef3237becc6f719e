/** The agent graph: guardrails, teams, both layouts, the time cursor, the keyboard, and ten thousand nodes. */
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
let address = '';

test.beforeAll(async () => {
  launched = await launchApp();
  address = await collectorAddress(launched.page);
  await send(readFileSync(FIXTURE));
});
test.afterAll(() => launched.close());

test('guardrails are nodes, teams are frames that fold into one node and open again, by keyboard too', async () => {
  const { page } = launched;
  await open(page, 'Triage');
  const graph = page.getByTestId('agent-graph');
  await page.getByRole('button', { name: 'Guardrails 3' }).click();
  await expect(page.getByRole('button', { name: /^Guardrail topic_check/ })).toBeVisible();
  const frame = page.getByRole('button', { name: /^Team of Planner: \d+ shown/ });
  await frame.focus();
  await page.keyboard.press('Enter');
  const team = graph.getByRole('button', { name: /^Team of Planner, 3 agents, folded/ });
  await expect(team).toBeFocused();
  await expect(team).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByTestId('node:agent:Researcher')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('node:agent:Planner')).toBeFocused();
  await expect(page.getByTestId('node:agent:Researcher')).toBeVisible();
});

test('what crossed an edge of a folded team is read like that of any other', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Tools 3' }).click();
  await page.getByRole('button', { name: 'Teams' }).click();
  // The tools that only the team used are inside it, so the edge to the next agent is looked at.
  await page.getByTestId('edge-label:team:agent:Planner→agent:Writer:handoff').click();
  const inspector = page.getByRole('region', { name: 'What crossed' });
  await expect(inspector.getByTitle('Go to its span')).toHaveCount(1);
  await page.getByRole('button', { name: 'Teams' }).click();
  await page.getByRole('button', { name: 'Tools 3' }).click();
});

test('at the time cursor counts say how many, what is to come steps back, and nothing moves', async () => {
  const { page } = launched;
  await page.getByRole('button', { name: 'Tools 3' }).click();
  const search = page.getByTestId('edge-label:agent:Researcher→tool:web_search:tool_call');
  const before = await page.getByTestId('node:agent:Writer').getAttribute('style');
  const scrubber = page.getByRole('slider').first();
  const box = await scrubber.boundingBox();
  if (!box) throw new Error('The scrubber has no place.');
  await page.mouse.click(box.x + box.width * 0.42, box.y + box.height / 2);
  await expect(search).toContainText(/[12] of 2/);
  await expect(page.getByTestId('node:agent:Writer')).toHaveAttribute('data-phase', 'before');
  await expect(page.getByTestId('node:agent:Planner')).toHaveAttribute('data-phase', 'open');
  await expect(page.getByTestId('node:agent:Triage')).toHaveAttribute('data-phase', 'done');
  expect(await page.getByTestId('node:agent:Writer').getAttribute('style')).toBe(before);
  await expect(page.getByTestId('graph-moment')).toContainText('Not there yet: Writer');
  await shoot(page, 'graph-cursor');
  await expectAccessible(page);
  await page.getByRole('button', { name: /Show all/ }).click();
  await expect(search).toContainText('×2');
  await expect(page.getByTestId('node:agent:Writer')).not.toHaveAttribute('data-phase');
});

test('the force layout is the same picture each time', async () => {
  const { page } = launched;
  const places = async (): Promise<(string | null)[]> =>
    page.getByTestId(/^node:/).evaluateAll((nodes) => nodes.map((node) => node.getAttribute('style')));
  const layers = await places();
  await page.getByRole('button', { name: 'Force' }).click();
  await expect.poll(places).not.toEqual(layers);
  const force = await places();
  await shoot(page, 'graph-force');
  await page.getByRole('button', { name: 'Layers', exact: true }).click();
  await expect.poll(places).toEqual(layers);
  await page.getByRole('button', { name: 'Force' }).click();
  await expect.poll(places).toEqual(force);
  await page.getByRole('button', { name: 'Layers', exact: true }).click();
});

test('ten thousand stays can be drawn, panned and opened', async () => {
  test.setTimeout(180_000);
  const { page } = launched;
  for (const body of tenThousand()) await send(JSON.stringify({ data: body }));
  await open(page, 'Ten thousand stays');
  const graph = page.getByTestId('agent-graph');
  await page.getByRole('button', { name: 'As it ran' }).click();
  await expect(graph.getByRole('button', { name: /Researcher, 2,500 of a kind, folded/ })).toBeVisible();
  const box = await graph.boundingBox();
  if (!box) throw new Error('The graph has no place.');
  await page.evaluate(() => {
    const blocked: number[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) blocked.push(entry.duration);
    }).observe({ type: 'longtask' });
    Object.assign(window, { blocked });
  });
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  for (let step = 0; step < 60; step++) await page.mouse.move(box.x + 40 + step * 4, box.y + 40 + step * 2);
  await page.mouse.up();
  const blocked = await page.evaluate(() => (window as unknown as { blocked: number[] }).blocked);
  // Aimed at: none over 50 ms. A machine that is shared may hold a few up; drawing all of it anew would hold up each of the 60.
  expect(blocked.filter((ms) => ms > 200).length, JSON.stringify(blocked)).toBeLessThan(6);
  test.info().annotations.push({ type: 'tasks over 50 ms while panning', description: JSON.stringify(blocked) });
  await graph.getByRole('button', { name: /Researcher, 2,500 of a kind, folded/ }).press('Enter');
  await expect(graph.getByRole('button', { name: /Researcher #1–\d+, \d+ of a kind, folded/ })).toHaveCount(1);
  await shoot(page, 'graph-ten-thousand');
  await page.getByRole('button', { name: 'Aggregated' }).click();
});

async function send(body: string | Buffer): Promise<void> {
  const answer = await fetch(`${address}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body as BodyInit,
  });
  expect(answer.ok).toBe(true);
}

async function open(page: Page, row: string): Promise<void> {
  await openTrace(page, row);
  await expect(page.getByTestId('agent-graph')).toBeVisible({ timeout: 30_000 });
}

/** Four agents in turn, ten thousand times, as bodies of at most 4,000 items. */
function tenThousand(): object[][] {
  const trace_id = 'trace_ten_thousand';
  const time = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
  const names = ['Planner', 'Researcher', 'Writer', 'Reviewer'];
  const items: object[] = [{ object: 'trace', id: trace_id, workflow_name: 'Ten thousand stays' }];
  for (let at = 0; at < 10_000; at++) {
    const base = { object: 'trace.span', trace_id, error: null };
    const from = names[at % 4];
    items.push(
      {
        ...base,
        id: `a${at}`,
        parent_id: null,
        started_at: time(at * 10),
        ended_at: time(at * 10 + 9),
        span_data: { type: 'agent', name: from },
      },
      {
        ...base,
        id: `h${at}`,
        parent_id: `a${at}`,
        started_at: time(at * 10 + 8),
        ended_at: time(at * 10 + 8),
        span_data: { type: 'handoff', from_agent: from, to_agent: names[(at + 1) % 4] },
      },
    );
  }
  return Array.from({ length: Math.ceil(items.length / 4_000) }, (_, part) =>
    items.slice(part * 4_000, part * 4_000 + 4_000),
  );
}

async function expectAccessible(page: Page): Promise<void> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${colorScheme}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`);
  }
  await page.emulateMedia({ colorScheme: null });
  expect(found).toEqual([]);
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: null });
}
