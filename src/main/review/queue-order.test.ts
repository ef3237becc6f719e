import { expect, test } from 'vitest';
import { clustersOf, featuresOf } from './clusters.ts';
import { pairsOf, taskOf } from './pairs.ts';
import { orderCandidates, thresholds } from './queue-order.ts';
import { stopHint, wilson } from './stop-hint.ts';

const FIVE = [{}, {}, {}, {}, {}];

test('a random order is a permutation that its seed alone decides', () => {
  const { order } = orderCandidates('random', FIVE, 7);
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(orderCandidates('random', FIVE, 7).order).toEqual(order);
  expect(orderCandidates('random', FIVE, 8).order).not.toEqual(order);
});

test('what people differ on comes first, and it is said when they never do', () => {
  const known = [
    {},
    { disagreement: { amount: 0.5, what: 'the score' } },
    { disagreement: { amount: 1, what: 'the verdict' } },
  ];
  const { order, why } = orderCandidates('disagreement', known, 1);
  expect(order).toEqual([2, 1, 0]);
  expect(why.get(2)).toBe('People differ on the verdict.');
  const none = orderCandidates('disagreement', FIVE, 1);
  expect(none.order).toEqual([0, 1, 2, 3, 4]);
  expect(none.about).toContain('the oldest come first');
});

test('the threshold of a grader lies between what failed and what passed', () => {
  const score = (value: number, passed: boolean | null) => ({ name: 'help', value, passed });
  expect(thresholds([score(0.2, false), score(0.5, false), score(0.7, true)]).get('help')?.limit).toBeCloseTo(0.6);
  expect(thresholds([score(9, false), score(2, true), score(5, true)]).get('help')?.limit).toBe(7);
  expect(thresholds([score(0, null), score(4, null)]).get('help')?.limit).toBe(2);
  // A set of runs that all failed would seem to be all on the border.
  expect(thresholds([score(0, false), score(0, false)]).size).toBe(0);
});

test('what a grader was least sure of comes first; without scores the order is that of time, and says so', () => {
  const scored = [0.1, 0.5, 0.58, 0.9].map((value) => ({ scores: [{ name: 'help', value, passed: value > 0.5 }] }));
  const { order, why } = orderCandidates('uncertainty', [...scored, {}], 1);
  expect(order.slice(0, 2).sort()).toEqual([1, 2]);
  expect(order.at(-1)).toBe(4);
  expect(why.get(2)).toBe('help is 0.58, where 0.54 decides.');
  expect(orderCandidates('uncertainty', FIVE, 1).about).toContain('None of these has a score');
});

const talk = (name: string, agents: string[], text: string) => featuresOf({ name, agents, tools: [], text });

test('similar traces are one group, numbers or not, and each group is shown by one', () => {
  const refund = (order: number) =>
    talk(
      'refund',
      ['Clerk'],
      `Your order ${order} was returned and the money will be on your account within a few days`,
    );
  const flight = (seat: string) =>
    talk(
      'travel',
      ['Planner', 'Booker'],
      `The flight to Hamburg leaves in the evening and your seat is ${seat} at the window`,
    );
  const features = [refund(1), flight('A'), refund(2), flight('B'), refund(3)];
  expect(clustersOf(features).map(({ members }) => members)).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
  const { order, why, about } = orderCandidates(
    'clusters',
    features.map((each) => ({ features: each })),
    3,
  );
  expect(order).toHaveLength(2);
  expect(why.get(order[0]!)).toBe('Stands for 3 that are alike.');
  expect(about).toContain('5 in 2 groups');
});

test('ten thousand of the same are grouped in no time', () => {
  const same = talk('refund', ['Clerk'], 'Your order was returned and the money will be on your account soon');
  const started = performance.now();
  expect(clustersOf(Array.from({ length: 10_000 }, () => same))).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('pairs are of one task, each trace is in one, and the seed decides sides', () => {
  const traces = ['a', 'b', 'c', 'd', 'e'].map((traceId) => ({ traceId, key: traceId === 'e' ? null : 'task' }));
  const pairs = pairsOf(traces, 5);
  expect(pairs).toHaveLength(3);
  expect([...new Set(pairs.flatMap(({ left, right }) => [left, right]))].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(pairsOf(traces, 5)).toEqual(pairs);
  const sides = Array.from({ length: 200 }, (_, seed) => pairsOf(traces.slice(0, 2), seed)[0]?.left);
  const left = sides.filter((id) => id === 'a').length;
  expect(left).toBeGreaterThan(60);
  expect(left).toBeLessThan(140);
});

test('a task is named in the metadata, whatever its field is called', () => {
  expect(taskOf({ task_id: 7 })).toBe('task_id 7');
  expect(taskOf({ metadata: { question_id: 'q1' } })).toBe('question_id q1');
  expect(taskOf({ colour: 'red' })).toBeNull();
  expect(taskOf(null)).toBeNull();
});

test("Wilson's interval", () => {
  const { low, high } = wilson(8, 10);
  expect(low).toBeCloseTo(0.4902, 4);
  expect(high).toBeCloseTo(0.9433, 4);
});

test('stops when the pass rate is known, or when no new category comes', () => {
  const pass = { passed: true, categories: [] };
  expect(stopHint(Array.from({ length: 19 }, () => pass))).toBeNull();
  expect(stopHint(Array.from({ length: 50 }, () => pass))).toContain('50 verdicts put the pass rate at 100 %');
  const found = { passed: null, categories: ['loop'] };
  const none = { passed: null, categories: [] };
  expect(stopHint([found, ...Array.from({ length: 19 }, () => none)])).toBeNull();
  expect(stopHint([found, ...Array.from({ length: 20 }, () => found)])).toBe(
    '1 category was found in 21 items, and no new one in the last 20: more would rarely show another.',
  );
});
