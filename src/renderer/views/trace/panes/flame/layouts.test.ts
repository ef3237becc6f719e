import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeColumns } from '../../model/testing/make-table.ts';
import { boxAt, levelOf, type FlameBoxes } from '../../../../charts/flame/boxes.ts';
import { byName, heaviestMembers, mergePaths, ownWeights, weigh, WHOLE } from '../../../../charts/flame/left-heavy.ts';
import { timeOrder } from '../../../../charts/flame/time-order.ts';

function chart(outline: string, rows?: { from: number; to: number }) {
  const columns = makeColumns(outline);
  const domain = { from: Math.min(...columns.start), to: Math.max(...columns.end) };
  return { columns, boxes: timeOrder({ columns, start: columns.start, end: columns.end, domain }, rows) };
}

/** Each level as "name from-to", in order. */
function levels(boxes: FlameBoxes, name: (owner: number) => string): string[] {
  return Array.from({ length: boxes.levels }, (_, level) =>
    Array.from(
      { length: boxes.levelStart[level + 1]! - boxes.levelStart[level]! },
      (_, k) => boxes.levelStart[level]! + k,
    )
      .map((box) => `${name(boxes.owner[box]!)} ${boxes.from[box]}-${boxes.to[box]}`)
      .join(', '),
  );
}

describe('time order', () => {
  test('puts children below their parent, one after the other on one level', () => {
    const { columns, boxes } = chart('root 0 100\n  a 10 40\n    c 15 20\n  b 40 90');
    expect(levels(boxes, (row) => columns.ids[row]!)).toEqual(['root 0-100', 'a 10-40, b 40-90', 'c 15-20']);
  });

  test('puts what runs at the same time below the whole block of the other', () => {
    const { columns, boxes } = chart('root 0 100\n  a 10 60\n    a1 12 20\n  b 30 90\n    b1 70 80\n  c 61 70');
    expect(levels(boxes, (row) => columns.ids[row]!)).toEqual([
      'root 0-100',
      'a 10-60, c 61-70',
      'a1 12-20',
      'b 30-90',
      'b1 70-80',
    ]);
  });

  test('puts several roots side by side, and keeps a child outside of its parent where its clock says', () => {
    const { columns, boxes } = chart('one 0 10\n  late 12 14 orphan\ntwo 20 30\nthree 25 40');
    expect(levels(boxes, (row) => columns.ids[row]!)).toEqual(['one 0-10, two 20-30', 'late 12-14', 'three 25-40']);
  });

  test('shows one subtree alone', () => {
    const { columns, boxes } = chart('root 0 100\n  a 10 40\n    c 15 20\n  b 40 90', { from: 1, to: 3 });
    expect(levels(boxes, (row) => columns.ids[row]!)).toEqual(['a 10-40', 'c 15-20']);
  });

  test('no two boxes of a level overlap, each child stands below its parent, every span has a box', () => {
    const span = fc.tuple(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 3 }),
    );
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 60 }), (spans) => {
        let depth = 0;
        const outline = spans
          .map(([start, long, wanted], k) => {
            depth = k === 0 ? 0 : Math.min(wanted, depth + 1);
            return `${'  '.repeat(depth)}s${k} ${start * 1e9} ${(start + long) * 1e9}`;
          })
          .join('\n');
        const { columns, boxes } = chart(outline);
        expect(boxes.count).toBe(columns.count);
        for (let box = 1; box < boxes.count; box++)
          if (levelOf(boxes, box) === levelOf(boxes, box - 1))
            expect(boxes.from[box]).toBeGreaterThanOrEqual(boxes.to[box - 1]!);
        for (let row = 0; row < columns.count; row++) {
          const box = boxes.boxOf[row]!;
          expect(boxes.from[box]).toBe(columns.start[row]);
          expect(boxes.to[box]).toBe(columns.end[row]);
          if (columns.parent[row]! >= 0)
            expect(levelOf(boxes, box)).toBeGreaterThan(levelOf(boxes, boxes.boxOf[columns.parent[row]!]!));
        }
      }),
    );
  });

  test('finds the box under a place, and a thin one near it', () => {
    const { columns, boxes } = chart('root 0 100\n  a 10 40\n  b 50 50');
    const at = (level: number, place: number, reach: number): string =>
      columns.ids[boxes.owner[boxAt(boxes, level, place, reach)]!] ?? 'none';
    expect([at(1, 20, 1), at(1, 49, 2), at(1, 45, 2), at(0, 45, 2), at(7, 0, 2)]).toEqual([
      'a',
      'b',
      'none',
      'root',
      'none',
    ]);
  });
});

