import { expect, test } from 'vitest';
import { foldPauses } from './fold-pauses.ts';
import { makeColumns } from './testing/make-table.ts';

test('hours between traces are folded; lengths, order and what lies inside a trace stay as they are', () => {
  const S = 1e9;
  const columns = makeColumns(`
    first 0 ${4 * S}
      call ${1 * S} ${2 * S}
    second ${4.1 * S} ${10 * S}
    third ${4000 * S} ${4010 * S}
      late ${4001 * S} ${4002 * S}
    none - -
  `);
  const folded = foldPauses(columns)!;
  expect(folded.pauses).toHaveLength(1);
  expect(folded.pauses[0]!.lasted / S).toBeCloseTo(3990);
  const { start, end } = folded.columns;
  expect([...start.slice(0, 3)]).toEqual([...columns.start.slice(0, 3)]);
  expect(start[3]! / S).toBeCloseTo(11, 0);
  for (const row of [0, 1, 2, 3, 4]) {
    expect(end[row]! - start[row]!).toBeCloseTo(columns.end[row]! - columns.start[row]!, -1);
    expect(folded.real(start[row]!)).toBeCloseTo(columns.start[row]!, -1);
  }
  expect(start[5]).toBeNaN();
  // Halfway through the fold is halfway through the pause.
  const { from, to } = folded.pauses[0]!;
  expect(folded.real((from + to) / 2) / S).toBeCloseTo(10 + 3990 / 2);
  for (const at of [0, 3 * S, from, (from + to) / 2, to, to + 1 * S]) {
    expect(folded.place(folded.real(at)) / S).toBeCloseTo(at / S);
  }
});

test('without long pauses there is nothing to fold', () => {
  expect(foldPauses(makeColumns('a 0 5000000000\nb 5100000000 9000000000'))).toBeNull();
  expect(foldPauses(makeColumns('a - -'))).toBeNull();
});
