import { expect, test } from 'vitest';
import { ITEM_CHANGES } from '#shared/comparison.ts';
import { makeScores } from '../../../../test/support/run-scores.ts';
import { comparedItems, type NamesOfTraces } from './compared-items.ts';

const NO_NAMES: NamesOfTraces = () => ({ agents: new Map(), tools: new Map() });
const CRITERIA = [{ name: 'right' }, { name: 'length', direction: 'minimise' }] as const;

test('one row for each task, the most regressed first', () => {
  const a = makeScores(CRITERIA, [
    { task: 'steady', trace: 'a1', says: [true, 5] },
    { task: 'regressed', trace: 'a2', says: [true, 5] },
    { task: 'fixed', trace: 'a3', says: [false, 5] },
    { task: 'slower', trace: 'a4', says: [true, 5] },
    { task: 'broken', trace: 'a5', says: ['error', 5] },
    { task: 'gone', trace: 'a6', says: [true, 5] },
  ]);
  const b = makeScores(
    CRITERIA,
    [
      { task: 'fixed', trace: 'b3', says: [true, 5] },
      { task: 'regressed', trace: 'b2', says: [false, 5] },
      { task: 'slower', trace: 'b4', says: [true, 9] },
      { task: 'new', trace: 'b7', says: [true, 5] },
      { task: 'broken', trace: 'b5', says: [true, 5] },
      { task: 'steady', trace: 'b1', says: [true, 5] },
    ],
    100,
  );
  const asked: (readonly string[])[] = [];
  const found = comparedItems(a, b, (traceIds) => {
    asked.push(traceIds);
    return {
      agents: new Map([
        ['a2', ['Planner']],
        ['b2', ['Planner', 'Writer']],
      ]),
      tools: new Map([['b2', ['search']]]),
    };
  });
  expect(found.keys).toEqual(['regressed', 'slower', 'steady', 'fixed', 'broken', 'gone', 'new']);
  expect(Array.from(found.change, (each) => ITEM_CHANGES[each])).toEqual([
    'regressed',
    'same',
    'same',
    'fixed',
    'errored',
    'only in A',
    'only in B',
  ]);
  expect(Array.from(found.itemA)).toEqual([2, 4, 1, 3, 5, 6, -1]);
  expect(Array.from(found.itemB)).toEqual([101, 102, 105, 100, 104, -1, 103]);
  expect(found.traceA[6]).toBeNull();
  expect(Array.from(found.valuesA.subarray(0, 4))).toEqual([1, 5, 1, 5]);
  expect(Array.from(found.valuesB.subarray(0, 4))).toEqual([0, 5, 1, 9]);
  expect(found.valuesA[8]).toBeNaN();
  // Agents and tools of both traces, asked once.
  expect(asked).toHaveLength(1);
  expect(found.agents[0]).toEqual(['Planner', 'Writer']);
  expect(found.tools[0]).toEqual(['search']);
  expect(found.cut).toBe(false);
});

test('trials of a task are one row, shown by the trials that tell most', () => {
  const trials = (ids: string, says: readonly boolean[], firstId: number) =>
    makeScores(
      [{ name: 'c' }],
      says.map((each, at) => ({ task: 't', trace: `${ids}${at}`, says: [each] })),
      firstId,
    );
  const found = comparedItems(trials('a', [false, true, true], 1), trials('b', [true, false, false], 10), NO_NAMES);
  expect(found).toMatchObject({ keys: ['t'], traceA: ['a1'], traceB: ['b1'] });
  expect([found.trialsA[0], found.trialsB[0]]).toEqual([3, 3]);
  expect(found.valuesA[0]).toBeCloseTo(2 / 3, 6);
  expect(ITEM_CHANGES[found.change[0] ?? 0]).toBe('regressed');
});

test('runs over the same traces are paired by trace, whatever their tasks are called', () => {
  const run = (task: string, says: readonly boolean[], firstId: number) =>
    makeScores(
      [{ name: 'c' }],
      says.map((each, at) => ({ task: `${task} ${at}`, trace: `trace ${at}`, says: [each] })),
      firstId,
    );
  const found = comparedItems(run('x', [true, true], 1), run('y', [false, true, true], 10), NO_NAMES);
  expect(found.traceA).toEqual(['trace 0', 'trace 1', null]);
  expect(found.traceB).toEqual(['trace 0', 'trace 1', 'trace 2']);
  expect(found.keys).toEqual(['x 0', 'x 1', 'trace 2']);
});

test('an item passes when every criterion that both have and that applies passed it', () => {
  const criteria = [{ name: 'one' }, { name: 'two' }];
  const a = makeScores(criteria, [{ task: 't', says: [true, 'n/a'] }]);
  const b = makeScores([...criteria, { name: 'three' }], [{ task: 't', says: [true, true, false] }]);
  const found = comparedItems(a, b, NO_NAMES);
  expect(ITEM_CHANGES[found.change[0] ?? 0]).toBe('same');
  expect(found.criteria).toEqual(['one', 'two']);
});
