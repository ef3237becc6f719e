/** Cosine of embeddings, and its offline stand-in of character runs, which goes by its own name. */

/** -1 to 1; 0 where either has no length. Both must have the same number of dimensions. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`${String(a.length)} and ${String(b.length)} dimensions`);
  let [dot, lengthA, lengthB] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 1) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    dot += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  return lengthA === 0 || lengthB === 0 ? 0 : Math.max(-1, Math.min(1, dot / Math.sqrt(lengthA) / Math.sqrt(lengthB)));
}

export const LEXICAL_DIMENSIONS = 65_536;

/** Runs of 3, 4 and 5 characters, counted in as many places as there are dimensions. Alike in letters, not in meaning. */
export function lexicalCosine(a: string, b: string): number {
  return a === b && a !== '' ? 1 : cosine(lexicalVector(a), lexicalVector(b));
}

function lexicalVector(text: string): Float64Array {
  const counts = new Float64Array(LEXICAL_DIMENSIONS);
  const characters = Array.from(
    ` ${text.toLowerCase().trim().replaceAll(/\s+/gu, ' ')} `,
    (each) => each.codePointAt(0) ?? 0,
  );
  if (characters.length <= 2) return counts;
  for (let from = 0; from < characters.length; from += 1) {
    // FNV-1a, so that the longer runs go on from the shorter ones.
    let hash = 0x811c9dc5;
    for (let length = 1; length <= 5 && from + length <= characters.length; length += 1) {
      hash = Math.imul(hash ^ (characters[from + length - 1] ?? 0), 0x01000193);
      if (length < 3) continue;
      const place = ((hash ^ (hash >>> 16)) >>> 0) % LEXICAL_DIMENSIONS;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  }
  return counts;
}
