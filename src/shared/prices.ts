/**
 * The local price table: list prices per model, with a date. It ships with the app (`resources/prices/prices.json`) and a
 * person's edits lie over it, row by row. A model without a row has no estimate: nothing is guessed by similarity.
 */
import type { Json } from './json.ts';
import type { Result } from './result.ts';
import { fail, ok } from './result.ts';

/** Where a figure of money comes from: the source states it, the price table gives it, or a sum has both. */
export const COST_BASES = ['stated', 'partly', 'estimated'] as const;
export type CostBasis = (typeof COST_BASES)[number];

/** Where a sum comes from: null when none of its parts has a cost. */
export function joinCostBases(bases: readonly (CostBasis | null)[]): CostBasis | null {
  const [first = null, ...others] = bases.filter((basis) => basis !== null);
  return others.every((basis) => basis === first) ? first : 'partly';
}

/** USD per million tokens. A cache rate of null counts as the input rate; an output of null = the model writes no tokens. */
export type Rates = {
  readonly input: number;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
};

export type PriceRow = Rates & {
  /**
   * A model id, or a pattern with `*`. An id also stands for its snapshots: `gpt-5-mini` for `gpt-5-mini-2025-08-07`,
   * `claude-sonnet-4-5` for `claude-sonnet-4-5-20250929`, `-latest`, `@20250929`, `-001`.
   */
  readonly model: string;
  readonly provider: string;
  /** The row holds for single calls with more input tokens than this; null = for all. */
  readonly above: number | null;
  /** Address of the public price page, or a person's note. */
  readonly source: string | null;
  /** The day that the price was read, YYYY-MM-DD. */
  readonly asOf: string | null;
};

export type PriceTable = { readonly asOf: string; readonly rows: readonly PriceRow[] };

/** A person's edits: rows that replace or add, keys of shipped rows that are gone, and a date of their own. */
export type PriceOverrides = {
  readonly asOf: string | null;
  readonly rows: readonly PriceRow[];
  readonly removed: readonly string[];
};

/** What identifies a row: its pattern and where it begins to hold. */
export function priceKey({ model, above }: Pick<PriceRow, 'model' | 'above'>): string {
  return above === null ? model.toLowerCase() : `${model.toLowerCase()} >${above}`;
}

/** Shipped rows with the edits over them; added rows come last. */
export function mergePrices(shipped: PriceTable, overrides: PriceOverrides | null): PriceTable {
  if (!overrides) return shipped;
  const removed = new Set(overrides.removed);
  const edited = new Map(overrides.rows.map((row) => [priceKey(row), row]));
  const rows: PriceRow[] = [];
  for (const row of shipped.rows) {
    const key = priceKey(row);
    const own = edited.get(key);
    edited.delete(key);
    if (own) rows.push(own);
    else if (!removed.has(key)) rows.push(row);
  }
  return { asOf: overrides.asOf ?? shipped.asOf, rows: [...rows, ...edited.values()] };
}

/** The least edits that make `wanted` of the shipped table; null when there is no difference. */
export function priceEdits(shipped: PriceTable, wanted: PriceTable): PriceOverrides | null {
  const shippedRows = new Map(shipped.rows.map((row) => [priceKey(row), row]));
  const kept = new Set(wanted.rows.map(priceKey));
  const rows = wanted.rows.filter((row) => !sameRow(row, shippedRows.get(priceKey(row))));
  const removed = [...shippedRows.keys()].filter((key) => !kept.has(key));
  const asOf = wanted.asOf === shipped.asOf ? null : wanted.asOf;
  return rows.length === 0 && removed.length === 0 && asOf === null ? null : { asOf, rows, removed };
}

function sameRow(a: PriceRow, b: PriceRow | undefined): boolean {
  return b !== undefined && a.model === b.model && FIELDS.every((field) => a[field] === b[field]);
}

const FIELDS = ['provider', 'input', 'output', 'cacheRead', 'cacheWrite', 'above', 'source', 'asOf'] as const;
const MOST_ROWS = 5_000;
const LONGEST_MODEL = 200;
const LONGEST_TEXT = 500;
/** USD per million tokens: a thousand times the dearest model known. */
const HIGHEST_RATE = 1_000_000;

/** Reads a table as the app ships and exports it; the error names the row and the field. */
export function parsePriceTable(json: unknown): Result<PriceTable, string> {
  const table = objectOf(json);
  if (!table) return fail('A price table is an object with "asOf" and "rows".');
  const asOf = parseDate(table.asOf);
  if (asOf === null) return fail('"asOf" must be a date such as 2025-11-24.');
  if (table.currency !== undefined && table.currency !== 'USD') return fail('"currency" must be USD.');
  const rows = parseRows(table.rows);
  return rows.ok ? ok({ asOf, rows: rows.value }) : rows;
}

