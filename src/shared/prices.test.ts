import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PriceRow, PriceTable } from './prices.ts';
import type { Usage } from './record.ts';
import { createPriceBook, estimateCost, explainEstimate, matchesGlob } from './estimate.ts';
import { mergePrices, parsePriceOverrides, parsePriceTable, priceEdits, priceKey } from './prices.ts';

const shippedFile = resolve(import.meta.dirname, '..', '..', 'resources', 'prices', 'prices.json');

function row(model: string, rates: Partial<PriceRow> = {}): PriceRow {
  return {
    model,
    provider: 'Test',
    input: 1,
    output: 2,
    cacheRead: null,
    cacheWrite: null,
    above: null,
    source: null,
    asOf: null,
    ...rates,
  };
}

function usage(input: number | null, output: number | null, more: Partial<Usage> = {}): Usage {
  return { input, output, cacheRead: null, cacheWrite: null, reasoning: null, ...more };
}

const table: PriceTable = {
  asOf: '2025-11-24',
  rows: [
    row('mini', { input: 0.25, output: 2, cacheRead: 0.025 }),
    row('sonnet', { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }),
    row('sonnet', { input: 6, output: 22.5, cacheRead: 0.6, cacheWrite: 7.5, above: 200_000 }),
    row('embed', { input: 0.02, output: null }),
    row('local-*', { input: 0, output: 0 }),
    row('local-large-*', { input: 9, output: 9 }),
    row('mini-2024-05-13', { input: 5, output: 15 }),
  ],
};
const book = createPriceBook(table);

test.each<[string, Usage, number | null]>([
  // 1,000 × 0.25 + 500 × 2 = 1,250 per million
  ['mini', usage(1_000, 500), 0.00125],
  // (10,000 − 8,000) × 0.25 + 8,000 × 0.025 + 100 × 2 = 500 + 200 + 200
  ['mini', usage(10_000, 100, { cacheRead: 8_000 }), 0.0009],
  // 4,000 × 3 + 5,000 × 0.3 + 1,000 × 3.75 + 2,000 × 15 = 12,000 + 1,500 + 3,750 + 30,000
  ['sonnet', usage(10_000, 2_000, { cacheRead: 5_000, cacheWrite: 1_000 }), 0.04725],
  // The edge of the long context belongs below: 200,000 × 3 + 1 × 15
  ['sonnet', usage(200_000, 1), 0.600015],
  // 200,001 × 6 + 1 × 22.5 = 1,200,028.5
  ['sonnet', usage(200_001, 1), 1.2000285],
  // No rate for the cache: the input rate. 10 × 5 + 10 × 15
  ['mini-2024-05-13', usage(10, 10, { cacheRead: 4, cacheWrite: 4 }), 0.0002],
  ['embed', usage(1_000_000, null), 0.02],
  ['embed', usage(0, null), null],
  ['local-llama', usage(5, 5), 0],
  // Reasoning is inside output and is not charged again.
  ['mini', usage(0, 1_000, { reasoning: 900 }), 0.002],
  // More from the cache than in all: what is fresh cannot be less than nothing.
  ['mini', usage(10, 0, { cacheRead: 1_000 }), 0.000025],
  ['mini', usage(1_000, null), null],
  ['mini', usage(null, 1_000), null],
  ['mini', usage(NaN, 1), null],
  ['mini', usage(-1, 1), null],
  ['unknown', usage(1, 1), null],
  ['', usage(1, 1), null],
])('an estimate for %s, %j', (model, tokens, usd) => {
  expect(estimateCost(tokens, model, book)).toBe(usd);
});

test('sums of three rates are exact where doubles are not', () => {
  const dime = createPriceBook({ asOf: '2025-01-01', rows: [row('m', { input: 0.1, output: 0.2 })] });
  // 0.1 + 0.2 is not 0.3 in doubles.
  expect(estimateCost(usage(1_000_000, 1_000_000), 'm', dime)).toBe(0.3);
});

test('a sum of several calls is not taken for one long call', () => {
  expect(estimateCost(usage(300_000, 0), 'sonnet', book)).toBe(1.8);
  expect(estimateCost(usage(300_000, 0), 'sonnet', book, { many: true })).toBe(0.9);
});

test.each([
  ['mini', 'mini'],
  ['MINI', 'mini'],
  ['mini-2025-08-07', 'mini'],
  ['mini-20250807', 'mini'],
  ['mini@20250807', 'mini'],
  ['mini-latest', 'mini'],
  ['mini-001', 'mini'],
  ['mini-2024-05-13', 'mini-2024-05-13'],
  ['openai/mini', 'mini'],
  ['anthropic:sonnet-20250929', 'sonnet'],
  ['local-large-x', 'local-large-*'],
  ['local-x', 'local-*'],
  ['minimal', null],
  ['mini-large', null],
  ['mini-2', null],
  ['my/mini', null],
  ['openrouter/openai/mini', null],
  ['__proto__', null],
  ['constructor', null],
])('the row for %s is %s', (model, pattern) => {
  expect(book.rowFor(model, 1)?.model ?? null).toBe(pattern);
});

