import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHUNK, safeCut, textChunks } from './text-chunks.ts';

test('chunks joined are the text, and none is big', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 0, max: 400 }), (unit, times) => {
      const text = unit.repeat(times);
      const chunks = textChunks(text, Infinity);
      expect(chunks.join('')).toBe(text);
      expect(Math.max(0, ...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(CHUNK);
    }),
    { numRuns: 60 },
  );
});

test('a surrogate pair is never parted', () => {
  const text = '😀'.repeat(CHUNK);
  for (const chunk of textChunks(text, Infinity)) expect(encodeURIComponent(chunk)).toMatch(/^(%F0%9F%98%80)+$/);
  expect(safeCut('😀', 1)).toBe(1);
  expect(safeCut('a😀', 2)).toBe(1);
});

test('work is bounded by what is shown', () => {
  expect(textChunks('x'.repeat(10_000_000), 100).join('')).toHaveLength(100);
});
