import { expect, test } from 'vitest';
import type { Finding, Severity } from '#shared/detect.ts';
import { faultTitle, faultWords, gatherMarks } from './fault-mark.ts';

function finding(severity: Severity, spanId: string, reason = `${severity} at ${spanId}.`): Finding {
  return { detector: 'stall', severity, spanIds: [spanId, 'proof'], agent: null, reason, evidence: [] };
}

const places: Readonly<Record<string, readonly string[]>> = {
  a: ['node:A'],
  b: ['node:A', 'edge:AB', 'edge:AB'],
  c: [],
};
const placesOf = (spanId: string): readonly string[] => places[spanId] ?? [];

test('a place has the findings whose span at fault is there, the worst first', () => {
  const marks = gatherMarks([finding('high', 'b'), finding('medium', 'a'), finding('low', 'c')], placesOf);
  expect([...marks]).toEqual([
    ['node:A', { count: 2, severity: 'high', spanId: 'b', reasons: ['high at b.', 'medium at a.'] }],
    ['edge:AB', { count: 1, severity: 'high', spanId: 'b', reasons: ['high at b.'] }],
  ]);
  expect(gatherMarks([finding('high', 'proof elsewhere')], placesOf).size).toBe(0);
});

test('it is told in words, and many reasons are cut', () => {
  const marks = gatherMarks(
    Array.from({ length: 7 }, (_, k) => finding('low', 'a', `${k}`.repeat(1_000))),
    placesOf,
  );
  const mark = marks.get('node:A');
  expect(faultWords(mark)).toBe(' 7 findings of low severity: Shift+Enter goes to the worst.');
  expect(faultWords(null)).toBe('');
  expect(
    mark &&
      faultTitle(mark)
        .split('\n')
        .map((line) => line.length),
  ).toEqual([300, 300, 300, 300, 300, 10]);
});
