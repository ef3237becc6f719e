/** Average width of a letter of a chip's text, and what a chip adds around it, in pixels. */
const LETTER = 5.8;
const AROUND = 25;
const GAP = 4;
const MAX = 140;
/** "+12" */
const REST = 24;

/** How many chips fit a width, in order; at least one. An estimate, so that no row needs a layout pass. */
export function fittingChips(names: readonly string[], width: number): number {
  let used = 0;
  let fitting = 0;
  for (const name of names) {
    used += Math.min(MAX, AROUND + name.length * LETTER) + (fitting > 0 ? GAP : 0);
    const more = fitting + 1 < names.length;
    if (fitting > 0 && used + (more ? GAP + REST : 0) > width) break;
    fitting++;
  }
  return fitting;
}
