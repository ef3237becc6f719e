import { expect, test } from 'vitest';
import { isFirstOfStay } from './stays.ts';
import { makeColumns } from './testing/make-table.ts';

test('an agent begins where neither what is around nor what was before it was the same one', () => {
  const columns = makeColumns(`
log 0 9
  m0 0 1 @Planner
  m1 1 2 @Planner
  note 2 2
  m2 2 3 @Planner
  m3 3 4 @Writer
    call 3 4 @Writer
  m4 4 5 @Planner`);
  expect(columns.ids.filter((_, row) => isFirstOfStay(columns)[row] === 1)).toEqual(['m0', 'm3', 'm4']);
});
