/** The table of items of two eval runs: how soon it stands, and how smoothly it scrolls. */
import { join } from 'node:path';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import type { Benchmark } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { openApp } from './lib/app.ts';
import { frameTimes } from './lib/frames.ts';
import { sendItems } from '../support/agents-items.ts';
import { supportRun } from '../support/support-run.ts';

const ITEMS = 10_000;
const CRITERIA = 5;
const MOVE_MS = 3_000;
const PATIENCE_MS = 60_000;

export const items: Benchmark = {
  id: 'items',
  method: `The built app in Electron on a workspace with two eval runs of ${ITEMS.toLocaleString('en-US')} items and ${CRITERIA} criteria. Scrolling: the scroll position of the item table once a frame for ${MOVE_MS / 1_000} s; times between frames. Baseline: the frames of the same window at rest.`,
  async run({ folder }) {
    const path = join(folder, 'items.tracewright');
    const ids = await storeRuns(path);
    const opened = await openApp(folder, path);
    const { page } = opened;
    try {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#/compare?tab=runs&of=${ids[0]}&of=${ids[1]}`);
      await page.getByRole('radio', { name: /^Items/ }).click({ timeout: PATIENCE_MS });
      await page.waitForSelector('[data-testid=compared-items] [role=gridcell]', { timeout: PATIENCE_MS });
      await page.waitForTimeout(1_000);
      const rest = percentile(await frameTimes(page, '', 'rest', MOVE_MS), 0.95);
      const moved = percentile(await frameTimes(page, 'compared-items', 'scroll', MOVE_MS), 0.95);
      return [
        figure(
          `scrolling ${ITEMS.toLocaleString('en-US')} compared items, p95 frame`,
          moved,
          'ms',
          { below: 20 },
          { name: 'the same window at rest', value: rest, unit: 'ms' },
        ),
      ];
    } finally {
      await opened.close();
    }
  },
};

async function storeRuns(path: string): Promise<readonly string[]> {
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  // The app begins on a list that is not empty.
  await sendItems(engine, supportRun({ id: 'first' }));
  const criteria = [];
  for (let at = 0; at < CRITERIA; at++) {
    const definition = {
      type: 'string_check',
      name: `criterion ${at}`,
      input: '{{ sample.output_text }}',
      reference: `${at}`,
      operation: 'like',
    };
    const { id } = await engine.call('grader.save', { definition });
    criteria.push({ graderId: id, versionHash: null, threshold: null, weight: 1 });
  }
  const { id: evalId } = await engine.call('eval.save', {
    definition: { name: 'items', criteria, source: { kind: 'filter', query: '' }, metadata: {} },
  });
  const runs: string[] = [];
  for (const step of [7, 11]) {
    const run = await engine.call('run.start', {
      evalId,
      name: `step ${step}`,
      items: Array.from({ length: ITEMS }, (_, at) => ({
        item: { task_id: `task-${at}`, input: `Which numbers follow ${at} in steps of ${step}?` },
        sample: { output_text: String(at * step) },
      })),
    });
    runs.push(run.id);
    await engine.settle();
  }
  await engine.close();
  return runs;
}