function folded(outline: string, weight: 'time' | 'calls' = 'time') {
  const columns = makeColumns(outline);
  const merged = mergePaths(columns);
  const own = ownWeights(columns, weight, columns);
  return { columns, merged, own, weighed: weigh(merged, own, columns.strings) };
}

const POLLS = `
root 0 100
  poll 0 10
    call 2 6
  poll 20 50
    call 20 45
  other 50 95`;

describe('left-heavy', () => {
  test('merges the same path of names, the heaviest child first', () => {
    const { columns, merged, weighed } = folded(POLLS);
    const name = (node: number): string => columns.strings[merged.name[node]!]!;
    expect(
      levels(weighed.boxes, name).map((level) => level.replace(/\d{5,}/g, (n) => String(Number(n) / (WHOLE / 100)))),
    ).toEqual(['root 0-100', 'other 0-45, poll 45-85', 'call 45-74']);
    expect([...weighed.self]).toEqual([15, 11, 29, 45]);
    expect([...weighed.total]).toEqual([100, 40, 29, 45]);
    expect(
      heaviestMembers(
        merged,
        Float64Array.from(columns.end, (end, row) => end - columns.start[row]!),
        1,
      ),
    ).toEqual([3, 1]);
  });

  test('counts the time in which children overlap once for the parent, and each child whole', () => {
    const { own } = folded('root 0 100\n  a 10 60\n  b 30 90\n  out 95 200');
    expect([...own]).toEqual([15, 50, 60, 105]);
  });

  test('what everything weighs itself is what the whole weighs', () => {
    const span = fc.tuple(
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('a', 'b', 'c'),
    );
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 40 }),
        fc.constantFrom('time' as const, 'calls' as const),
        (spans, weight) => {
          let depth = 0;
          const outline = spans
            .map(([start, long, wanted, name], k) => {
              depth = k === 0 ? 0 : Math.min(wanted, depth + 1);
              return `${'  '.repeat(depth)}${name} ${start} ${start + long}`;
            })
            .join('\n');
          const { columns, merged, own, weighed } = folded(outline, weight);
          const sum = own.reduce((a, b) => a + b, 0);
          expect(weighed.sum).toBeCloseTo(sum);
          expect(weighed.self.reduce((a, b) => a + b, 0)).toBeCloseTo(sum);
          if (weight === 'calls') expect(weighed.sum).toBe(columns.count);
          expect(byName(merged, weighed).reduce((a, { self }) => a + self, 0)).toBeCloseTo(sum);
          for (const { total, self } of byName(merged, weighed)) {
            expect(total).toBeGreaterThanOrEqual(self - 1e-9);
            expect(total).toBeLessThanOrEqual(sum + 1e-9);
          }
        },
      ),
    );
  });

  test('a name inside itself is counted once in its total', () => {
    const { columns, merged, weighed } = folded('f 0 100\n  f 10 90\n    g 20 30\nf 100 150');
    const rows = byName(merged, weighed).map(({ name, count, self, total }) => [
      columns.strings[name],
      count,
      self,
      total,
    ]);
    expect(rows).toEqual([
      ['f', 3, 140, 150],
      ['g', 1, 10, 10],
    ]);
  });
});

test('100,000 spans are laid out quickly, also in one deep chain and all at the same time', () => {
  const count = 100_000;
  const flat = { count, parent: new Int32Array(count).fill(0) };
  flat.parent[0] = -1;
  const chain = { count, parent: Int32Array.from({ length: count }, (_, row) => row - 1) };
  const start = new Float64Array(count);
  const end = new Float64Array(count).fill(100);
  const domain = { from: 0, to: 100 };
  const began = performance.now();
  expect(timeOrder({ columns: flat, start, end, domain }).levels).toBe(count);
  expect(timeOrder({ columns: chain, start, end, domain }).levels).toBe(count);
  expect(performance.now() - began).toBeLessThan(4_000);
});
