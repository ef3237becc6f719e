/**
 * Groups of similar things, by the words that describe them: MinHash (Broder 1997) signatures, compared where they share a
 * band. Deterministic, and linear in the number of things: within a band each is compared with a few others only.
 */
import { mulberry32 } from '../analysis/statistics/random.ts';

export type Cluster = {
  /** The member that is most like the others. */
  readonly typical: number;
  /** Indices, ascending. */
  readonly members: readonly number[];
};

const HASHES = 64;
/** Rows of a band: 16 bands of 4 find pairs that have about half of their words in common. */
const BAND = 4;
/** Share of equal hashes from which two are alike: an estimate of the Jaccard similarity of their words. */
const ALIKE = 0.5;
/** Earlier members of a band that a new one is compared with. */
const COMPARED = 4;
/** Of a large group, so many are asked which of them is typical. */
const ASKED = 48;

/** The largest first; of equal size the one with the first member. Things without a word are alike. */
export function clustersOf(features: readonly (readonly string[])[], seed = 1): Cluster[] {
  const finish = createClusters(seed);
  for (const words of features) finish.add(words);
  return finish.clusters();
}

/** Takes one thing at a time, so that many can be read in slices. */
export function createClusters(seed: number): { add: (words: readonly string[]) => void; clusters: () => Cluster[] } {
  const random = mulberry32(seed);
  const factors = Array.from({ length: HASHES }, () => (Math.floor(random() * 2 ** 31) << 1) | 1);
  const shifts = Array.from({ length: HASHES }, () => Math.floor(random() * 2 ** 32));
  const signatures: Uint32Array[] = [];
  const parent: number[] = [];
  const bands = new Map<string, number[]>();

  function root(at: number): number {
    let top = at;
    while (parent[top] !== top) top = parent[top] ?? top;
    for (let low = at; parent[low] !== top;) {
      const next = parent[low] ?? top;
      parent[low] = top;
      low = next;
    }
    return top;
  }

  function join(a: number, b: number): void {
    const [one, other] = [root(a), root(b)];
    parent[Math.max(one, other)] = Math.min(one, other);
  }

  return {
    add(words) {
      const at = signatures.length;
      const signature = signatureOf(words, factors, shifts);
      signatures.push(signature);
      parent.push(at);
      for (let band = 0; band < HASHES; band += BAND) {
        const key = `${band} ${signature.subarray(band, band + BAND).join(' ')}`;
        const others = bands.get(key);
        if (!others) {
          bands.set(key, [at]);
          continue;
        }
        for (const other of others) if (likeness(signature, signatures[other]) >= ALIKE) join(at, other);
        if (others.length < COMPARED) others.push(at);
      }
    },
    clusters() {
      const members = new Map<number, number[]>();
      for (let at = 0; at < signatures.length; at++) {
        const top = root(at);
        const list = members.get(top);
        if (list) list.push(at);
        else members.set(top, [at]);
      }
      return [...members.values()]
        .map((list) => ({ members: list, typical: typicalOf(list, signatures) }))
        .sort((a, b) => b.members.length - a.members.length || (a.members[0] ?? 0) - (b.members[0] ?? 0));
    },
  };
}

function signatureOf(words: readonly string[], factors: readonly number[], shifts: readonly number[]): Uint32Array {
  const signature = new Uint32Array(HASHES).fill(0xffffffff);
  for (const word of new Set(words)) {
    const hash = fnv(word);
    for (let k = 0; k < HASHES; k++) {
      let value = Math.imul(hash ^ (shifts[k] ?? 0), factors[k] ?? 1);
      value = (value ^ (value >>> 15)) >>> 0;
      if (value < (signature[k] ?? 0)) signature[k] = value;
    }
  }
  return signature;
}

function likeness(one: Uint32Array, other: Uint32Array | undefined): number {
  let equal = 0;
  for (let k = 0; k < HASHES; k++) if (one[k] === other?.[k]) equal++;
  return equal / HASHES;
}

function typicalOf(members: readonly number[], signatures: readonly Uint32Array[]): number {
  const step = Math.max(1, Math.floor(members.length / ASKED));
  const asked = members.filter((_, at) => at % step === 0).slice(0, ASKED);
  let [best, most] = [members[0] ?? 0, -1];
  for (const one of asked) {
    const signature = signatures[one];
    if (!signature) continue;
    const sum = asked.reduce((total, other) => total + likeness(signature, signatures[other]), 0);
    if (sum > most) [best, most] = [one, sum];
  }
  return best;
}

/** FNV-1a over UTF-16 units, with a last mixing step. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

const WORDS_OF_TEXT = 300;

/**
 * The words of something that was done: who did it with what count each on its own, its text by three words in a row.
 * Numbers in texts are one word: they differ where nothing else does.
 */
export function featuresOf(parts: {
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly name: string;
  readonly text: string;
}): string[] {
  const features: string[] = [];
  // Several times each, under names of their own: a few agents weigh as much as many words.
  for (const [what, names] of [
    ['agent', parts.agents],
    ['tool', parts.tools],
    ['name', [parts.name]],
  ] as const)
    for (const name of names) for (let copy = 0; copy < 3; copy++) features.push(`${what}${copy} ${name}`);
  const words = parts.text
    .toLowerCase()
    .replace(/\d+/g, '0')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, WORDS_OF_TEXT);
  if (words.length < 3) features.push(words.join(' '));
  for (let at = 0; at + 2 < words.length; at++) features.push(words.slice(at, at + 3).join(' '));
  return features;
}
