import { expect, test } from 'vitest';
import { encodeRequest, loadOtlpFixtures, requestOf } from '../../../../test/support/otlp.ts';
import { detectOtlp } from './detect.ts';
import { otlpTraces } from './index.ts';

const FIXTURES = loadOtlpFixtures();
const HEAD = 64 * 1024;

test.each(FIXTURES.map(({ name }) => name))('%s is recognised', (name) => {
  const { bytes } = FIXTURES.find((fixture) => fixture.name === name)!;
  expect(detectOtlp(bytes.subarray(0, HEAD))).toBeGreaterThanOrEqual(0.95);
  expect(detectOtlp(bytes.subarray(0, Math.min(HEAD, bytes.length - 1)))).toBeGreaterThanOrEqual(0.9);
});

test('a head that ends inside the first span is recognised', () => {
  for (const { bytes, encoding } of FIXTURES) {
    if (encoding === 'protobuf') expect(detectOtlp(bytes.subarray(0, 2000))).toBeGreaterThan(0.2);
  }
});

test.each([
  '{"resourceSpans":[]}',
  ' \n[{"resource_spans" : []}]',
  '\uFEFF{"resourceSpans":[',
  '{"resource":{"attributes":[]},"scopeSpans":[{',
  '{"batches":[{"resource":{},"scopeSpans":[',
  '{"trace":{"resourceSpans":[{"scopeSpans":[',
  '{"version":1,"resourceSpans":[{',
])('%j is recognised', (text) => {
  expect(detectOtlp(Buffer.from(text))).toBeGreaterThan(0.7);
});

test.each([
  '',
  '{}',
  '[]',
  'resourceSpans',
  '{"data":[{"object":"trace"}]}',
  '{"body":"{\\"resourceSpans\\":[]}"}',
  '{"method":"POST","url":"/v1/traces","body":"{\\"resourceSpans\\":[{\\"scopeSpans\\":[]}]}"}',
  '{"note":"\\"resourceSpans\\": ["}',
  '{"resource":{"name":"x"}}',
  '{"resourceLogs":[{"scopeLogs":[]}]}',
  '{"resourceMetrics":[]}',
  '\n{"resource": 1}',
  '\n\nplain text with a first empty line',
  '\n\u0012some more bytes of a text file, long enough to be walked as if it were a message',
])('%j is not', (text) => {
  expect(detectOtlp(Buffer.from(text))).toBeLessThan(0.25);
});

test('logs and metrics in protobuf are not traces', () => {
  // LogRecord and Metric differ in their first fields: a fixed64 time, a name.
  const attributes = Buffer.from([0x0a, 0x0a, 0x0a, 0x01, 0x6b, 0x12, 0x05, 0x0a, 0x03, 0x61, 0x62, 0x63]);
  const resource = Buffer.concat([Buffer.from([0x0a, attributes.length]), attributes]);
  const record = Buffer.from([0x12, 0x09, 0x09, 1, 2, 3, 4, 5, 6, 7, 8]);
  const scoped = Buffer.concat([Buffer.from([0x12, record.length]), record]);
  const body = Buffer.concat([resource, scoped]);
  expect(detectOtlp(Buffer.concat([Buffer.from([0x0a, body.length]), body]))).toBe(0);
});

test('random bytes after a newline are not', () => {
  let seed = 7;
  for (let run = 0; run < 5000; run++) {
    const bytes = Uint8Array.from({ length: 200 }, () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16);
    bytes[0] = 0x0a;
    expect(detectOtlp(bytes)).toBeLessThan(0.5);
  }
});

test('the body decides when the declared type is absent or wrong', () => {
  const json = Buffer.from(JSON.stringify(requestOf([{}])));
  const binary = encodeRequest(requestOf([{}]));
  const count = (bytes: Uint8Array, contentType: string | null): number => {
    const result = otlpTraces.decode(bytes, { name: null, contentType, userAgent: null });
    return result.ok ? result.value.records.filter((record) => record.type === 'span').length : -1;
  };
  for (const type of [null, 'application/json', 'application/x-protobuf', 'text/plain'])
    expect(count(json, type)).toBe(1);
  for (const type of [null, 'application/x-protobuf', 'application/protobuf', 'application/octet-stream']) {
    expect(count(binary, type)).toBe(1);
  }
  const padded = Buffer.concat([Buffer.from('\n '), json]);
  expect(count(padded, null)).toBe(1);
  expect(count(binary, 'application/json')).toBe(-1);
});
