import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Split } from '#shared/format.ts';
import type { Cut, SplitLimits } from './split-types.ts';
import { createSplitter } from './split.ts';

const OTLP: Split = { lines: true, list: true, keys: [['trace'], ['resourceSpans'], ['scopeSpans'], ['spans']] };
const SMALL: SplitLimits = { pieceBytes: 40, itemBytes: 400 };

function cuts(text: string | Uint8Array, split: Split, limits = SMALL, chunk = 7): Cut[] {
  const bytes = Buffer.from(text);
  const splitter = createSplitter(split, limits);
  const out: Cut[] = [];
  for (let at = 0; at < bytes.length; at += chunk) out.push(...splitter.push(bytes.subarray(at, at + chunk)));
  return [...out, ...splitter.end()];
}

function texts(found: readonly Cut[]): string[] {
  return found.flatMap((each) => (each.type === 'piece' ? [Buffer.from(each.bytes).toString()] : []));
}

function faults(found: readonly Cut[]): string[] {
  return found.flatMap((each) => (each.type === 'fault' ? [each.message] : []));
}

type Request = { resourceSpans: { resource: unknown; scopeSpans: { scope: unknown; spans: unknown[] }[] }[] };

function flat(request: Request): unknown[] {
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => ({ resource, scope, span }))),
  );
}

/** As JSON tells them: it has no -0. */
const value = fc.jsonValue({ maxDepth: 2 }).map((each) => JSON.parse(JSON.stringify(each)) as unknown);
const request: fc.Arbitrary<Request> = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource: value,
      scopeSpans: fc.array(fc.record({ scope: value, spans: fc.array(fc.record({ name: fc.string(), value })) }), {
        maxLength: 3,
      }),
    }),
    { maxLength: 4 },
  ),
});

test('the pieces of a document hold each item once, with what stands around it', () => {
  fc.assert(
    fc.property(
      request,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom(0, 2),
      (whole, pieceBytes, chunk, indent) => {
        const text = JSON.stringify({ ...whole, partial: null }, null, indent);
        // One line on its own is read as it is; a list is cut.
        const found = cuts(`[${text}]`, { ...OTLP, lines: false }, { pieceBytes, itemBytes: 1_000_000 }, chunk);
        expect(faults(found)).toEqual([]);
        const pieces = texts(found).flatMap((each) => JSON.parse(each) as Request[]);
        expect(pieces.flatMap(flat)).toEqual(flat(whole));
      },
    ),
  );
});

test('lines are grouped, and each group knows how many came before', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (values, chunk) => {
      const text = ['{"first":1}', ...values.map((each) => JSON.stringify(each))].join('\n');
      const found = cuts(text, OTLP, { pieceBytes: 40, itemBytes: 1_000_000 }, chunk);
      expect(texts(found).join('')).toBe(text);
      let before = 0;
      for (const each of found) {
        expect(each).toMatchObject({ type: 'piece', linesBefore: before });
        if (each.type === 'piece') before += Buffer.from(each.bytes).toString().split('\n').length - 1;
      }
    }),
  );
});

test('a document that is cut off gives what was whole, and says where it ends', () => {
  const text = `{"resourceSpans":[{"resource":1,"scopeSpans":[{"spans":[{"n":"1"},{"n":"2"},{"n":"3`;
  const found = cuts(text, OTLP);
  const spans = texts(found).flatMap((each) => flat(JSON.parse(each) as Request));
  expect(spans.map((each) => (each as { span: unknown }).span)).toEqual([{ n: '1' }, { n: '2' }]);
  expect(faults(found)).toEqual([
    expect.stringMatching(/^The item that begins near byte \d+ is cut off or broken; 2 /),
  ]);
});

test('an item that is too large is left out; those around it are read', () => {
  const huge = `{"attributes":{"x":"${'y'.repeat(2_000)}"}}`;
  const text = `{"resourceSpans":[{"resource":1,"scopeSpans":[{"spans":[{"n":1},${huge},{"n":2}]}]},{"resource":2,"scopeSpans":[{"spans":[{"n":3}]}]}]}`;
  const found = cuts(text, OTLP);
  const spans = texts(found).flatMap((each) => flat(JSON.parse(each) as Request));
  expect(spans).toEqual([
    { resource: 1, span: { n: 1 } },
    { resource: 1, span: { n: 2 } },
    { resource: 2, span: { n: 3 } },
  ]);
  expect(faults(found)).toHaveLength(1);
});

test('a line that is too large is left out; those around it are read', () => {
  const text = `{"a":1}\n{"a":"${'y'.repeat(2_000)}"}\n{"a":3}\n`;
  const found = cuts(text, OTLP);
  expect(texts(found).join('')).toBe('{"a":1}\n{"a":3}\n');
  expect(faults(found)).toEqual([expect.stringMatching(/^Line 2 has more than/)]);
});

test('a first line that was cut costs no other line', () => {
  const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"cut of\n{"resourceSpans":[]}\n{"resourceSpans":[1]}\n`;
  const found = cuts(text, OTLP);
  expect(texts(found).join('')).toBe('{"resourceSpans":[]}\n{"resourceSpans":[1]}\n');
  expect(faults(found)).toHaveLength(1);
});

test('a line longer than a piece is cut between its items', () => {
  const line = JSON.stringify({ data: Array.from({ length: 30 }, (_, n) => ({ n })) });
  const found = cuts(`${line}\n${line}\n`, { lines: true, keys: [['data']] });
  expect(found.length).toBeGreaterThan(4);
  const read = texts(found).flatMap((each) =>
    each.split('\n').flatMap((text) => (text.trim() === '' ? [] : (JSON.parse(text) as { data: unknown[] }).data)),
  );
  expect(read).toHaveLength(60);
});

test('protobuf is cut between fields, and what is cut off is told', () => {
  const field = (length: number): Buffer => Buffer.concat([Buffer.from([0x0a, length]), Buffer.alloc(length, 1)]);
  const bytes = Buffer.concat([field(30), field(30), field(30), field(30).subarray(0, 20)]);
  const found = cuts(bytes, { protobuf: true });
  expect(found.map((each) => (each.type === 'piece' ? each.bytes.length : each.message))).toEqual([
    64,
    32,
    expect.stringMatching(/^The file is cut off at byte 96/),
  ]);
});

test('any bytes end', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', '\n', 'a', 'spans') }),
      (text) => {
        for (const split of [OTLP, { list: true }, { keys: [['a']] }, { lines: true }]) cuts(text, split, SMALL, 3);
      },
    ),
    { numRuns: 2_000 },
  );
});
