import { expect, test } from 'vitest';
import fc from 'fast-check';
import type { IssueRecord } from '#shared/record.ts';
import { loadOtlpFixture, loadOtlpFixtures, type Plain, requestOf } from '../../../../test/support/otlp.ts';
import { otlpTraces } from './index.ts';
import { decodeJson } from './json.ts';
import { MAX_ATTRIBUTES, MAX_DEPTH, type OtlpSpan, TOO_DEEP } from './span.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

type Outcome = { spans: OtlpSpan[]; issues: readonly IssueRecord[] };

function decodeText(text: string): Outcome {
  const spans: OtlpSpan[] = [];
  const result = decodeJson(Buffer.from(text), (span) => spans.push(span));
  if (!result.ok) throw new Error(result.error.message);
  return { spans, issues: result.value };
}

function decode(body: unknown): Outcome {
  return decodeText(JSON.stringify(body));
}

function decodeSpan(span: Plain): OtlpSpan {
  const { spans, issues } = decode(requestOf([span]));
  expect(issues).toEqual([]);
  return spans[0]!;
}

test.each([
  ['hex', TRACE, SPAN],
  ['upper-case hex', TRACE.toUpperCase(), SPAN.toUpperCase()],
  ['UUID', '0af76519-16cd-43dd-8448-eb211c80319c', SPAN],
  ['base64', Buffer.from(TRACE, 'hex').toString('base64'), Buffer.from(SPAN, 'hex').toString('base64')],
  ['base64url', Buffer.from(TRACE, 'hex').toString('base64url'), Buffer.from(SPAN, 'hex').toString('base64url')],
])('ids in %s', (_form, traceId, spanId) => {
  const parentSpanId = spanId;
  expect(decodeSpan({ traceId, spanId, parentSpanId })).toMatchObject({ traceId: TRACE, spanId: SPAN, parentId: SPAN });
});

test.each([undefined, null, '', '0000000000000000', 'AAAAAAAAAAA='])('the parent id %j is a root', (parentSpanId) => {
  expect(decodeSpan({ parentSpanId }).parentId).toBeNull();
});

test.each([
  { traceId: undefined },
  { traceId: null },
  { traceId: 'abc' },
  { traceId: '0'.repeat(32) },
  { traceId: 'zz'.repeat(16) },
  { traceId: 7 },
  { spanId: SPAN + SPAN },
  { spanId: {} },
  { spanId: 'x'.repeat(1000) },
])('a span with the ids %j is quarantined with its text', (ids) => {
  const { spans, issues } = decode(requestOf([{ ...ids, name: 'bad' }, { name: 'good' }]));
  expect(spans.map((span) => span.name)).toEqual(['good']);
  expect(issues).toMatchObject([{ severity: 'error', code: 'invalid_item' }]);
  expect(issues[0]!.detail).toContain('"name":"bad"');
});

test('an invalid parent id makes a root and a warning', () => {
  const { spans, issues } = decode(requestOf([{ parentSpanId: 'nonsense' }]));
  expect(spans[0]!.parentId).toBeNull();
  expect(issues).toMatchObject([{ severity: 'warning', code: 'invalid_item', spanId: SPAN }]);
});

test('nanoseconds are exact as text and as numbers', () => {
  const body = JSON.stringify(requestOf([{ attributes: { trap: '"startTimeUnixNano":1795288740039080943' } }]));
  const numbers = body
    .replace('"startTimeUnixNano":"1700000000000000000"', '"startTimeUnixNano" : 1795288740039080941')
    .replace('"endTimeUnixNano":"1700000000000000500"', '"endTimeUnixNano":1795288740039080943');
  expect(numbers).not.toContain('"1700000000000000');
  const [span] = decodeText(numbers).spans;
  expect([span!.start, span!.end]).toEqual([1795288740039080941n, 1795288740039080943n]);
  expect(span!.attributes.trap).toBe('"startTimeUnixNano":1795288740039080943');
  const snake = decodeText(numbers.replace('startTimeUnixNano', 'start_time_unix_nano')).spans[0];
  expect(snake!.start).toBe(1795288740039080941n);
});