test('globs match as written, and hostile ones end', () => {
  expect(matchesGlob('a*c', 'abc')).toBe(true);
  expect(matchesGlob('a*a', 'a')).toBe(false);
  expect(matchesGlob('*b*', 'abc')).toBe(true);
  expect(matchesGlob('a*b*c', 'acb')).toBe(false);
  expect(matchesGlob('*', 'x')).toBe(true);
  const started = performance.now();
  expect(matchesGlob(`${'*a'.repeat(90)}*b`, 'a'.repeat(300))).toBe(false);
  expect(performance.now() - started).toBeLessThan(100);
});

test('endless model names neither fill the memory nor match', () => {
  for (let i = 0; i < 30_000; i++) expect(book.rowFor(`model-${i}`, 1)).toBeNull();
  expect(book.rowFor('x'.repeat(1_000_000), 1)).toBeNull();
});

test('an estimate can be explained', () => {
  const explained = explainEstimate(usage(10, 3, { cacheRead: 4 }), 'mini', book);
  expect(explained?.terms).toEqual([
    { what: 'input', tokens: 6, rate: 0.25 },
    { what: 'from cache', tokens: 4, rate: 0.025 },
    { what: 'output', tokens: 3, rate: 2 },
  ]);
});

test('edits change, add and remove rows, and give a date; the least edits come back', () => {
  const overrides = {
    asOf: '2026-01-02',
    rows: [row('Mini', { input: 7 }), row('new')],
    removed: [priceKey({ model: 'embed', above: null })],
  };
  const merged = mergePrices(table, overrides);
  expect(merged.asOf).toBe('2026-01-02');
  expect(merged.rows[0]).toMatchObject({ model: 'Mini', input: 7 });
  expect(merged.rows.map(({ model }) => model)).not.toContain('embed');
  expect(merged.rows.at(-1)?.model).toBe('new');
  expect(priceEdits(table, merged)).toEqual(overrides);
  expect(priceEdits(table, table)).toBeNull();
  expect(mergePrices(table, null)).toBe(table);
});

test('the shipped table is valid, dated and sourced', () => {
  const parsed = parsePriceTable(JSON.parse(readFileSync(shippedFile, 'utf8')));
  if (!parsed.ok) throw new Error(parsed.error);
  expect(parsed.value.rows.length).toBeGreaterThan(100);
  for (const each of parsed.value.rows) {
    expect(each.source, each.model).toMatch(/^https:\/\//);
    expect(each.asOf, each.model).not.toBeNull();
    expect(each.output ?? 0, each.model).toBeGreaterThanOrEqual(each.output === null ? 0 : each.input);
    expect(each.cacheRead ?? 0, each.model).toBeLessThanOrEqual(each.input);
  }
  const shipped = createPriceBook(parsed.value);
  expect(estimateCost(usage(1_000, 500), 'gpt-5-mini-2025-08-07', shipped)).toBe(0.00125);
  // Names that only look like a model of the table.
  for (const other of ['gpt-5.9', 'gpt-4o-audio-preview', 'claude-opus-9', 'gpt-4o-mini-transcribe', 'my-gpt-4o']) {
    expect(shipped.rowFor(other, 1), other).toBeNull();
  }
});

test.each<[string, unknown, string]>([
  ['no table', 'text', '"asOf" and "rows"'],
  ['no date', { rows: [] }, '"asOf" must be a date'],
  ['a day that is none', { asOf: '2025-02-30', rows: [] }, '"asOf" must be a date'],
  ['another currency', { asOf: '2025-01-01', currency: 'EUR', rows: [] }, 'USD'],
  ['no rows', { asOf: '2025-01-01' }, '"rows" must be a list'],
  ['a row without a model', { asOf: '2025-01-01', rows: [{ input: 1 }] }, 'Row 1: "model"'],
  ['a price for everything', { asOf: '2025-01-01', rows: [{ model: '**', input: 1 }] }, 'every model'],
  ['a negative rate', { asOf: '2025-01-01', rows: [row('a'), row('b', { input: -1 })] }, 'Row 2: "input" of "b"'],
  ['text for a rate', { asOf: '2025-01-01', rows: [{ model: 'a', input: '1' }] }, '"input" of "a"'],
  ['not a number', { asOf: '2025-01-01', rows: [row('a', { output: NaN })] }, '"output" of "a"'],
  ['half a token', { asOf: '2025-01-01', rows: [row('a', { above: 0.5 })] }, '"above" of "a"'],
  ['a row twice', { asOf: '2025-01-01', rows: [row('a'), row('A')] }, 'twice'],
  ['a wrong date of a row', { asOf: '2025-01-01', rows: [row('a', { asOf: 'May' })] }, '"asOf" of "a"'],
])('a table with %s is refused with its place', (_name, json, message) => {
  const parsed = parsePriceTable(json);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.error).toContain(message);
});

test('edits are checked too', () => {
  expect(parsePriceOverrides({ asOf: null, rows: [], removed: [] })).toMatchObject({ ok: true });
  expect(parsePriceOverrides({ rows: [], removed: [1] })).toMatchObject({ ok: false });
  expect(parsePriceOverrides({ asOf: 'x', rows: [], removed: [] })).toMatchObject({ ok: false });
  expect(parsePriceOverrides(null)).toMatchObject({ ok: false });
});
