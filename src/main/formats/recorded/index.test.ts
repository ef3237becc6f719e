import { expect, test } from 'vitest';
import { recorded } from './index.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function unpack(...lines: unknown[]): unknown[] {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return [...recorded.unpack(encode(text))].map((result) =>
    result.ok ? { ...result.value, bytes: new TextDecoder().decode(result.value.bytes) } : result.error,
  );
}

test('a request keeps its path, its types and its bytes', () => {
  const headers = ['Content-Type', 'Application/JSON; charset=utf-8', 'User-Agent', 'Agents/JavaScript 0.20.0'];
  const expected = {
    path: '/v1/traces/ingest',
    contentType: 'application/json',
    userAgent: 'Agents/JavaScript 0.20.0',
    bytes: '{"data":[]} é',
  };
  const body = '{"data":[]} é';
  const base64 = Buffer.from(body).toString('base64');
  const pairs = [headers.slice(0, 2), headers.slice(2)] as [string, string][];
  expect(
    unpack(
      { method: 'POST', url: '/v1/traces/ingest', raw_headers: headers, body },
      { method: 'POST', url: 'http://localhost:4318/v1/traces/ingest?x=1', headers: Object.fromEntries(pairs), body },
      { method: 'POST', url: '/v1/traces/ingest#x', headers: pairs, body_base64: base64 },
    ),
  ).toEqual([expected, expected, expected]);
});

test('a body that was recorded as JSON is sent as JSON', () => {
  expect(unpack({ url: '/x', body: { data: [1] } })).toMatchObject([
    { bytes: '{"data":[1]}', contentType: null, userAgent: null },
  ]);
});

test('requests without a body are passed over', () => {
  expect(
    unpack(
      { method: 'GET', url: '/health' },
      '',
      { method: 'POST', url: '/x', body: null, aborted: true },
      { url: '/x', body: '' },
    ),
  ).toEqual([]);
});

test('lines that are no requests are named', () => {
  const errors = unpack(
    '',
    'words',
    '[]',
    { body: 'x' },
    `{"url":"/x","body":${'['.repeat(300)}${']'.repeat(300)}}`,
    '{"url":',
  );
  expect(errors).toEqual([
    { code: 'unreadable_file', message: 'Line 2 is not a JSON object.' },
    { code: 'unreadable_file', message: 'Line 3 is not a JSON object.' },
    { code: 'unreadable_file', message: 'Line 4 has no "url".' },
    { code: 'unreadable_file', message: 'Line 5 holds a body nested more than 200 levels deep.' },
    { code: 'unreadable_file', message: 'Line 6 is not a JSON object.' },
  ]);
});

test('detection needs a request', () => {
  const score = (text: string): number => recorded.detect(encode(text), null);
  expect(score('{"seq":0,"method":"POST","url":"/v1/traces/ingest","raw_headers":["host"')).toBeGreaterThan(0.9);
  expect(
    score('{"data":[{"object":"trace.span","span_data":{"input":"{\\"method\\":\\"POST\\",\\"url\\":\\"/\\"}"'),
  ).toBe(0);
  expect(score('{"method":"POST"}')).toBe(0);
  expect(score('words')).toBe(0);
});

test('a request that is written over several lines is one; without a body it is none', () => {
  const request = { method: 'POST', url: '/v1/traces', headers: {}, body: '{"resourceSpans":[]}' };
  expect(unpack(JSON.stringify(request, null, 2))).toMatchObject([{ path: '/v1/traces', bytes: request.body }]);
  expect(unpack(JSON.stringify({ method: 'POST', url: '/v1/traces', headers: {} }, null, 2))).toEqual([]);
  expect(unpack('{', request)).toMatchObject([{ code: 'unreadable_file' }, { path: '/v1/traces' }]);
});
