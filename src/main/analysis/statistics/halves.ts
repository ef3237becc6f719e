/** Labelled items in two halves of like make-up: one to make a grader with, one to test it on. */

/**
 * True = the first half. Within each label the items are ordered by a hash of seed and id, and the lower half is taken: the
 * same items are told apart in the same way each time, and a new one moves at most one other.
 */
export function halvesOf<T>(
  items: readonly { readonly id: string; readonly label: T }[],
  seed: number,
): ReadonlyMap<string, boolean> {
  const byLabel = new Map<T, { readonly id: string; readonly hash: number }[]>();
  for (const { id, label } of items) {
    const of = byLabel.get(label) ?? [];
    of.push({ id, hash: seededHash(id, seed) });
    byLabel.set(label, of);
  }
  const first = new Map<string, boolean>();
  // Of an odd number the extra one goes to the first half with one label, to the second with the next.
  let extra = 1;
  for (const of of byLabel.values()) {
    of.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
    const size = Math.floor((of.length + (of.length % 2 === 1 ? extra : 0)) / 2);
    if (of.length % 2 === 1) extra = 1 - extra;
    of.forEach(({ id }, at) => first.set(id, at < size));
  }
  return first;
}

/** 32 bits: FNV-1a over the seed and the code units, then the last steps of MurmurHash3 (Austin Appleby), which spread it. */
export function seededHash(text: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((seed >>> shift) & 0xff), 0x01000193);
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
