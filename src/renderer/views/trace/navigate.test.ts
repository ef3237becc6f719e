import { expect, test } from 'vitest';
import { stopsOf } from './navigate.ts';
import { makeColumns } from './model/testing/make-table.ts';

test('handoffs and beginnings of agents, in the order of the tree', () => {
  const columns = makeColumns(`
run 0 9
  a 0 4 agent @Planner
    think 0 1 generation @Planner
    pass 1 1 handoff @Planner
  b 4 9 agent @Writer
    back 8 8 handoff @Writer`);
  const { handoffs, agents } = stopsOf(columns);
  expect([...handoffs].map((row) => columns.ids[row])).toEqual(['pass', 'back']);
  expect([...agents].map((row) => columns.ids[row])).toEqual(['a', 'b']);
  expect(stopsOf(columns)).toBe(stopsOf(columns));
});