test.each([
  ['2026-11-21T19:19:00.039080941Z', 1795288740039080941n],
  [0, null],
  ['0', null],
  ['', null],
  [null, null],
  [1.7e18, 1700000000000000000n],
])('the time %j is %s', (endTimeUnixNano, expected) => {
  expect(decodeSpan({ endTimeUnixNano }).end).toBe(expected);
});

test.each(['yesterday', -5, '99999999999999999999', true, {}, '9223372036854775808'])(
  'the time %j is an issue',
  (startTimeUnixNano) => {
    const { spans, issues } = decode(requestOf([{ startTimeUnixNano }]));
    expect(spans[0]!.start).toBeNull();
    expect(issues).toMatchObject([{ severity: 'warning', code: 'invalid_time', spanId: SPAN }]);
  },
);

test.each([
  [{ stringValue: 'x' }, 'x'],
  [{ string_value: 'x' }, 'x'],
  [{ intValue: 5 }, 5],
  [{ intValue: '5' }, 5],
  [{ intValue: '-9223372036854775808' }, '-9223372036854775808'],
  [{ int_value: '9007199254740993' }, '9007199254740993'],
  [{ intValue: null }, null],
  [{ doubleValue: 1.5 }, 1.5],
  [{ doubleValue: null }, null],
  [{ doubleValue: 'NaN' }, 'NaN'],
  [{ doubleValue: '2.5' }, 2.5],
  [{ boolValue: false }, false],
  [{ boolValue: 'true' }, true],
  [{ bytesValue: 'AP8Q' }, { bytesValue: 'AP8Q' }],
  [{ arrayValue: { values: [{ stringValue: 'a' }, {}, { intValue: '2' }] } }, ['a', null, 2]],
  [{ arrayValue: {} }, []],
  [{ array_value: { values: null } }, []],
  [{ kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }, { key: 'b' }] } }, { a: 1, b: null }],
  [{}, null],
  [null, null],
  [undefined, null],
  ['plain', 'plain'],
  [7, 7],
  [['a'], ['a']],
  [{ own: 'object' }, { own: 'object' }],
])('the value %j is %j', (value, expected) => {
  expect(decodeSpan({ attributes: [{ key: 'k', value }] }).attributes).toEqual({ k: expected });
});

test('a 64-bit integer written as a number keeps its digits', () => {
  const body = JSON.stringify(requestOf([{ attributes: [{ key: 'k', value: { intValue: 'N' } }] }]));
  const [span] = decodeText(body.replace('"N"', '9223372036854775807')).spans;
  expect(span!.attributes.k).toBe('9223372036854775807');
});

test('attributes as a plain map, and entries that are none', () => {
  const map = JSON.parse('{"a":1,"b":{"c":[true]},"__proto__":{"polluted":"yes"}}') as Plain;
  const body = requestOf([{}]) as { resourceSpans: { scopeSpans: { spans: Plain[] }[] }[] };
  body.resourceSpans[0]!.scopeSpans[0]!.spans[0] = {
    ...body.resourceSpans[0]!.scopeSpans[0]!.spans[0],
    attributes: map,
  };
  const [span] = decode(body).spans;
  expect(Object.keys(span!.attributes)).toEqual(['a', 'b', '__proto__']);
  expect(({} as Plain).polluted).toBeUndefined();
  const odd = [null, 'text', 5, { value: { stringValue: 'no key' } }, { key: 5, value: { stringValue: 'five' } }];
  const { spans, issues } = decode(requestOf([{ attributes: odd, events: [7], links: [null] }]));
  expect(spans).toMatchObject([{ attributes: { '5': 'five' }, events: [], links: [] }]);
  expect(issues).toMatchObject([{ severity: 'warning', code: 'invalid_item', spanId: SPAN }]);
});

test('__proto__ keys are data', () => {
  const attributes = [{ key: '__proto__', value: { stringValue: 'x' } }];
  const span = decodeSpan({ attributes });
  expect(Object.entries(span.attributes)).toEqual([['__proto__', 'x']]);
});

