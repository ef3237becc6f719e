import { expect, test } from 'vitest';
import { parseQuery } from '#shared/query.ts';
import { dateOf, term, withDate, withTerm } from './query-terms.ts';

test('a value with spaces or quotes is read again as it was', () => {
  for (const value of ['Planner', 'Flight "desk"', 'a\\b c', '🛫 gate'])
    expect(parseQuery(term('agent', value)).terms).toEqual([{ type: 'field', field: 'agent', value, negated: false }]);
});

test('a term is added once', () => {
  expect(withTerm('', 'agent:A')).toBe('agent:A');
  expect(withTerm('agent:A', 'agent:A')).toBe('agent:A');
  expect(withTerm('agent:AB', 'agent:A')).toBe('agent:AB agent:A');
});

test('a date is set, changed and taken away', () => {
  const from = withDate('agent:A words', 'since', '2026-01-31');
  expect(from).toBe('agent:A words since:2026-01-31');
  expect(dateOf(from, 'since')).toBe('2026-01-31');
  expect(dateOf(from, 'until')).toBe('');
  expect(withDate(from, 'since', '2026-02-01')).toBe('agent:A words since:2026-02-01');
  expect(withDate(from, 'since', '')).toBe('agent:A words');
});
