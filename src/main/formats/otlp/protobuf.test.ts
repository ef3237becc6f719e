import { expect, test } from 'vitest';
import fc from 'fast-check';
import type { IssueRecord } from '#shared/record.ts';
import {
  anyValue,
  attributesOf,
  encodeRequest,
  loadOtlpFixture,
  type Plain,
  requestOf,
} from '../../../../test/support/otlp.ts';
import { otlpTraces } from './index.ts';
import { decodeProtobuf } from './protobuf.ts';
import { MAX_ATTRIBUTES, MAX_DEPTH, type OtlpSpan, TOO_DEEP } from './span.ts';

const CONTEXT = { name: null, contentType: 'application/x-protobuf', userAgent: null };

function decode(bytes: Uint8Array): { spans: OtlpSpan[]; issues: readonly IssueRecord[] } {
  const spans: OtlpSpan[] = [];
  const result = decodeProtobuf(bytes, (span) => spans.push(span));
  if (!result.ok) throw new Error(result.error.message);
  return { spans, issues: result.value };
}

function decodeSpan(span: Plain): OtlpSpan {
  return decode(encodeRequest(requestOf([span]))).spans[0]!;
}

test('integers keep all their digits', () => {
  const given = {
    zero: 0n,
    one: 1n,
    minusOne: -1n,
    small: 300n,
    port: 65_535n,
    large: 2n ** 53n - 1n,
    negative: -(2n ** 53n) + 1n,
    tooLarge: 2n ** 53n,
    most: 2n ** 63n - 1n,
    least: -(2n ** 63n),
    eightBytes: 2n ** 49n + 5n,
  };
  expect(decodeSpan({ attributes: given }).attributes).toEqual({
    zero: 0,
    one: 1,
    minusOne: -1,
    small: 300,
    port: 65_535,
    large: 9007199254740991,
    negative: -9007199254740991,
    tooLarge: '9007199254740992',
    most: '9223372036854775807',
    least: '-9223372036854775808',
    eightBytes: 562949953421317,
  });
});

test('any int64 survives', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      expect(BigInt(decodeSpan({ attributes: { value } }).attributes.value as number | string)).toBe(value);
    }),
  );
});

test('times keep their nanoseconds; no time is null; past 2262 is an issue', () => {
  const span = decodeSpan({ startTimeUnixNano: '1795288740039080941', endTimeUnixNano: '0' });
  expect([span.start, span.end]).toEqual([1795288740039080941n, null]);
  const late = decode(encodeRequest(requestOf([{ endTimeUnixNano: '18446744073709551615' }])));
  expect(late.spans[0]!.end).toBeNull();
  expect(late.issues).toMatchObject([{ code: 'invalid_time', severity: 'warning', spanId: 'b7ad6b7169203331' }]);
});

test('values of every type, names that are dangerous, texts of every length', () => {
  const texts = ['', 'a', 'ü', '🚀', 'x'.repeat(48), 'x'.repeat(49), 'é'.repeat(40), 'NUL\u0000inside'];
  const attributes = [
    ...attributesOf({ bool: false, double: 0.1, list: ['a', 1, true, null], map: { a: { b: [1.5] } }, texts }),
    { key: 'bytes', value: { bytesValue: Buffer.from([0, 255, 16]) } },
    { key: 'nan', value: { doubleValue: NaN } },
    { key: 'infinite', value: { doubleValue: -Infinity } },
    { key: 'nothing', value: {} },
    { key: 'missing' },
    { key: '__proto__', value: anyValue({ polluted: 'yes' }) },
    { key: 'constructor', value: anyValue('text') },
  ];
  const span = decodeSpan({ attributes });
  expect(Object.fromEntries(Object.entries(span.attributes))).toEqual(
    Object.fromEntries([
      ['bool', false],
      ['double', 0.1],
      ['list', ['a', 1, true, null]],
      ['map', { a: { b: [1.5] } }],
      ['texts', texts],
      ['bytes', { bytesValue: 'AP8Q' }],
      ['nan', 'NaN'],
      ['infinite', '-Infinity'],
      ['nothing', null],
      ['missing', null],
      ['__proto__', { polluted: 'yes' }],
      ['constructor', 'text'],
    ]),
  );
  expect(Object.hasOwn(span.attributes, '__proto__')).toBe(true);
  expect(Object.getPrototypeOf(span.attributes)).toBe(Object.prototype);
  expect(({} as Plain).polluted).toBeUndefined();
});

