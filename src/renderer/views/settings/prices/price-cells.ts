/** The price grid as text: what each cell shows, and what a person's text makes of a row. */
import type { PriceRow, PriceSheet, PriceTable } from '#shared/prices.ts';
import type { Result } from '#shared/result.ts';
import { parsePriceRow, parsePriceTable, priceKey } from '#shared/prices.ts';
import { fail, ok } from '#shared/result.ts';

export const COLUMNS = [
  { field: 'model', title: 'Model', hint: 'A model id, with its dated snapshots, or a pattern with *' },
  { field: 'provider', title: 'Provider', hint: 'Who charges it' },
  { field: 'input', title: 'Input', hint: 'USD per million fresh input tokens' },
  { field: 'output', title: 'Output', hint: 'USD per million output tokens, with reasoning' },
  { field: 'cacheRead', title: 'Cached', hint: 'USD per million input tokens from the cache; empty = as input' },
  {
    field: 'cacheWrite',
    title: 'Written',
    hint: 'USD per million input tokens written to the cache; empty = as input',
  },
  { field: 'above', title: 'Above', hint: 'Holds for calls with more input tokens than this; empty = all' },
  { field: 'asOf', title: 'As of', hint: 'The day the price was read, YYYY-MM-DD' },
  { field: 'source', title: 'Source', hint: 'The price page, or a note' },
] as const;
export type PriceField = (typeof COLUMNS)[number]['field'];

const NUMBERS: ReadonlySet<PriceField> = new Set<PriceField>(['input', 'output', 'cacheRead', 'cacheWrite', 'above']);

export function isNumber(field: PriceField): boolean {
  return NUMBERS.has(field);
}

export function cellText(row: PriceRow, field: PriceField): string {
  const value = row[field];
  return value === null ? '' : String(value);
}

/** How a row stands to the shipped table. */
export type RowState = 'shipped' | 'changed' | 'added';

export type GridRow = { readonly key: string; readonly row: PriceRow; readonly state: RowState };

export function gridRows({ table, shipped }: PriceSheet, search: string): GridRow[] {
  const shippedRows = new Map(shipped.rows.map((row) => [priceKey(row), row]));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return table.rows
    .map((row): GridRow => {
      const key = priceKey(row);
      const original = shippedRows.get(key);
      const isSame = original !== undefined && COLUMNS.every(({ field }) => original[field] === row[field]);
      return { key, row, state: original === undefined ? 'added' : isSame ? 'shipped' : 'changed' };
    })
    .filter(({ row }) => {
      const text = `${row.model} ${row.provider}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
}

/** The row with one cell as typed; a person's price is of `today` unless they say otherwise. */
export function editCell(row: PriceRow, field: PriceField, text: string, today: string): Result<PriceRow, string> {
  const trimmed = text.trim();
  let value: string | number | null = trimmed === '' ? null : trimmed;
  if (isNumber(field) && trimmed !== '') {
    value = Number(trimmed.replace(/^\$/, '').replaceAll(',', ''));
    if (Number.isNaN(value)) return fail(`“${trimmed.slice(0, 40)}” is not a number.`);
  }
  const isPrice = field !== 'asOf' && field !== 'source' && field !== 'provider';
  const edited = parsePriceRow({ ...row, ...(isPrice ? { asOf: today } : {}), [field]: value });
  return edited.ok ? edited : fail(capital(edited.error));
}

export function replaceRow(table: PriceTable, key: string, row: PriceRow): Result<PriceTable, string> {
  const newKey = priceKey(row);
  if (newKey !== key && table.rows.some((each) => priceKey(each) === newKey)) {
    return fail(`“${row.model}” is in the table already.`);
  }
  return ok({ ...table, rows: table.rows.map((each) => (priceKey(each) === key ? row : each)) });
}

export function removeRow(table: PriceTable, key: string): PriceTable {
  return { ...table, rows: table.rows.filter((row) => priceKey(row) !== key) };
}

export function addRow(
  table: PriceTable,
  model: string,
  today: string,
): Result<{ table: PriceTable; key: string }, string> {
  const row = parsePriceRow({ model, input: 0, output: 0, asOf: today, source: 'entered by hand' });
  if (!row.ok) return fail(capital(row.error));
  const key = priceKey(row.value);
  if (table.rows.some((each) => priceKey(each) === key)) return fail(`“${row.value.model}” is in the table already.`);
  return ok({ table: { ...table, rows: [...table.rows, row.value] }, key });
}

/** A file as it was exported, or written by hand in the same shape. */
export function readPriceFile(text: string): Result<PriceTable, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('The file is not JSON.');
  }
  return parsePriceTable(json);
}

export function localToday(now: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
