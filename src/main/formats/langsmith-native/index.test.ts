import { expect, test } from 'vitest';
import { decodeBytes, decodeFixture, decodeJson } from '../../../../test/support/format-facts.ts';
import { langsmithNative } from './index.ts';

const ROOT = '01a1ff8f-399f-7000-8000-0340dac4e593';
const CHILD = '01a1ff8f-39a1-7000-8000-01b79d97ffde';
const ORDER = `20261121T192218911001Z${ROOT}.20261121T192218913002Z${CHILD}`;

type PartGiven = { readonly name: string; readonly type?: string; readonly body: unknown };

function multipart(...parts: PartGiven[]): Uint8Array {
  const chunks = parts.flatMap(({ name, type = 'application/json', body }) => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n`),
    body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...chunks, Buffer.from('--b--\r\n')]);
}

const post = {
  id: CHILD,
  trace_id: ROOT,
  dotted_order: ORDER,
  name: 'ask',
  run_type: 'llm',
  start_time: 1_795_288_938_913,
};

test('the recorded request: eight runs, three of them failed, each with what it read', () => {
  const { spans, issues } = decodeFixture(langsmithNative, 'multipart');
  expect(spans.length).toBe(8);
  expect(spans.filter((span) => span.status === 'error').length).toBe(3);
  expect(spans.every((span) => span.input.length > 0 && span.end !== null && span.part !== undefined)).toBe(true);
  expect(issues).toEqual([]);
});

test('both envelopes tell the same', () => {
  const parts = (name: string): unknown[] =>
    decodeFixture(langsmithNative, name).spans.map(({ kind, name: own, status, usage, input, output, agent, tool }) => [
      kind,
      own,
      status,
      usage,
      input,
      output,
      agent,
      tool,
    ]);
  expect(parts('batch')).toEqual(parts('multipart'));
});

test('an update that says little takes nothing back', () => {
  const { spans, traces } = decodeJson(langsmithNative, {
    patch: [{ id: CHILD, dotted_order: ORDER, run_type: 'chain', end_time: '2026-11-21T19:22:19.5' }],
  });
  expect(spans).toMatchObject([
    { traceId: ROOT, spanId: CHILD, parentId: ROOT, kind: 'custom', subtype: null, name: '', start: null, input: [] },
  ]);
  expect(spans[0]?.end).toBe(1_795_288_939_500_000_000n);
  expect(traces).toEqual([{ type: 'trace', traceId: ROOT }]);
});

test('a run whose place in its trace is not said names neither the trace nor its metadata', () => {
  const { traces } = decodeJson(langsmithNative, {
    post: [{ id: 'x', trace_id: ROOT, name: 'child', run_type: 'tool', extra: { metadata: { thread_id: 't', a: 1 } } }],
  });
  expect(traces).toEqual([{ type: 'trace', traceId: ROOT, sessionId: 't' }]);
});

test('fields that are broken, unknown or without a run are said; the rest of the run is there', () => {
  const { spans, issues } = decodeBytes(
    langsmithNative,
    multipart(
      { name: `post.${CHILD}`, body: post },
      { name: `post.${CHILD}.inputs`, body: '{"question": ' },
      { name: `post.${CHILD}.outputs`, body: { answer: 1 } },
      { name: `post.${CHILD}.later`, body: {} },
      { name: 'patch.other.outputs', body: {} },
      { name: 'attachment.nobody.photo', body: 'x', type: 'image/png' },
      { name: 'whatever', body: '1' },
    ),
  );
  expect(spans).toMatchObject([{ name: 'ask', kind: 'generation', input: [], output: [{ kind: 'json' }] }]);
  expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    'error invalid_item',
    'warning unmapped_field',
    'warning unmapped_field',
    'error invalid_item',
    'warning unmapped_field',
  ]);
});

test('attachments are shown with what the run read, large ones and those beside nothing are noted', () => {
  const image = Buffer.from([0x89, 0x50, 0x0d, 0x0a, 0x2d, 0x2d]);
  const { spans, issues } = decodeBytes(
    langsmithNative,
    multipart(
      { name: `post.${CHILD}`, body: post },
      { name: `post.${CHILD}.inputs`, body: { q: 1 } },
      { name: `attachment.${CHILD}.photo`, body: image, type: 'image/png; length=99' },
      { name: `attachment.${CHILD}.film`, body: Buffer.alloc(5_000_000), type: 'video/mp4' },
      { name: `patch.${ROOT}`, body: { id: ROOT, trace_id: ROOT, end_time: 1_795_288_939_913 } },
      { name: `attachment.${ROOT}.note`, body: 'hello', type: 'text/plain' },
    ),
  );
  expect(spans.find((span) => span.spanId === CHILD)?.input.at(-1)).toEqual({
    kind: 'message',
    role: 'user',
    name: 'photo',
    parts: [{ type: 'blob', modality: 'image', mimeType: 'image/png', content: image.toString('base64') }],
  });
  expect(spans.map((span) => (span.attributes['langsmith.attachments'] as unknown[]).length)).toEqual([2, 1]);
  expect(issues.map(({ code, spanId }) => [code, spanId])).toEqual([
    ['truncated_field', CHILD],
    ['truncated_field', ROOT],
  ]);
});

test('feedback is a score of its run, of the whole trace where that is its root', () => {
  const { scores, issues } = decodeBytes(
    langsmithNative,
    multipart(
      { name: 'feedback.f1', body: { run_id: CHILD, trace_id: ROOT, key: 'a', score: false, value: { x: 1 } } },
      { name: 'feedback.f2', body: { run_id: ROOT, trace_id: ROOT, key: 'b', score: 0.25, comment: 'so so' } },
      { name: 'feedback.f3', body: { key: 'c', score: 1, session_id: 'project' } },
    ),
  );
  expect(scores).toMatchObject([
    { traceId: ROOT, spanId: CHILD, name: 'a', value: 0, passed: false, label: '{"x":1}' },
    { traceId: ROOT, spanId: null, name: 'b', value: 0.25, explanation: 'so so' },
  ]);
  expect(issues.map(({ code }) => code)).toEqual(['unmapped_field']);
});

test('names of prototypes are data', () => {
  const { spans } = decodeBytes(
    langsmithNative,
    multipart(
      { name: 'post.__proto__', body: '{"id":"__proto__","run_type":"chain","__proto__":{"polluted":1}}' },
      { name: 'post.__proto__.extra', body: '{"metadata":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}' },
    ),
  );
  expect(spans.length).toBe(1);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a request of ten thousand runs, and bad parts without end, are read in good time', () => {
  const started = performance.now();
  const many = Array.from({ length: 10_000 }, (_, at) => [
    { name: `post.run-${at}`, body: { ...post, id: `run-${at}` } },
    { name: `post.run-${at}.inputs`, body: { q: at } },
  ]).flat();
  expect(decodeBytes(langsmithNative, multipart(...many)).spans.length).toBe(10_000);
  const bad = Array.from({ length: 50_000 }, (_, at) => ({ name: `nothing.${at}`, body: '' }));
  const { issues } = decodeBytes(
    langsmithNative,
    multipart({ name: `post.${ROOT}`, body: { ...post, id: ROOT } }, ...bad),
  );
  expect(issues.length).toBeLessThan(300);
  expect(issues.at(-1)?.message).toContain('49800 more');
  expect(performance.now() - started).toBeLessThan(10_000);
});
