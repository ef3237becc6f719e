import { expect, test } from 'vitest';
import { spanInRaw } from './raw-span.ts';

test('the span is found by its id, in batches of several formats', () => {
  expect(spanInRaw('{"data":[{"object":"trace.span","id":"s1"},{"id":"s2","n":1}]}', 's2')).toBe(
    '{\n  "id": "s2",\n  "n": 1\n}',
  );
  const otlp = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"ab","parentSpanId":"s9"},{"spanId":"cd"}]}]}]}';
  expect(spanInRaw(otlp, 'cd')).toBe('{\n  "spanId": "cd"\n}');
  expect(spanInRaw('{"id":"s1"}\n{"id":"s2"}\n', 's2')).toContain('s2');
});

test('a mention of the id elsewhere is not the span', () => {
  expect(spanInRaw('{"data":[{"id":"s1","parent_id":"s2"}]}', 's2')).toBeNull();
  expect(spanInRaw('not json with s2', 's2')).toBeNull();
  expect(spanInRaw('{"id":"s1"}', 'absent')).toBeNull();
  expect(spanInRaw('{"id":""}', '')).toBeNull();
});

test('deep and hostile bodies neither crash nor hang', () => {
  const deep = `${'['.repeat(200_000)}"s1"${']'.repeat(200_000)}`;
  expect(spanInRaw(deep, 's1')).toBeNull();
  expect(spanInRaw(`{"id":"s1","deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 's1')).toBeNull();
  expect(spanInRaw('{"__proto__":{"id":"s1"}}', 's1')).toContain('s1');
});
