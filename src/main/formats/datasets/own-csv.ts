/**
 * Examples as a table. `key`, `input`, `expected_output`, `expected_trajectory` (JSON), then the fields of the item as
 * `item.<name>`: a text as it is, anything else as JSON, and a text that would be taken for JSON in quotes. A cell that a
 * spreadsheet would calculate gets a ' in front, which reading takes away.
 */
import type { DatasetExample } from '#shared/dataset.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { setField } from '../fields.ts';

export const OWN_COLUMNS = ['key', 'input', 'expected_output', 'expected_trajectory'] as const;
const ITEM = 'item.';

/** What Excel, LibreOffice and Google Sheets begin to calculate at, after any number of our own marks. */
const FORMULA = /^'*[=+\-@\t\r]/;

export function isOwnHeader(header: readonly string[]): boolean {
  return OWN_COLUMNS.every((name, index) => header[index] === name);
}

export function csvHeader(fields: readonly string[]): string {
  return rowText([...OWN_COLUMNS, ...fields.map((name) => `${ITEM}${name}`)]);
}

export function csvRow(
  { key, input, expectedOutput, expectedTrajectory, item }: DatasetExample,
  fields: readonly string[],
): string {
  return rowText([
    key,
    input ?? '',
    expectedOutput ?? '',
    expectedTrajectory === null ? '' : JSON.stringify(expectedTrajectory),
    ...fields.map((name) => (Object.hasOwn(item, name) ? typed(item[name] ?? null) : '')),
  ]);
}

function typed(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return value === '' || parsed(value) !== undefined ? JSON.stringify(value) : value;
}

function rowText(cells: readonly string[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(value: string): string {
  const safe = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /["\r\n,;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A number is no formula. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The row as `readRow` takes an exported example. */
export function ownRow(header: readonly string[], cells: readonly string[]): JsonObject {
  const item: Record<string, Json> = {};
  for (const [index, name] of header.entries()) {
    const cell = plain(cells[index] ?? '');
    if (index < OWN_COLUMNS.length || cell === '') continue;
    const value = parsed(cell);
    setField(item, name.startsWith(ITEM) ? name.slice(ITEM.length) : name, value === undefined ? cell : value);
  }
  const [key = '', input = '', expected = '', trajectory = ''] = cells.map(plain);
  return { key, item, input, expected_output: expected, expected_trajectory: trajectory === '' ? null : trajectory };
}

function plain(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** Undefined for what is a text: also for digits that a number would not keep. */
function parsed(text: string): Json | undefined {
  if (!/^(?:["[{]|-?\d|true$|false$|null$)/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'number' && String(value) !== text ? undefined : value;
  } catch {
    return undefined;
  }
}
