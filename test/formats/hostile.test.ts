/**
 * Nothing that arrives makes a decoder throw: bodies cut at any byte, flipped bytes, replaced values.
 * FUZZ_RUNS=100000 runs longer, and other changes each time.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formats } from '../../src/main/formats/registry.ts';
import { contractFaults, decodeAll, HEAD_BYTES, loadCases, type Case } from './cases.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);
const IS_LONG = process.env.FUZZ_RUNS !== undefined;
/**
 * Bodies up to the first size are turned value by value, and the smallest of each format cut at every byte; up to the
 * second, all are.
 */
const SMALL = 8 * 1024;
const EVERY_BYTE = IS_LONG ? SMALL : 3 * 1024;
/** Larger ones at random places: so many, or as many as read so much. */
const MOST_CUTS = IS_LONG ? 1_000 : 300;
const CUT_BYTES = (IS_LONG ? 64 : 16) * 1024 * 1024;
/** Formats that a body does not belong to look at its beginning alone: at every so manieth cut. */
const OTHERS_EVERY = IS_LONG ? 1 : 8;
const MAX_FUZZED = 64 * 1024;

const cases = loadCases();
const smallest = new Map<string, Case>();
for (const each of cases) {
  if (each.bytes.length < (smallest.get(each.format)?.bytes.length ?? Infinity)) smallest.set(each.format, each);
}
const fuzzed = cases.filter((each) => each.bytes.length <= MAX_FUZZED);

describe.each(cases.map((each) => [`${each.format}/${each.name}`, each] as const))('cut: %s', (_, each) => {
  test('gives records or an error', { timeout: 120_000 }, () => {
    cutsOf(each).forEach((at, k) => survive(each, each.bytes.subarray(0, at), k % OTHERS_EVERY === 0));
  });
});

test('flipped bytes give records or an error', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...fuzzed.keys()),
      fc.array(fc.record({ at: fc.nat(MAX_FUZZED), byte: fc.nat(255) }), { minLength: 1, maxLength: 8 }),
      (index, flips) => {
        const each = fuzzed[index]!;
        const bytes = Uint8Array.from(each.bytes);
        for (const { at, byte } of flips) bytes[at % bytes.length] = byte;
        survive(each, bytes);
      },
    ),
    { numRuns: RUNS },
  );
});

test('replaced JSON values give records or an error', { timeout: 600_000 }, () => {
  const documents = fuzzed.flatMap((each) => jsonLines(each).map((text) => ({ each, text })));
  fc.assert(
    fc.property(
      fc.constantFrom(...documents.keys()),
      fc.array(fc.record({ at: fc.nat(), value: hostileValue }), { minLength: 1, maxLength: 4 }),
      (index, changes) => {
        const { each, text: original } = documents[index]!;
        let document: unknown = JSON.parse(original);
        for (const { at, value } of changes) document = replaced(document, at, value);
        const text = JSON.stringify(document).replace(/"nested (\d+)"/g, (_, levels) => nested(Number(levels)));
        survive(each, new TextEncoder().encode(text));
      },
    ),
    { numRuns: RUNS },
  );
});

/** Random changes meet few of the places where a value is turned into text or walked; this meets all of them. */
test('every value in turn may be nested without end', { timeout: 120_000 }, () => {
  const deep = nested(20_000);
  const failed = new Set<string>();
  const documents = cases
    .filter((each) => each.bytes.length <= SMALL)
    .flatMap((each) => jsonLines(each).map((text) => ({ each, text })));
  for (const { each, text } of documents) {
    for (let leaf = 0, isLeaf = true; isLeaf; leaf++) {
      let seen = -1;
      const changed = JSON.stringify(JSON.parse(text), (key, value: unknown) => {
        if (typeof value === 'object' && value !== null) return value;
        return ++seen === leaf ? `nested in ${key}` : value;
      });
      isLeaf = seen >= leaf;
      const place = /"nested in ([^"]*)"/.exec(changed);
      if (!place) continue;
      try {
        survive(each, new TextEncoder().encode(changed.replace(place[0], deep)), leaf % OTHERS_EVERY === 0);
      } catch (cause) {
        failed.add(`${each.format} ${place[1]}: ${String(cause)}`);
      }
    }
  }
  expect([...failed]).toEqual([]);
});

test('deep, wide and empty bodies end', { timeout: 60_000 }, () => {
  const deep = nested(200_000);
  const bodies = [
    '',
    deep,
    '{"a":'.repeat(100_000),
    `{"data":[{"object":"trace.span","id":"s","trace_id":"t","span_data":{"type":"custom","data":${deep}}}]}`,
    `{"data":[{"object":"trace","id":"t","workflow_name":${deep},"metadata":{"x":${deep}}}]}`,
    `{"data":[{"object":"later","x":${deep}}]}`,
    `{"method":"POST","url":"/v1/traces/ingest","headers":{},"body":${deep}}`,
    `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k","value":${'{"arrayValue":{"values":['.repeat(50_000)}`,
    '\n'.repeat(1_000_000),
    ' '.repeat(1_000_000),
    '{"data":['.repeat(50_000),
  ];
  for (const format of formats) {
    for (const body of bodies) {
      const bytes = new TextEncoder().encode(body);
      format.detect(bytes.subarray(0, HEAD_BYTES), null);
      expect(contractFaults(decodeAll(format, bytes))).toEqual([]);
    }
  }
});

function survive(each: Case, bytes: Uint8Array, others = true): void {
  const head = bytes.subarray(0, HEAD_BYTES);
  for (const format of formats) {
    if (!others && format.id !== each.format) continue;
    const score = format.detect(head, 'unknown');
    if (!(score >= 0 && score <= 1)) throw new Error(`${format.id} gives the score ${score}`);
    if (format.id === each.format) {
      const faults = contractFaults(decodeAll(format, bytes));
      if (faults.length > 0) throw new Error(`${format.id}: ${faults.join(', ')}`);
    }
  }
}

function cutsOf(each: Case): number[] {
  const size = each.bytes.length;
  const isWhole = size <= EVERY_BYTE || (size <= SMALL && smallest.get(each.format) === each);
  if (isWhole) return Array.from({ length: size + 1 }, (_, at) => at);
  const count = Math.max(10, Math.min(MOST_CUTS, Math.floor(CUT_BYTES / size)));
  const random = generator(size);
  return Array.from({ length: count }, () => Math.floor(random() * size));
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

/** A small generator with a seed (mulberry32), so that a failing cut fails again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function jsonLines(each: Case): string[] {
  const text = new TextDecoder().decode(each.bytes);
  return isJson(text) ? [text] : text.split('\n').filter((line) => line.startsWith('{') && isJson(line));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    '',
    '__proto__',
    'constructor',
    '[',
    '{"a":',
    "{'a': [",
    -1,
    1e308,
    2 ** 63,
    '9'.repeat(400),
    [],
  ),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}') as unknown),
  // Written into the text later: nobody can write such a value as JSON.
  fc.integer({ min: 100, max: 5_000 }).map((levels) => `nested ${levels}`),
);

/** A copy in which one value, found by walking with the digits of `seed`, is another. */
function replaced(value: unknown, seed: number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[seed % (keys.length + 1)];
  if (key === undefined) return by;
  const inner = replaced((value as Record<string, unknown>)[key], Math.floor(seed / (keys.length + 1)), by);
  if (Array.isArray(value)) return value.map((each: unknown, at) => (String(at) === key ? inner : each));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === key ? inner : (each as unknown)]),
  );
}
