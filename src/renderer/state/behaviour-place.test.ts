import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chosenIn, placeOf, type Chosen } from './behaviour-place.ts';

test('what is chosen comes back from the place, whatever ids and searches are', () => {
  const id = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('all', 'by:verdict', 'run:x', 'trace:', 'query:a'));
  const split = fc.boolean();
  const search = fc.array(fc.string(), { minLength: 1, maxLength: 2 });
  const chosen: fc.Arbitrary<Chosen> = fc.oneof(
    fc.record({ kind: fc.constant('traces' as const), traceIds: fc.array(id, { minLength: 1 }), split }),
    fc
      .record({ kind: fc.constant('search' as const), queries: search, split })
      .map((one) => ({ ...one, split: one.split && one.queries.length === 1 })),
    fc
      .record({ kind: fc.constant('runs' as const), runIds: fc.array(id, { minLength: 1, maxLength: 2 }), split })
      .map((one) => ({ ...one, split: one.split && one.runIds.length === 1 })),
  );
  fc.assert(
    fc.property(chosen, (one) => {
      expect(chosenIn(placeOf(one))).toEqual(one);
    }),
  );
});

test('an empty place chooses nothing', () => {
  expect(chosenIn({ q: '', of: [] })).toBeNull();
  expect(placeOf(null)).toEqual({ q: '', of: [] });
});
