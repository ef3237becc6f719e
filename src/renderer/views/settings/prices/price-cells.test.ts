import { expect, test } from 'vitest';
import type { PriceRow, PriceTable } from '#shared/prices.ts';
import { writePriceFile } from '#shared/prices.ts';
import { addRow, editCell, gridRows, localToday, readPriceFile, removeRow, replaceRow } from './price-cells.ts';

const row = (model: string, given: Partial<PriceRow> = {}): PriceRow => ({
  model,
  provider: 'Maker',
  input: 1,
  output: 2,
  cacheRead: null,
  cacheWrite: null,
  above: null,
  source: null,
  asOf: '2025-01-01',
  ...given,
});
const table: PriceTable = { asOf: '2025-01-01', rows: [row('a'), row('b'), row('b', { above: 1_000 })] };

test('rows say how they stand to the shipped table, and search narrows them', () => {
  const shipped = { ...table, rows: [row('a'), row('b', { input: 9 })] };
  const states = gridRows({ table, shipped, overrides: null }, '').map(({ key, state }) => [key, state]);
  expect(states).toEqual([
    ['a', 'shipped'],
    ['b', 'changed'],
    ['b >1000', 'added'],
  ]);
  expect(gridRows({ table, shipped, overrides: null }, 'MAKER b').map(({ key }) => key)).toEqual(['b', 'b >1000']);
});

test('a cell is edited as text; a changed price is of today', () => {
  const today = '2026-05-06';
  expect(editCell(row('a'), 'input', ' $1,250.5 ', today)).toMatchObject({
    ok: true,
    value: { input: 1250.5, asOf: today },
  });
  expect(editCell(row('a'), 'output', '', today)).toMatchObject({ ok: true, value: { output: null } });
  expect(editCell(row('a'), 'provider', 'Me', today)).toMatchObject({ ok: true, value: { asOf: '2025-01-01' } });
  expect(editCell(row('a'), 'asOf', '2024-02-29', today)).toMatchObject({ ok: true, value: { asOf: '2024-02-29' } });
  for (const [field, text] of [
    ['input', ''],
    ['input', 'cheap'],
    ['input', '-1'],
    ['model', ' '],
    ['above', '1.5'],
    ['asOf', 'May'],
  ] as const) {
    expect(editCell(row('a'), field, text, today), `${field} ${text}`).toMatchObject({ ok: false });
  }
});

test('rows are replaced, added and removed; no two are of one model', () => {
  expect(replaceRow(table, 'a', row('b'))).toMatchObject({ ok: false });
  expect(replaceRow(table, 'a', row('c'))).toMatchObject({ ok: true, value: { rows: [{ model: 'c' }, {}, {}] } });
  expect(addRow(table, 'B', '2026-05-06')).toMatchObject({ ok: false });
  expect(addRow(table, 'new', '2026-05-06')).toMatchObject({ ok: true, value: { key: 'new' } });
  expect(removeRow(table, 'b').rows.map(({ above }) => above)).toEqual([null, 1_000]);
});

test('what is exported is imported as it was', () => {
  expect(readPriceFile(writePriceFile(table))).toEqual({ ok: true, value: table });
  expect(readPriceFile('no')).toMatchObject({ ok: false });
  expect(readPriceFile('{"asOf":"2025-01-01","rows":[{"model":"x"}]}')).toMatchObject({ ok: false });
});

test('today is the day of the person', () => {
  expect(localToday(new Date(2026, 0, 9, 23, 59))).toBe('2026-01-09');
});