test.each([
  ['SPAN_KIND_CLIENT', 'STATUS_CODE_ERROR', 3, 2],
  ['server', 'Ok', 2, 1],
  [4, 1, 4, 1],
  ['5', '2', 5, 2],
  ['SPAN_KIND_NEW', null, 0, 0],
  [undefined, undefined, 0, 0],
])('kind %j and code %j', (kind, code, otelKind, statusCode) => {
  expect(decodeSpan({ kind, status: { code } })).toMatchObject({ otelKind, statusCode });
});

test('snake_case throughout', () => {
  const body = {
    resource_spans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { string_value: 'snake' } }] },
        scope_spans: [
          {
            scope: { name: 'lib' },
            schema_url: 'https://example.test/1',
            spans: [
              {
                trace_id: TRACE,
                span_id: SPAN,
                parent_span_id: 'ffffffffffffffff',
                trace_state: 'a=b',
                name: 'n',
                start_time_unix_nano: '5',
                end_time_unix_nano: '9',
                dropped_attributes_count: 2,
                events: [{ time_unix_nano: '6', name: 'e' }],
                links: [{ trace_id: TRACE, span_id: SPAN }],
              },
            ],
          },
        ],
      },
    ],
  };
  expect(decode(body).spans).toMatchObject([
    {
      traceId: TRACE,
      parentId: 'ffffffffffffffff',
      traceState: 'a=b',
      start: 5n,
      end: 9n,
      dropped: { attributes: 2, events: 0, links: 0 },
      events: [{ time: 6n, name: 'e' }],
      links: [{ traceId: TRACE, spanId: SPAN }],
      scope: {
        name: 'lib',
        schemaUrl: 'https://example.test/1',
        resource: { attributes: { 'service.name': 'snake' } },
      },
    },
  ]);
});

const REQUEST = requestOf([{ name: 'one' }]) as { resourceSpans: Plain[] };

test.each([
  ['a request', REQUEST],
  ['one ResourceSpans', REQUEST.resourceSpans[0]],
  ['a list of ResourceSpans', REQUEST.resourceSpans],
  ['a list of requests', [REQUEST]],
  ['batches', { batches: REQUEST.resourceSpans }],
  ['a trace in an envelope', { trace: REQUEST }],
  ['the old name of scopes', { resourceSpans: [{ instrumentationLibrarySpans: scopeSpansOf(REQUEST) }] }],
])('%s holds one span', (_what, body) => {
  expect(decode(body).spans.map((span) => span.name)).toEqual(['one']);
});

function scopeSpansOf(request: { resourceSpans: Plain[] }): unknown {
  return request.resourceSpans[0]!.scopeSpans;
}

test('JSONL of requests; bad lines are issues', () => {
  const line = JSON.stringify(REQUEST);
  const text = `${line}\n\n${line.replace('one', 'two')}\r\n{"resourceSpans":[{"cut\n{"other":1}\n"text"\n`;
  const { spans, issues } = decodeText(text);
  expect(spans.map((span) => span.name)).toEqual(['one', 'two']);
  expect(issues.map((issue) => [issue.code, issue.detail])).toEqual([
    ['invalid_item', '{"resourceSpans":[{"cut'],
    ['invalid_item', '"text"'],
    ['invalid_item', '{"other":1}'],
  ]);
});

