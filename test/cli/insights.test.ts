/** What all labels say together: the tables that others published come out, and people are compared. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, cli, makePlace } from '../support/cli.ts';
import { writeAgentRx, writeReviewers, writeWhoAndWhen } from '../support/published-labels.ts';
import * as schema from './schemas.ts';

const published = makePlace();
const reviewers = makePlace();
const at = ['--workspace', published.workspace];

beforeAll(async () => {
  const folder = join(published.folder, 'published');
  writeWhoAndWhen(folder);
  writeAgentRx(join(folder, 'agentrx'));
  await ask(['import', folder, ...at]);
  writeReviewers(reviewers.folder);
  await ask(['import', join(reviewers.folder, 'labels.jsonl'), '--workspace', reviewers.workspace]);
}, 120_000);
afterAll(() => {
  published.remove();
  reviewers.remove();
});

async function overview(...args: readonly string[]) {
  return schema.overview.parse(await ask(['overview', ...args, ...at]));
}

test('overview of AgentRx: its categories, agents and steps', async () => {
  const found = await overview('--taxonomy', 'agentrx');
  expect(found.failures).toMatchObject({ labels: 39, traces: { count: 29 } });
  const counts = new Map(
    found.categories.flatMap(({ spellings }) => spellings.map((each) => [each.spelling, each.labels])),
  );
  expect(Object.fromEntries(counts)).toEqual({
    'Underspecified User Intent': 10,
    'Misinterpretation of Tool Output': 8,
    'Intent Plan Misalignment': 8,
    'Instruction Adherence Failure': 6,
    'Invalid Invocation': 4,
    'Intent Not Supported': 2,
    'System Failure': 1,
  });
  expect(found.categories.map(({ labels }) => labels)).toEqual([10, 8, 8, 6, 4, 2, 1]);
  expect(found.categories.every(({ known }) => known)).toBe(true);
  const blamed = found.agents.filter(({ blamed }) => blamed > 0).map((each) => [each.agent, each.blamed]);
  expect(blamed).toEqual([
    ['Assistant', 29],
    ['User', 10],
  ]);
  // Their steps count from 1. Two trajectories are not among the logs: nothing is known of their steps 57 and 43.
  expect(found.unplaced).toBe(2);
  expect(found.steps.reduce((sum, { step, labels }) => sum + (step + 1) * labels, 0)).toBe(1_016 - 57 - 43);
});

test('overview of Who&When: blamed agents and decisive steps, of either part', async () => {
  const found = await overview('--taxonomy', 'who_and_when');
  expect(found.failures).toMatchObject({ labels: 87, traces: { count: 87 } });
  expect(found.blamedAgents).toBe(42 + 4);
  expect(found.steps.reduce((sum, { step, labels }) => sum + step * labels, 0)).toBe(180 + 483);
  // In some, the blamed agent is not the one that acts: both are kept.
  expect(found.blamedElsewhere).toBeGreaterThan(0);
  expect(found.agents.reduce((sum, { elsewhere }) => sum + elsewhere, 0)).toBe(found.blamedElsewhere);
  expect(found.time).toEqual([]);
  expect(found.untimed.labels).toBe(87);
});

test('overview: text for people, and wrong usage', async () => {
  const { code, stdout } = await cli(['overview', '--taxonomy', 'agentrx', ...at]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^39 labels in 29 of 29 reviewed traces; 2 agents blamed\n/);
  expect(stdout).toMatch(/Underspecified user intent +10 +10 of 29, 34 % \(20–53\)/);
  expect((await cli(['overview', '--by', 'year', ...at])).code).toBe(2);
  expect((await cli(['overview', '--query', 'cost:cheap', ...at])).code).toBe(2);
});

test('agreement: figures with intervals, by agent, step and category; the same each time', async () => {
  const asked = ['agreement', '--annotators', 'Ann,Ben', '--workspace', reviewers.workspace];
  const found = schema.agreement.parse(await ask(asked));
  expect(found).toMatchObject({
    items: 20,
    annotators: ['Ann', 'Ben'],
    agent: { items: 20, percent: 0.9 },
    step: { items: 20, percent: 0.9, within: { tolerance: 1, percent: 1 } },
    category: { items: 20, percent: 0.9, taxonomy: 'mine' },
  });
  // The table of a published example: nine and nine agree, one and one do not.
  for (const figure of ['kappa', 'ac1'] as const) expect(found.category[figure]).toBeCloseTo(0.8, 9);
  expect(found.category.alpha).toBeCloseTo(0.805, 9);
  const [low, high] = found.category.ci.kappa!;
  expect(low).toBeLessThan(0.8);
  expect(high).toBeGreaterThan(0.8);
  expect(schema.agreement.parse(await ask(asked))).toEqual(found);
  const cell = found.subjects
    .find(({ about }) => about === 'category')!
    .matrix.cells.find((each) => each.row !== each.column)!;
  expect(cell).toMatchObject({ count: 1, traces: 1 });
  expect(cell.traceIds).toHaveLength(1);
});

test('agreement: text for people, nobody to compare, and wrong usage', async () => {
  const of = ['--workspace', reviewers.workspace];
  const { stdout } = await cli(['agreement', ...of]);
  expect(stdout).toMatch(/^20 items, judged by Ann, Ben\nOF +ITEMS +AGREE +KAPPA +AC1 +ALPHA\n/);
  expect(stdout).toMatch(/category mine +20 +90 % \(\d+–\d+\) +0\.80 \(/);
  expect(stdout).toMatch(/Steps at most 1 apart: 100 %/);
  expect((await cli(['agreement', '--annotators', 'Ann', ...of])).code).toBe(2);
  expect((await cli(['agreement', '--tolerance', 'few', ...of])).code).toBe(2);
  const nobody = await cli(['agreement', '--annotators', 'Ann,Zoe', ...of]);
  expect(nobody).toMatchObject({ code: 1, stdout: '' });
  expect(nobody.stderr).toBe('error: Nothing was said by "Zoe".\nAnnotators: Ann, Ben.\n');
});
