import { expect, test } from 'vitest';
import type { Taxonomy } from '#shared/taxonomy.ts';
import type { LabelRow, ReviewedTrace } from '../store/insight-queries.ts';
import type { Facts } from './failures.ts';
import { overviewOf, overviewTraces } from './overview.ts';

const DAY = 86_400_000;
/** A Wednesday. */
const START = Date.UTC(2026, 6, 1);

const RX = {
  id: 'rx',
  title: 'Reasons',
  about: '',
  version: 1,
  preset: true,
  categories: [
    { code: 'loop', title: 'Loops', definition: '', parent: null, aliases: ['Step repetition'], retired: false },
    { code: 'lost', title: 'Lost', definition: '', parent: null, aliases: [], retired: false },
  ],
} satisfies Taxonomy;

const trace = (key: number, workflow: string | null, start: number | null): ReviewedTrace => [
  key,
  `t${key}`,
  `Trace ${key}`,
  workflow,
  start,
];

let made = 0;
function label(
  traceKey: number,
  change: Partial<Record<'category' | 'agent' | 'span' | 'about', string>> = {},
): LabelRow {
  const { category = null, agent = null, span = null, about = null } = change;
  return [made++, traceKey, category === null ? 'blame' : 'category', 'rx', category, agent, span, about, null];
}
const verdict = (traceKey: number, passed: number): LabelRow => [
  made++,
  traceKey,
  'verdict',
  null,
  null,
  null,
  null,
  null,
  passed,
];

const PLACES = new Map([
  ['a', { step: 0, of: 20, actor: 'Planner' }],
  ['b', { step: 19, of: 20, actor: 'Writer' }],
]);

const FACTS: Facts = {
  labels: [
    label(1, { category: 'loop', agent: 'Planner', span: 'a' }),
    label(1, { category: 'step repetition ', agent: 'planner', span: 'b' }),
    label(2, { category: 'Loops', span: 'b' }),
    label(2, { category: 'odd one', about: 'Critic' }),
    label(3, { agent: 'Writer', span: 'gone' }),
    verdict(1, 0),
    verdict(4, 1),
  ],
  reviewed: [
    trace(1, 'w', START),
    trace(2, 'w', START + 3 * DAY),
    trace(3, null, null),
    trace(4, 'w', START + 3 * DAY),
  ],
  traceCount: 9,
  placeOf: (_, spanId) => PLACES.get(spanId) ?? null,
  taxonomies: [RX],
};

test('which failures: aliases together, what nobody claims as itself, shares of the reviewed traces', () => {
  const found = overviewOf(FACTS);
  expect(found).toMatchObject({
    traceCount: 9,
    reviewed: 4,
    annotations: 7,
    failures: { labels: 5, traces: { count: 3, of: 4 } },
  });
  expect(
    found.categories.map(({ code, title, known, labels, traces }) => [code, title, known, labels, traces.count]),
  ).toEqual([
    ['loop', 'Loops', true, 3, 2],
    ['odd one', 'odd one', false, 1, 1],
  ]);
  expect(found.categories[0]!.spellings.map(({ spelling }) => spelling)).toEqual(['Loops', 'loop', 'step repetition ']);
  expect(found.categories[0]!.traces.low).toBeCloseTo(0.15, 3);
  expect(found.verdicts).toMatchObject({ count: 1, of: 2 });
  expect(found.taxonomies).toEqual([{ id: 'rx', title: 'Reasons', labels: 5 }]);
});

test('in which agents: blamed, acting, and where the two differ', () => {
  const { agents, blamedAgents, blamedElsewhere, heat, categories } = overviewOf(FACTS);
  expect(
    agents.map(({ agent, labels, blamed, acted, elsewhere }) => [agent, labels, blamed, acted, elsewhere]),
  ).toEqual([
    ['Writer', 3, 1, 2, 0],
    ['Planner', 2, 2, 1, 1],
    ['Critic', 1, 1, 0, 0],
  ]);
  expect([blamedAgents, blamedElsewhere]).toEqual([3, 1]);
  const cells = heat.map((cell) => [agents[cell.agent]?.agent, categories[cell.category]?.title ?? null, cell.labels]);
  expect(cells).toEqual([
    ['Planner', 'Loops', 2],
    ['Writer', 'Loops', 1],
    ['Writer', null, 1],
    ['Critic', 'odd one', 1],
  ]);
});