test('status, kind, flags, trace state, dropped counts, events and links', () => {
  const span = decodeSpan({
    kind: 5,
    flags: 257,
    traceState: 'a=1',
    status: { code: 2, message: 'boom' },
    droppedAttributesCount: 3,
    droppedEventsCount: 4,
    droppedLinksCount: 5,
    events: [{ timeUnixNano: '7', name: 'e', attributes: attributesOf({ a: 1 }) }, { name: 'timeless' }],
    links: [{ traceId: '11'.repeat(16), spanId: '22'.repeat(8), attributes: attributesOf({ b: 'c' }) }],
  });
  expect(span).toMatchObject({
    otelKind: 5,
    flags: 257,
    traceState: 'a=1',
    statusCode: 2,
    statusMessage: 'boom',
    dropped: { attributes: 3, events: 4, links: 5 },
    events: [
      { time: 7n, name: 'e', attributes: { a: 1 } },
      { time: null, name: 'timeless', attributes: {} },
    ],
    links: [{ traceId: '11'.repeat(16), spanId: '22'.repeat(8), attributes: { b: 'c' } }],
  });
});

test.each([
  ['', null],
  ['0000000000000000', null],
  ['00f067aa0ba902b7', '00f067aa0ba902b7'],
])('the parent id "%s" is %s', (parentSpanId, expected) => {
  expect(decodeSpan({ parentSpanId }).parentId).toBe(expected);
});

test('a parent id of another length makes a root and a warning', () => {
  const { spans, issues } = decode(encodeRequest(requestOf([{ parentSpanId: 'abcd' }])));
  expect(spans[0]!.parentId).toBeNull();
  expect(issues).toMatchObject([{ code: 'invalid_item', severity: 'warning' }]);
});

test.each([
  { traceId: '' },
  { spanId: '' },
  { traceId: '0'.repeat(32) },
  { spanId: '0'.repeat(16) },
  { traceId: 'abcd' },
  { spanId: '0af7651916cd43dd8448eb211c80319c' },
])('a span with the ids %j is quarantined, its neighbours are taken', (ids) => {
  const { spans, issues } = decode(
    encodeRequest(requestOf([{ name: 'good' }, { ...ids, name: 'bad', attributes: { why: 'keep me' } }])),
  );
  expect(spans.map((span) => span.name)).toEqual(['good']);
  expect(issues).toMatchObject([{ code: 'invalid_item', severity: 'error' }]);
  expect(issues[0]!.message).toContain('"bad"');
  expect(issues[0]!.detail).toContain('"why":"keep me"');
});

test('values nested past the limit are cut and noted', () => {
  const fits = decode(nestedRequest(MAX_DEPTH));
  expect(fits.issues).toEqual([]);
  expect(JSON.stringify(fits.spans[0]!.attributes)).toBe(
    `{"k":${'['.repeat(MAX_DEPTH)}"core"${']'.repeat(MAX_DEPTH)}}`,
  );
  const cut = decode(nestedRequest(MAX_DEPTH + 1));
  expect(cut.issues).toMatchObject([{ code: 'too_deep', spanId: '0101010101010101' }]);
  expect(JSON.stringify(cut.spans[0]!.attributes)).toContain(`[${JSON.stringify(TOO_DEEP)}]`);
  expect(JSON.stringify(cut.spans[0]!.attributes)).not.toContain('core');
});

test('of many attributes the first ten thousand are read, and the rest is told', () => {
  const attributes = Object.fromEntries(Array.from({ length: MAX_ATTRIBUTES + 5 }, (_, at) => [`k${at}`, at]));
  const { spans, issues } = decode(encodeRequest(requestOf([{ attributes }, { name: 'next' }])));
  expect(spans.map((span) => span.name)).toContain('next');
  expect(Object.keys(spans[0]!.attributes)).toEqual(Object.keys(attributes).slice(0, MAX_ATTRIBUTES));
  expect(issues).toMatchObject([{ code: 'truncated_field' }]);
  expect(issues[0]!.message).toContain('10,005');
});

test('a nest of five thousand levels costs no stack', () => {
  expect(decode(nestedRequest(5000)).issues).toMatchObject([{ code: 'too_deep' }]);
});

