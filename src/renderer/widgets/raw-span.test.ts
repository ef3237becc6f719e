import { expect, test } from 'vitest';
import { spanInRaw } from './raw-span.ts';

test('the span is found by its id, in batches of several formats', () => {
  expect(spanInRaw('{"data":[{"object":"trace.span","id":"s1"},{"id":"s2","n":1}]}', 's2')).toBe(
    '{\n  "id": "s2",\n  "n": 1\n}',
  );
  const otlp = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"ab","parentSpanId":"s9"},{"spanId":"cd"}]}]}]}';
  expect(spanInRaw(otlp, 'cd')).toBe('{\n  "spanId": "cd"\n}');
  expect(spanInRaw('{"id":"s1"}\n{"id" : "s2", "empty": { }}\n', 's2')).toBe('{\n  "id": "s2",\n  "empty": {}\n}');
});

test('the whole span is given, not a part of it that repeats the id', () => {
  const run = '[{"extra":{"run_id":"s1"},"name":"x","id":"s1"},{"id":"s2"}]';
  expect(JSON.parse(spanInRaw(run, 's1')!)).toEqual({ extra: { run_id: 's1' }, name: 'x', id: 's1' });
  const otel = '{"name":"x","context":{"trace_id":"t","span_id":"s1"},"kind":1}';
  expect(JSON.parse(spanInRaw(otel, 's1')!)).toMatchObject({ name: 'x', kind: 1 });
});

test('every token is as received', () => {
  const text = '{"id":"s1","start":1795165200000000123,"cost":1.10,"text":"a\\u0041 , } \\" :"}';
  const shown = spanInRaw(text, 's1')!;
  expect(shown).toContain('"start": 1795165200000000123');
  expect(shown).toContain('"cost": 1.10');
  expect(shown).toContain('"text": "a\\u0041 , } \\" :"');
});

test('a mention of the id elsewhere is not the span', () => {
  expect(spanInRaw('{"data":[{"id":"s1","parent_id":"s2"}]}', 's2')).toBeNull();
  expect(spanInRaw('{"note":"\\"id\\":\\"s2\\"","x":"s2"}', 's2')).toBeNull();
  expect(spanInRaw('not json with s2', 's2')).toBeNull();
  expect(spanInRaw('{"id":"s1"}', 'absent')).toBeNull();
  expect(spanInRaw('{"id":""}', '')).toBeNull();
});

test('deep, broken and hostile bodies neither crash nor hang', () => {
  expect(spanInRaw(`${'['.repeat(200_000)}"s1"${']'.repeat(200_000)}`, 's1')).toBeNull();
  expect(spanInRaw(`{"id":"s1","deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 's1')).toContain('"id":"s1"');
  expect(spanInRaw('{"__proto__":{"id":"s1"}}', 's1')).toContain('s1');
  expect(spanInRaw('{"id":"s1"', 's1')).toBeNull();
  expect(spanInRaw('}]]}{"id":"s1', 's1')).toBeNull();
  const started = performance.now();
  spanInRaw(`{"id":"x"}${'"\\'.repeat(1_000_000)}{"id":"s1"}`, 's1');
  spanInRaw(`${'{"a":'.repeat(500_000)}"s1"`, 's1');
  expect(performance.now() - started).toBeLessThan(3000);
});
