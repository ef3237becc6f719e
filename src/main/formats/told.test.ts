import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partOf, type Stage, withoutGuess, withoutRootFacts } from './told.ts';
import { originOf, spanRecord } from './span-record.ts';

const base = { stage: 'update' as Stage, time: 1_795_288_870_220_000_000n, ended: false, key: 'k' };

test('creations stand before updates, and those in the order of their times', () => {
  const ranks = [
    partOf({ ...base, stage: 'create', time: null }),
    partOf({ ...base, stage: 'create' }),
    partOf({ ...base, time: null }),
    partOf(base),
    // In the same millisecond the end is last.
    partOf({ ...base, ended: true, key: 'a' }),
    partOf({ ...base, time: base.time + 1_000_000n }),
    partOf({ ...base, time: 10n ** 30n }),
  ].map((part) => part.rank);
  expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
  expect(new Set(ranks).size).toBe(ranks.length);
});

test('ranks are above those of whole spans and fit an integer column', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Stage>('create', 'update'),
      fc.option(fc.bigInt(-(10n ** 30n), 10n ** 30n)),
      fc.boolean(),
      fc.string(),
      (stage, time, ended, key) => {
        const part = partOf({ stage, time, ended, key });
        expect(Number.isSafeInteger(part.rank) && part.rank >= 60).toBe(true);
        expect(part).toEqual(partOf({ stage, time, ended, key }));
      },
    ),
  );
});

test('an update without a kind says none, and facts of the root stay with the root', () => {
  const span = spanRecord({
    traceId: 't',
    spanId: 's',
    kind: 'custom',
    subtype: 'internal',
    name: '',
    origin: originOf('x', null),
  });
  expect(withoutGuess({ ...span, part: partOf(base) }).subtype).toBeNull();
  expect(withoutGuess({ ...span, part: partOf({ ...base, stage: 'create' }) }).subtype).toBe('internal');
  expect(
    withoutRootFacts([
      span,
      { type: 'trace', traceId: 't', name: 'child', metadata: { a: 1 }, sessionId: 's', tags: ['x'] },
    ]),
  ).toEqual([span, { type: 'trace', traceId: 't', sessionId: 's', tags: ['x'] }]);
});