/** A span with the attribute k = a list in a list in a list… around "core". */
function nestedRequest(levels: number): Buffer {
  let value = wrap(0x0a, Buffer.from('core'));
  for (let level = 0; level < levels; level++) value = wrap(0x2a, wrap(0x0a, value));
  const attribute = wrap(0x4a, Buffer.concat([wrap(0x0a, Buffer.from('k')), wrap(0x12, value)]));
  const ids = Buffer.concat([wrap(0x0a, Buffer.alloc(16, 1)), wrap(0x12, Buffer.alloc(8, 1))]);
  return wrap(0x0a, wrap(0x12, wrap(0x12, Buffer.concat([ids, attribute]))));
}

function wrap(tag: number, content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}

test('fields in any order, unknown fields and fields of another wire type are fine', () => {
  const key = wrap(0x0a, Buffer.from('k'));
  const value = wrap(0x12, wrap(0x0a, Buffer.from('v')));
  const unknown = Buffer.from([0xa0, 0x06, 0x05, 0xa9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xad, 0x06, 1, 2, 3, 4]);
  // The name (field 5) as a number is not the name.
  const span = Buffer.concat([
    wrap(0x4a, Buffer.concat([value, key])),
    unknown,
    Buffer.from([0x28, 0x07]),
    wrap(0x12, Buffer.alloc(8, 2)),
    wrap(0x0a, Buffer.alloc(16, 1)),
  ]);
  const scope = wrap(0x0a, wrap(0x0a, Buffer.from('late')));
  const resource = wrap(0x0a, wrap(0x0a, Buffer.concat([value, key])));
  const { spans } = decode(wrap(0x0a, Buffer.concat([wrap(0x12, Buffer.concat([wrap(0x12, span), scope])), resource])));
  expect(spans).toMatchObject([
    { name: '', attributes: { k: 'v' }, scope: { name: 'late', resource: { attributes: { k: 'v' } } } },
  ]);
});

test.each([
  ['a group', [0x0b]],
  ['wire type 6', [0x0e]],
  ['wire type 7', [0x0f]],
  ['field number 0', [0x02, 0x00]],
  ['a varint without end', new Array<number>(11).fill(0xff)],
  ['a length past the end', [0x0a, 0x7f, 0x00]],
  ['a length of four gigabytes', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ['a field past its message', [0x0a, 0x02, 0x12, 0x05, 1, 2, 3, 4, 5]],
  ['text', [...Buffer.from('hello world')]],
])('%s is a bad request', (_what, bytes) => {
  expect(decodeProtobuf(Uint8Array.from(bytes), () => undefined)).toMatchObject({
    ok: false,
    error: { code: 'bad_request' },
  });
});

test('an empty request is fine', () => {
  expect(otlpTraces.decode(new Uint8Array(), CONTEXT)).toEqual({ ok: true, value: { records: [] } });
});

test('a body in the middle of a larger buffer is read from its own bytes', () => {
  const bytes = encodeRequest(requestOf([{ name: 'inner' }]));
  const larger = new Uint8Array(bytes.length + 20).fill(0xff);
  larger.set(bytes, 10);
  expect(decode(larger.subarray(10, 10 + bytes.length)).spans[0]!.name).toBe('inner');
});

test.each(['otel-sdk-protobuf', 'traceloop'])('%s cut at every length is a bad request or fewer spans', (name) => {
  const { bytes } = loadOtlpFixture(name);
  let failures = 0;
  for (let length = 0; length < bytes.length; length++) {
    const result = otlpTraces.decode(bytes.subarray(0, length), CONTEXT);
    if (!result.ok) {
      expect(result.error.code).toBe('bad_request');
      failures++;
    }
  }
  // One ResourceSpans fills the body: only the empty cut is a whole request.
  expect(failures).toBe(bytes.length - 1);
});

test('changed bytes never throw', () => {
  const bodies = ['otel-sdk-protobuf', 'openinference-openai', 'traceloop'].map((name) => loadOtlpFixture(name).bytes);
  const change = fc.record({ at: fc.double({ min: 0, max: 0.999999, noNaN: true }), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.constantFrom(...bodies), fc.array(change, { minLength: 1, maxLength: 8 }), (body, changes) => {
      const bytes = Uint8Array.from(body);
      for (const { at, byte } of changes) bytes[Math.floor(at * bytes.length)] = byte;
      const result = otlpTraces.decode(bytes, CONTEXT);
      if (result.ok) for (const record of result.value.records) expect(record.type).toBeTypeOf('string');
      else expect(result.error.code).toBe('bad_request');
    }),
    { numRuns: 1500 },
  );
});

test('random bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(typeof otlpTraces.decode(bytes, { name: null, contentType: null, userAgent: null }).ok).toBe('boolean');
    }),
    { numRuns: 2000 },
  );
});
