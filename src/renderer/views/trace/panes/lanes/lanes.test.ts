import { expect, test } from 'vitest';
import type { TraceLanes } from '#shared/lanes.ts';
import { LANE_STATES } from '#shared/lanes.ts';
import { laneAxis } from './lane-axis.ts';
import { laneAtY, laneModel, pieceAt, LANE_PAD, LINE } from './lane-model.ts';

type Given = readonly [
  lane: number,
  row: number,
  state: (typeof LANE_STATES)[number],
  from: number,
  to: number,
  span: number,
];

/** Two agents and the frame around them; the critical path is given as [span, from, to]. */
function lanes(pieces: readonly Given[], path: readonly (readonly [number, number, number])[] = []): TraceLanes {
  return {
    timed: true,
    from: 0,
    to: 1000,
    running: false,
    untimed: 0,
    skewed: 0,
    omitted: 0,
    lanes: ['A', 'B', ''].map((agent, lane) => ({ agent, rows: lane === 0 ? 2 : 1, stays: 1, times: null })),
    pieces: {
      count: pieces.length,
      lane: Uint32Array.from(pieces, ([lane]) => lane),
      row: Uint16Array.from(pieces, ([, row]) => row),
      state: Uint8Array.from(pieces, ([, , state]) => LANE_STATES.indexOf(state)),
      from: Float64Array.from(pieces, ([, , , from]) => from),
      to: Float64Array.from(pieces, ([, , , , to]) => to),
      span: Uint32Array.from(pieces, ([, , , , , span]) => span),
      peer: Int32Array.from(pieces, () => -1),
    },
    critical: {
      count: path.length,
      span: Int32Array.from(path, ([span]) => span),
      from: Float64Array.from(path, ([, from]) => from),
      to: Float64Array.from(path, ([, , to]) => to),
    },
    waits: [],
    ids: ['s0', 's1', 's2', 's3'],
  };
}

const data = lanes(
  [
    [0, 0, 'generation', 0, 100, 0],
    [0, 1, 'tool', 50, 80, 1],
    [0, 0, 'other', 100, 900, 2],
    [1, 0, 'generation', 900, 1000, 3],
    [2, 0, 'other', 0, 1000, 2],
  ],
  [
    [0, 0, 100],
    [-1, 100, 900],
    [3, 900, 1000],
  ],
);

test('idle time is squeezed, and every place knows its true time', () => {
  const axis = laneAxis(data, true);
  expect(axis.gaps).toEqual([{ from: 100, to: 108, lasted: 800 }]);
  expect(axis.domain).toEqual({ from: 0, to: 208 });
  for (const ns of [0, 50, 100, 500, 900, 950, 1000]) expect(axis.real(axis.place(ns))).toBeCloseTo(ns, 9);
  expect(axis.place(950)).toBe(158);
  expect(laneAxis(data, false)).toMatchObject({ gaps: [], domain: { from: 0, to: 1000 } });
});

test('lanes stand below each other; the frame around agents is none', () => {
  const model = laneModel(data, laneAxis(data, false));
  expect(model.shown.map(({ agent, top, first, last }) => [agent, top, first, last])).toEqual([
    ['A', 0, 0, 3],
    ['B', 2 * LINE + 2 * LANE_PAD, 3, 4],
  ]);
  expect(laneAtY(model, LANE_PAD + LINE + 1)).toMatchObject({ lane: { agent: 'A' }, row: 1 });
  expect(laneAtY(model, model.height + 1)).toBeNull();
});

test('the critical path is found in the pieces of its spans', () => {
  const model = laneModel(data, laneAxis(data, false));
  expect([...model.critical]).toEqual([1, 0, 0, 1, 0]);
  expect(model.path).toEqual([
    { piece: 0, from: 0, to: 100 },
    { piece: 3, from: 900, to: 1000 },
  ]);
});

test('a click finds the piece under it, or one so thin that nobody could hit it', () => {
  const model = laneModel(data, laneAxis(data, false));
  const [lane] = model.shown;
  if (!lane) throw new Error('No lane.');
  expect(pieceAt(model, lane, 1, 60, 0)).toBe(1);
  expect(pieceAt(model, lane, 1, 84, 5)).toBe(1);
  expect(pieceAt(model, lane, 1, 95, 5)).toBe(-1);
  expect(model.piecesOf('s3')).toEqual([3]);
  expect(model.piecesOf('nobody')).toEqual([]);
});
