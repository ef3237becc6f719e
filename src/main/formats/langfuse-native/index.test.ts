import { expect, test } from 'vitest';
import { agentsOf, decodeFixture, decodeJson } from '../../../../test/support/format-facts.ts';
import { langfuseNative } from './index.ts';

function event(type: string, body: unknown, at = 0): object {
  return { id: `e${at}`, type, timestamp: `2026-11-21T19:21:1${at}.000Z`, body };
}

function decodeEvents(...batch: unknown[]): ReturnType<typeof decodeJson> {
  return decodeJson(langfuseNative, { batch, metadata: { sdk_name: 'langfuse-js', sdk_version: '3.39.2' } });
}

test('the recorded batch: five observations in nine parts, one failed, one score', () => {
  const { spans, traces, scores, issues } = decodeFixture(langfuseNative, 'scrambled');
  expect(new Set(spans.map((span) => span.spanId)).size).toBe(5);
  expect(spans.length).toBe(9);
  expect(spans.filter((span) => span.status === 'error')).toMatchObject([
    { error: { message: 'order store offline' }, name: '', start: null },
  ]);
  // The trace is named by itself, not by its first observation.
  expect(traces.flatMap((trace) => trace.name ?? [])).toEqual(['trip-run']);
  expect(scores).toMatchObject([{ name: 'helpfulness', value: 0.4, explanation: 'meh', spanId: null }]);
  expect(issues).toEqual([]);
});

test('updates are ordered by their times, whatever stands first, and follow the creation', () => {
  const { spans } = decodeFixture(langfuseNative, 'updates');
  const generation = spans.filter((span) => span.spanId === 'g');
  const inOrder = [...generation].sort((a, b) => (a.part?.rank ?? 0) - (b.part?.rank ?? 0));
  expect(inOrder.map((span) => [span.name, span.usage?.output ?? null])).toEqual([
    ['answer', null],
    ['', 2],
    ['', 5],
  ]);
  expect(inOrder[2]?.cost).toBe(0.002);
  expect(agentsOf(spans)).toEqual(['Forecaster']);
});

test('every kind of observation that newer SDKs send', () => {
  const kinds = ['agent', 'tool', 'chain', 'retriever', 'evaluator', 'embedding', 'guardrail', 'generation', 'event'];
  const { spans } = decodeEvents(
    ...kinds.map((kind, at) =>
      event(`${kind}-create`, { id: kind, traceId: 't', name: kind, startTime: '2026-11-21T19:21:10Z' }, at),
    ),
    event('observation-create', { id: 'o', type: 'GENERATION', traceId: 't', startTime: '2026-11-21T19:21:10Z' }, 9),
  );
  expect(spans.map((span) => span.kind)).toEqual([
    'agent',
    'tool',
    'chain',
    'retrieval',
    'evaluator',
    'generation',
    'guardrail',
    'generation',
    'custom',
    'generation',
  ]);
  // What began and was not updated runs; an event is a point in time.
  expect(spans.map((span) => span.status)).toEqual([...Array<string>(8).fill('running'), 'unset', 'running']);
});

test('what cannot be taken is an issue and an error of its event; the rest is taken', () => {
  const result = langfuseNative.decode(
    new TextEncoder().encode(
      JSON.stringify({
        batch: [
          event('span-create', { id: 'a', traceId: 't' }, 1),
          event('span-create', { id: 'a' }, 2),
          event('trace-create', {}, 3),
          event('score-create', { name: 'session score', sessionId: 's' }, 4),
          event('sdk-log', { log: 'x' }, 5),
          event('span-create', null, 6),
          7,
        ],
      }),
    ),
    { name: null, contentType: 'application/json', userAgent: null },
  );
  expect(result.ok && result.value.reply).toMatchObject({
    status: 207,
    body: {
      successes: [{ id: 'e1' }, { id: 'e4' }, { id: 'e5' }],
      errors: [
        { id: 'e2', status: 400 },
        { id: 'e3', status: 400 },
        { id: 'e6', status: 400 },
      ],
    },
  });
  const issues = result.ok ? result.value.records.filter((record) => record.type === 'issue') : [];
  expect(issues.map(({ severity }) => severity)).toEqual(['error', 'error', 'warning', 'info', 'error', 'error']);
});

test('names of prototypes are data, and a long batch ends soon', () => {
  const started = performance.now();
  const many = Array.from({ length: 20_000 }, (_, at) =>
    event('span-create', { id: `s${at}`, traceId: 't', name: 'x' }, at),
  );
  expect(decodeEvents(...many).spans.length).toBe(20_000);
  expect(performance.now() - started).toBeLessThan(10_000);
  decodeJson(
    langfuseNative,
    '{"batch":[{"id":"e","type":"trace-create","timestamp":"","body":{"id":"__proto__","metadata":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}}]}',
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