export function parsePriceOverrides(json: unknown): Result<PriceOverrides, string> {
  const given = objectOf(json);
  if (!given) return fail('Price edits are an object with "asOf", "rows" and "removed".');
  const asOf = given.asOf === null || given.asOf === undefined ? null : parseDate(given.asOf);
  if (asOf === null && given.asOf !== null && given.asOf !== undefined) {
    return fail('"asOf" must be a date such as 2025-11-24, or null.');
  }
  const { removed = [] } = given;
  if (!Array.isArray(removed) || removed.length > MOST_ROWS || !removed.every((key) => typeof key === 'string')) {
    return fail('"removed" must be a list of row keys.');
  }
  const rows = parseRows(given.rows);
  return rows.ok ? ok({ asOf, rows: rows.value, removed }) : rows;
}

function parseRows(json: unknown): Result<readonly PriceRow[], string> {
  if (!Array.isArray(json)) return fail('"rows" must be a list.');
  if (json.length > MOST_ROWS) return fail(`A price table may have ${MOST_ROWS} rows.`);
  const rows: PriceRow[] = [];
  const keys = new Set<string>();
  for (const [index, each] of json.entries()) {
    const row = parsePriceRow(each);
    if (!row.ok) return fail(`Row ${index + 1}: ${row.error}`);
    const key = priceKey(row.value);
    if (keys.has(key)) return fail(`Row ${index + 1}: "${row.value.model}" is there twice.`);
    keys.add(key);
    rows.push(row.value);
  }
  return ok(rows);
}

/** One row; fields that a row does not have are ignored, so that a table may hold notes. */
export function parsePriceRow(json: unknown): Result<PriceRow, string> {
  const row = objectOf(json);
  if (!row) return fail('a row is an object with "model", "input" and "output".');
  const model = typeof row.model === 'string' ? row.model.trim() : '';
  if (model === '') return fail('"model" must be a model id or a pattern with *.');
  if (model.length > LONGEST_MODEL) return fail(`"model" may have ${LONGEST_MODEL} characters.`);
  if (!/[^*]/.test(model)) return fail('"model" must name something: * alone would price every model.');
  const name = `of "${model}"`;
  if (!isRate(row.input)) return fail(`"input" ${name} must be USD per million tokens: a number of 0 or more.`);
  const optional: Record<'output' | 'cacheRead' | 'cacheWrite', number | null> = {
    output: null,
    cacheRead: null,
    cacheWrite: null,
  };
  for (const field of ['output', 'cacheRead', 'cacheWrite'] as const) {
    const value = row[field] ?? null;
    if (value !== null && !isRate(value)) {
      return fail(`"${field}" ${name} must be USD per million tokens: a number of 0 or more, or null.`);
    }
    optional[field] = value;
  }
  const above = row.above ?? null;
  if (above !== null && !(Number.isSafeInteger(above) && Number(above) > 0)) {
    return fail(`"above" ${name} must be a whole number of tokens, or null.`);
  }
  const asOf = row.asOf === undefined || row.asOf === null ? null : parseDate(row.asOf);
  if (asOf === null && row.asOf !== undefined && row.asOf !== null) {
    return fail(`"asOf" ${name} must be a date such as 2025-11-24.`);
  }
  return ok({
    model,
    provider: textOf(row.provider) ?? '',
    input: row.input,
    ...optional,
    above: above === null ? null : Number(above),
    source: textOf(row.source),
    asOf,
  });
}

function isRate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= HIGHEST_RATE;
}

/** A day of the calendar as YYYY-MM-DD. */
export function parseDate(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const time = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value ? null : value;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LONGEST_TEXT) : null;
}

function objectOf(value: unknown): Readonly<Record<string, Json | undefined>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, Json | undefined>)
    : null;
}

/** The text of a file that `parsePriceTable` reads. */
export function writePriceFile({ asOf, rows }: PriceTable): string {
  return `${JSON.stringify({ asOf, currency: 'USD', unit: 'USD per million tokens', rows }, null, 2)}\n`;
}

/** What `prices.get` answers. */
export type PriceSheet = {
  /** What estimates are made with: the shipped table and the edits. */
  readonly table: PriceTable;
  readonly shipped: PriceTable;
  readonly overrides: PriceOverrides | null;
};