test('at which step, when and in which workflow', () => {
  const found = overviewOf(FACTS);
  expect(found.steps).toEqual([
    { step: 0, labels: 1, traces: 1 },
    { step: 19, labels: 2, traces: 2 },
  ]);
  expect(found.deciles.map(({ labels }) => labels)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(found.unplaced).toBe(2);
  expect(found.period).toBe('day');
  expect(found.time.map(({ from, labels, traces }) => [from, labels, traces.count, traces.of])).toEqual([
    ['2026-07-01', 2, 1, 1],
    ['2026-07-02', 0, 0, 0],
    ['2026-07-03', 0, 0, 0],
    ['2026-07-04', 2, 1, 2],
  ]);
  expect(found.untimed).toMatchObject({ labels: 1, traces: { count: 1, of: 1 } });
  expect(found.workflows.map(({ workflow, labels, traces }) => [workflow, labels, traces.of])).toEqual([
    ['w', 4, 3],
    [null, 1, 1],
  ]);
  expect(overviewOf(FACTS, undefined, 'week').time.map(({ from }) => from)).toEqual(['2026-06-29']);
  expect(overviewOf(FACTS, undefined, 'month').time.map(({ from }) => from)).toEqual(['2026-07-01']);
});

test('every bar opens as many traces as it counts', () => {
  const found = overviewOf(FACTS);
  const behind = (pick: Parameters<typeof overviewTraces>[1]) => overviewTraces(FACTS, pick, {});
  for (const { taxonomy, code, traces } of found.categories)
    expect(behind({ category: { taxonomy, code } }).total).toBe(traces.count);
  for (const { agent, traces } of found.agents) expect(behind({ agent }).total).toBe(traces.count);
  for (const { step, traces } of found.steps) expect(behind({ step }).total).toBe(traces);
  found.deciles.forEach(({ traces }, decile) => expect(behind({ decile }).total).toBe(traces));
  for (const { from, traces } of found.time) expect(behind({ from }).total).toBe(traces.count);
  for (const { workflow, traces } of found.workflows) expect(behind({ workflow }).total).toBe(traces.count);
  for (const { agent, category, labels } of found.heat) {
    const { taxonomy, code } = found.categories[category] ?? { taxonomy: null, code: '' };
    const picked = behind({
      agent: found.agents[agent]?.agent ?? null,
      category: category < 0 ? null : { taxonomy, code },
    });
    expect(picked.rows.reduce((sum, row) => sum + row.labels, 0)).toBe(labels);
  }
  expect(behind({ elsewhere: true })).toEqual({
    rows: [{ traceId: 't1', name: 'Trace 1', spanId: 'b', labels: 1 }],
    total: 1,
  });
  expect(behind({ passed: true }).rows.map(({ traceId }) => traceId)).toEqual(['t4']);
  expect(behind({ untimed: true }).rows.map(({ traceId }) => traceId)).toEqual(['t3']);
  expect(behind({ traceIds: ['t2', 't9'] }).rows.map(({ traceId }) => traceId)).toEqual(['t2']);
});

test('of one taxonomy only; nothing gives nothing', () => {
  expect(overviewOf(FACTS, 'other')).toMatchObject({ categories: [], agents: [], heat: [], failures: { labels: 0 } });
  const nothing = overviewOf({ ...FACTS, labels: [], reviewed: [], traceCount: 0 });
  expect(nothing).toMatchObject({ reviewed: 0, time: [], workflows: [], verdicts: { of: 0, low: 0, high: 1 } });
});
