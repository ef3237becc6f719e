import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatasetExample } from '#shared/dataset.ts';
import type { JsonObject } from '#shared/json.ts';
import { createCsvParser, delimiterOf } from './csv.ts';
import { csvHeader, csvRow, isOwnHeader, ownRow } from './own-csv.ts';
import { readRow } from './rows.ts';

const LIMITS = { row: 100_000, cells: 1_000 };

function parse(text: string, at: number): string[][] {
  const parser = createCsvParser(delimiterOf(text), LIMITS);
  return [...parser.push(text.slice(0, at)), ...parser.push(text.slice(at)), ...parser.end()].map(({ cells }) => [
    ...cells,
  ]);
}

test('wherever the text is cut, the cells are the same', () => {
  const text = 'a,"b ""c""\r\nd",e\r\n1,,"2,3"\n\n"x"y,z,\r';
  const whole = parse(text, 0);
  expect(whole).toEqual([
    ['a', 'b "c"\r\nd', 'e'],
    ['1', '', '2,3'],
    ['xy', 'z', ''],
  ]);
  for (let at = 1; at < text.length; at++) expect(parse(text, at)).toEqual(whole);
});

test('lines are counted as an editor counts them', () => {
  const parser = createCsvParser(',', LIMITS);
  const rows = [...parser.push('a,b\r\n"1\r\n2",c\r\nd,e\n'), ...parser.end()];
  expect(rows.map(({ line }) => line)).toEqual([1, 2, 4]);
});

test('a quote that is never closed stops at the bound', () => {
  const parser = createCsvParser(',', { row: 50, cells: 10 });
  expect(parser.push(`a,b\n1,"${'x'.repeat(200)}`)).toHaveLength(1);
  expect(parser.fault()).toMatchObject({ line: 2 });
});

test('any example comes back from its row', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('=1', "'", "''=", '-3', '"a"', '1e5', 'null', '\t', '\r\n', ','),
  );
  const json = fc.jsonValue({ maxDepth: 2 });
  fc.assert(
    fc.property(
      text,
      text,
      fc.dictionary(
        text.filter((name) => name.trim() === name && name !== '' && name !== '__proto__'),
        json,
        { maxKeys: 4 },
      ),
      fc.option(fc.array(fc.record({ name: text.filter((name) => name.trim() !== ''), arguments: json }))),
      (key, input, given, trajectory) => {
        const item = JSON.parse(JSON.stringify(given)) as JsonObject;
        const example: DatasetExample = {
          key: key.trim() === '' ? 'k' : key.trim(),
          item,
          input: input === '' ? null : input,
          expectedOutput: null,
          expectedTrajectory: trajectory === null ? null : (JSON.parse(JSON.stringify(trajectory)) as never),
          origin: { kind: 'hand' },
        };
        const fields = Object.keys(item);
        const [header = [], cells = []] = parse(csvHeader(fields) + csvRow(example, fields), 3);
        expect(isOwnHeader(header)).toBe(true);
        const [back] = readRow(ownRow(header, cells)).examples;
        expect(back).toEqual({
          key: example.key,
          item: example.item,
          input: example.input,
          expectedOutput: null,
          // Arguments that are JSON in a text are read as such.
          expectedTrajectory: back?.expectedTrajectory ?? null,
        });
      },
    ),
    { numRuns: 50 },
  );
}, 60_000);
