/** Runs of n words and how many two texts share, each run a number: linear in the words, whatever they are. */
import { numberWords, type Codes } from './code-points.ts';

export type Shared = {
  /** Runs in the input and in the reference. */
  readonly input: number;
  readonly reference: number;
  /** Those in both, each counted as often as in the one that has it less often. */
  readonly both: number;
};

/** For n = 1 to `longest`. */
export function sharedNgrams(
  input: readonly string[],
  reference: readonly string[],
  longest: number,
): readonly Shared[] {
  const { lists, distinct } = numberWords(input, reference);
  const [wordsA, wordsB] = lists as readonly [Codes, Codes];
  let [runsA, runsB] = [wordsA, wordsB];
  let names = distinct;
  const found: Shared[] = [];
  for (let n = 1; n <= longest; n += 1) {
    if (n > 1) {
      const known = new Map<number, number>();
      runsA = longerRuns(runsA, wordsA, n, distinct, known);
      runsB = longerRuns(runsB, wordsB, n, distinct, known);
      names = known.size;
    }
    found.push({ input: runsA.length, reference: runsB.length, both: inBoth(runsA, runsB, names) });
  }
  return found;
}

/** A run of n is a run of n - 1 and a word. */
function longerRuns(runs: Codes, words: Codes, n: number, distinct: number, known: Map<number, number>): Codes {
  const longer = new Int32Array(Math.max(0, words.length - n + 1));
  for (let at = 0; at < longer.length; at += 1) {
    const key = (runs[at] as number) * distinct + (words[at + n - 1] as number);
    let name = known.get(key);
    if (name === undefined) {
      name = known.size;
      known.set(key, name);
    }
    longer[at] = name;
  }
  return longer;
}

function inBoth(a: Codes, b: Codes, names: number): number {
  const counts = new Int32Array(names);
  for (const run of b) counts[run] = (counts[run] as number) + 1;
  let both = 0;
  for (const run of a) {
    const left = counts[run] as number;
    if (left === 0) continue;
    counts[run] = left - 1;
    both += 1;
  }
  return both;
}