test.each([
  '',
  ' ',
  'nonsense',
  '{"resourceSpans":[{',
  '"text"',
  '7',
  '[1]',
  '{"data":[]}',
  '{"resourceSpans":5}',
  `{\n "resourceSpans": [\n {`,
])('%j is a bad request', (text) => {
  expect(decodeJson(Buffer.from(text), () => undefined)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
});

test.each(['{}', '{"resourceSpans":[]}', '{"resourceSpans":null}', '[]', '\uFEFF{}'])('%j is empty', (text) => {
  expect(decodeText(text)).toEqual({ spans: [], issues: [] });
});

test('entries that are no objects are quarantined where they stand', () => {
  const body = { resourceSpans: [5, { scopeSpans: [null, { spans: ['x', { traceId: TRACE, spanId: SPAN }] }] }] };
  const { spans, issues } = decode(body);
  expect(spans.length).toBe(1);
  expect(issues.map((issue) => issue.detail)).toEqual(['5', 'null', '"x"']);
});

test('values nested past the limit are cut and noted', () => {
  const nest = (levels: number): string =>
    `${'{"arrayValue":{"values":['.repeat(levels)}{"stringValue":"core"}${']}}'.repeat(levels)}`;
  const request = (levels: number): string =>
    JSON.stringify(requestOf([{ attributes: [{ key: 'k', value: 'HERE' }] }])).replace('"HERE"', nest(levels));
  expect(decodeText(request(MAX_DEPTH)).issues).toEqual([]);
  const cut = decodeText(request(MAX_DEPTH + 1));
  expect(cut.issues).toMatchObject([{ code: 'too_deep', spanId: SPAN }]);
  expect(JSON.stringify(cut.spans[0]!.attributes)).toContain(TOO_DEEP);
  expect(decodeText(request(200_000)).issues).toMatchObject([{ code: 'too_deep' }]);
  const plain = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
  const map = JSON.stringify(requestOf([{ attributes: [{ key: 'k', value: 'HERE' }] }])).replace('"HERE"', plain);
  expect(decodeText(map).issues).toMatchObject([{ code: 'too_deep' }]);
});

test('of a million attributes the first ten thousand are read, and the rest is told', () => {
  const attributes = Array.from({ length: 1_000_000 }, (_, at) => ({ key: `k${at}`, value: { intValue: '1' } }));
  const { spans, issues } = decode(requestOf([{ attributes }, { spanId: 'eee19b7ec3c1b175' }]));
  expect(Object.keys(spans[0]!.attributes).length).toBe(MAX_ATTRIBUTES);
  expect(issues).toMatchObject([{ code: 'truncated_field', spanId: SPAN }]);
  expect(issues[0]!.message).toContain('1,000,000');
  expect(spans[1]!.attributes).not.toHaveProperty('k0');
});

test('the ledger keeps 64 KiB of an item', () => {
  for (const filler of ['x', 'é', '漢', '🚀']) {
    const { issues } = decode(requestOf([{ traceId: 'bad', name: filler.repeat(70_000) }]));
    const { length } = Buffer.from(issues[0]!.detail!);
    expect(length).toBeLessThanOrEqual(65_536);
    expect(length).toBeGreaterThan(65_000);
  }
});

test('an item nested deeper than the stack is quarantined all the same', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const { issues } = decodeText(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x","extra":${deep}}]}]}]}`);
  expect(issues).toMatchObject([{ code: 'invalid_item', detail: 'The item is nested too deep to show.' }]);
});

test.each(['otel-sdk-json', 'claude-code-error', 'langfuse5'])('%s cut at every length never throws', (name) => {
  const { bytes } = loadOtlpFixture(name);
  for (let length = 0; length < bytes.length; length++) {
    const result = otlpTraces.decode(bytes.subarray(0, length), {
      name: null,
      contentType: 'application/json',
      userAgent: null,
    });
    if (length > 0) expect(result.ok).toBe(false);
  }
});

test('changed JSON values never throw', () => {
  const bodies = loadOtlpFixtures()
    .filter(({ encoding, bytes }) => encoding === 'json' && bytes.length < 40_000)
    .map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
  expect(bodies.length).toBeGreaterThan(3);
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.nat(), fc.jsonValue(), (body, seed, replacement) => {
      let at = 0;
      const wanted = seed % 400;
      const changed = JSON.stringify(JSON.parse(body), (_key, value: unknown) =>
        at++ === wanted ? replacement : value,
      );
      const result = otlpTraces.decode(Buffer.from(changed ?? ''), { name: null, contentType: null, userAgent: null });
      if (!result.ok) expect(result.error.code).toBe('bad_request');
    }),
    { numRuns: 1500 },
  );
});
