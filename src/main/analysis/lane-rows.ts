/**
 * Lines for what overlaps in a lane: within a stay, what runs at the same time stands on several lines; stays that
 * overlap stand below each other, each as one block.
 */
import type { Piece } from './lanes.ts';
import { at } from './at.ts';
import { wasOver } from './intervals.ts';

/** More are drawn over each other: nobody counts a hundred lines. */
const MOST_STAY_ROWS = 16;
const MOST_LANE_ROWS = 64;

export function stackPieces(
  pieces: readonly Omit<Piece, 'row'>[],
  lanes: number,
): { readonly pieces: Piece[]; readonly rows: number[] } {
  const sorted = pieces
    .map((piece, index) => ({ piece, index }))
    .sort(
      (a, b) =>
        a.piece.lane - b.piece.lane ||
        a.piece.from - b.piece.from ||
        // Of two that begin together, the longer one is the line that others stand beside.
        b.piece.to - a.piece.to ||
        a.index - b.index,
    );
  const blocks = new Map<number, Block>();
  const inner = sorted.map(({ piece }) => {
    // Work of no agent has no stays: all of it is one.
    const block = blocks.get(piece.stay) ?? { lane: piece.lane, from: piece.from, to: piece.to, lines: [], base: 0 };
    blocks.set(piece.stay, block);
    block.to = Math.max(block.to, piece.to);
    return lineFor(block.lines, piece.from, piece.to, MOST_STAY_ROWS);
  });
  const rows = placeBlocks([...blocks.values()], lanes);
  return {
    rows,
    pieces: sorted.map(({ piece }, k) => ({
      ...piece,
      row: Math.min(MOST_LANE_ROWS - 1, (blocks.get(piece.stay)?.base ?? 0) + at(inner, k)),
    })),
  };
}

type Block = { readonly lane: number; readonly from: number; to: number; readonly lines: Line[]; base: number };

/** What stands last on a line. */
type Line = { readonly from: number; readonly to: number };

/** The first line that is free at `from`; else, when there are enough, the one that is free first. */
function lineFor(lines: Line[], from: number, to: number, most: number): number {
  let index = lines.findIndex((line) => isFree(line, from));
  if (index < 0) {
    index = lines.length;
    if (index >= most) index = lines.reduce((first, line, k) => (line.to < at(lines, first).to ? k : first), 0);
  }
  lines[index] = { from, to: Math.max(lines[index]?.to ?? -Infinity, to) };
  return index;
}

/** Two that begin in the same cut millisecond may well have run at the same time. */
function isFree(line: Line, from: number): boolean {
  return line.to <= from || (line.from < from && wasOver(line.to, from));
}

/** Blocks come in order of their beginning within each lane. */
function placeBlocks(blocks: readonly Block[], lanes: number): number[] {
  const placed: Line[][] = Array.from({ length: lanes }, () => []);
  for (const block of blocks) {
    const lines = at(placed, block.lane);
    const height = block.lines.length;
    let base = 0;
    for (let line = 0; line < Math.min(lines.length, base + height); line++) {
      if (!isFree(at(lines, line), block.from)) base = line + 1;
    }
    block.base = Math.min(base, MOST_LANE_ROWS - 1);
    for (let line = block.base; line < Math.min(MOST_LANE_ROWS, block.base + height); line++) {
      lines[line] = { from: block.from, to: Math.max(lines[line]?.to ?? -Infinity, block.to) };
    }
  }
  return placed.map((lines) => Math.max(1, lines.length));
}
