import { expect, test } from 'vitest';
import type { RunItemFilter } from '#shared/eval.ts';
import { isFiltered, readFilter, writeFilter } from './item-filter.ts';

test.each<RunItemFilter>([
  {},
  { status: 'failed' },
  { criterion: 0, outcome: 'not_applicable' },
  { status: 'errored', criterion: 12, outcome: 'errored', text: 'a & b = c?' },
])('%o survives the place', (filter) => {
  expect(readFilter(writeFilter(filter))).toEqual(filter);
});

test('what makes no sense filters nothing', () => {
  expect(readFilter('status=great&criterion=x&outcome=failed')).toEqual({});
  expect(readFilter('criterion=1')).toEqual({});
  expect(isFiltered(readFilter('agent:Planner'))).toBe(false);
});
