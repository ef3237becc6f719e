/** The longest run of words of a text that stands in one of many others. Linear in those. */

/** Of the words asked for; and of one word, so many places are followed. */
const MOST_WORDS = 300;
const MOST_PLACES = 8;
const SPACE = 32;

export type Part = { readonly words: string; readonly count: number };

/** Null when not even two words in a row, or one long one, stand anywhere. `wanted` and `others` are streams of words. */
export function longestPart(wanted: string, others: Iterable<string>): Part | null {
  const words = wanted.trim().split(' ').slice(0, MOST_WORDS);
  // By hash, so that no word is cut out of a text; later places first, see below.
  const places = new Map<number, number[]>();
  /** Most words of others are told apart from the wanted ones by ten bits of their hash. */
  const known = new Uint8Array(1_024);
  words.forEach((word, k) => {
    let hash = 0;
    for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0;
    known[hash & 1_023] = 1;
    const list = places.get(hash);
    if (!list) places.set(hash, [k]);
    else if (list.length < MOST_PLACES) list.unshift(k);
  });
  // How many words in a row end at each place of the wanted text, and with which word of the others that was.
  const runs = new Int32Array(words.length + 1);
  const seen = new Float64Array(words.length + 1).fill(-2);
  let word = 0;
  let from = 0;
  let best = 0;
  for (const other of others) {
    // Not in a row with the last word of the text before.
    word += 2;
    let hash = 0;
    for (let i = 1; i < other.length; i++) {
      const code = other.charCodeAt(i);
      if (code !== SPACE) {
        hash = (Math.imul(hash, 31) + code) | 0;
        continue;
      }
      word++;
      const list = known[hash & 1_023] === 1 ? places.get(hash) : undefined;
      hash = 0;
      if (list === undefined) continue;
      // From the last place to the first: what ended one place earlier is that of the word before still.
      for (const k of list) {
        const run = k > 0 && seen[k - 1] === word - 1 ? (runs[k - 1] ?? 0) + 1 : 1;
        runs[k] = run;
        seen[k] = word;
        if (run > best || (run === best && lengthOf(k - run + 1, run) > lengthOf(from, best))) {
          best = run;
          from = k - run + 1;
        }
      }
    }
  }
  const length = lengthOf(from, best);
  if (best === 0 || length < 6 || (best === 1 && length < 8)) return null;
  return { words: ` ${words.slice(from, from + best).join(' ')} `, count: best };

  function lengthOf(start: number, count: number): number {
    let sum = 0;
    for (let k = start; k < start + count; k++) sum += words[k]?.length ?? 0;
    return sum;
  }
}
