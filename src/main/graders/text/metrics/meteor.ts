/**
 * METEOR as NLTK's single_meteor_score defines it, with its stages of equal words and equal stems. Its third stage, synonyms
 * of WordNet, is left out: 35 MB that change few verdicts; results say `synonyms: false`.
 */
import { porterStem } from './porter.ts';

export function meteor(input: readonly string[], reference: readonly string[]): number {
  const [wordsA, wordsB] = [input.map((word) => word.toLowerCase()), reference.map((word) => word.toLowerCase())];
  const pairs = new Int32Array(wordsA.length).fill(-1);
  const taken = new Uint8Array(wordsB.length);
  match(wordsA, wordsB, pairs, taken);
  const stems = new Map<string, string>();
  const stemOf = (word: string): string => {
    let stem = stems.get(word);
    if (stem === undefined) stems.set(word, (stem = porterStem(word)));
    return stem;
  };
  match(wordsA.map(stemOf), wordsB.map(stemOf), pairs, taken);
  return score(pairs, wordsB.length);
}

/** From the end, each word with the last equal one that is free. */
function match(a: readonly string[], b: readonly string[], pairs: Int32Array, taken: Uint8Array): void {
  const free = new Map<string, number[]>();
  b.forEach((word, at) => {
    if (taken[at] === 1) return;
    const places = free.get(word);
    if (places) places.push(at);
    else free.set(word, [at]);
  });
  for (let at = a.length - 1; at >= 0; at -= 1) {
    if ((pairs[at] as number) >= 0) continue;
    const place = free.get(a[at] ?? '')?.pop();
    if (place === undefined) continue;
    pairs[at] = place;
    taken[place] = 1;
  }
}

function score(pairs: Int32Array, reference: number): number {
  let [matches, chunks] = [0, 0];
  let before = -2;
  for (const place of pairs) {
    if (place >= 0) {
      matches += 1;
      if (before < 0 || place !== before + 1) chunks += 1;
    }
    before = place >= 0 ? place : -2;
  }
  if (matches === 0) return 0;
  const [precision, recall] = [matches / pairs.length, matches / reference];
  const mean = (precision * recall) / (0.9 * precision + 0.1 * recall);
  return (1 - 0.5 * (chunks / matches) ** 3) * mean;
}
