/** Puts the unconnected parts of a graph beside and below each other, in their order, close to the shape of a screen. */

export type PartSize = { readonly along: number; readonly across: number };
export type Packed = {
  readonly places: readonly { readonly m: number; readonly c: number }[];
  readonly along: number;
  readonly across: number;
};

const GAP = 20;

/** `ratio` = wished length along the main axis over length across. Rows along the main axis, new row when full. */
export function pack(parts: readonly PartSize[], ratio: number): Packed {
  const area = parts.reduce((sum, part) => sum + (part.along + GAP) * (part.across + GAP), 0);
  const longest = parts.reduce((most, part) => Math.max(most, part.along), 0);
  const full = Math.max(longest, Math.sqrt(area * ratio));
  const places: { m: number; c: number }[] = [];
  let m = 0;
  let c = 0;
  let row = 0;
  let along = 0;
  for (const part of parts) {
    if (m > 0 && m + part.along > full) {
      c += row + GAP;
      m = 0;
      row = 0;
    }
    places.push({ m, c });
    m += part.along + GAP;
    along = Math.max(along, m - GAP);
    row = Math.max(row, part.across);
  }
  return { places, along, across: parts.length === 0 ? 0 : c + row };
}
