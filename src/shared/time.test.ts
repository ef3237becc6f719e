import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, isoToNs, nsToIso } from './time.ts';

test.each([
  ['2026-11-21T19:19:50.422Z', 1795288790422000000n],
  ['2026-11-21T19:22:21.761361+00:00', 1795288941761361000n],
  ['2026-11-21T19:22:21+00:00', 1795288941000000000n],
  ['2026-11-21T20:22:21.5+01:00', 1795288941500000000n],
  ['2026-11-21 19:22:21', 1795288941000000000n],
  ['2026-11-21T19:22:21.123456789Z', 1795288941123456789n],
])('%s is read exactly', (text, ns) => {
  expect(isoToNs(text)).toBe(ns);
});

test.each(['', 'yesterday', '2026-13-45T00:00:00Z', '12:00', '2026-11-21T19:22:21.1.2Z'])('%j is no time', (text) => {
  expect(isoToNs(text)).toBeNull();
});

test('writing and reading any nanosecond gives the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n }), (ns) => {
      expect(isoToNs(nsToIso(ns))).toBe(ns);
    }),
  );
});

test.each([
  [0, '0 ns'],
  [412_000, '412 µs'],
  [3_200_000, '3.2 ms'],
  [42e9, '42 s'],
  [200e9, '3 min 20 s'],
  [7_500e9, '2 h 5 min'],
])('%d ns is shown as %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

test('an unknown duration is a dash', () => {
  expect([formatDuration(null), formatDuration(Number.NaN)]).toEqual(['–', '–']);
});
