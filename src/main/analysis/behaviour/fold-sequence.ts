/**
 * Many runs folded into one order of steps: each is aligned with the run that has most in common with the others (star
 * alignment), and what several have between two of its steps is folded in the same way. Nothing is lost: each step of each run
 * is in one of the folded steps, or is counted as rare at its place.
 */
import { alignSymbols, commonLength } from '../alignment/common-subsequence.ts';
import { at, i32 } from '../at.ts';

/** A step of one run: which run, and its place there. */
export type Member = { readonly run: number; readonly at: number };

type FoldedStep = {
  readonly symbol: number;
  /** At most one of each run. */
  readonly members: readonly Member[];
  /** Steps of single runs that stand before it and are not common. */
  readonly othersBefore: number;
};

export type FoldedSequence = { readonly steps: readonly FoldedStep[]; readonly othersAfter: number };

/** A stretch of one run, `from` to `to` (left out). */
type Piece = { readonly run: number; readonly from: number; readonly to: number };
type Found = { readonly symbol: number; readonly members: readonly Member[] } | { readonly others: number };

type Options = {
  /** Whether a step of these runs is common enough to be shown. */
  readonly isCommon: (runs: readonly Member[]) => boolean;
  readonly most: number;
  /** Called now and then; throws to give up. */
  readonly check?: () => void;
};

/** What stands between steps is folded again; so deep in between it is counted only. */
const DEEPEST = 8;
/** Runs that are tried as the one that stands for all, and those that they are held against. */
const CANDIDATES = 48;
const REFERENCES = 64;
/** Steps of the bit-parallel alignment, in words, that looking for it may take. */
const MOST_WORK = 100_000_000;

export function foldSequences(runs: readonly Int32Array[], { isCommon, most, check }: Options): FoldedSequence {
  const symbolsOf = ({ run, from, to }: Piece): Int32Array => at(runs, run).subarray(from, to);

  function fold(pieces: readonly Piece[], depth: number): Found[] {
    if (pieces.length === 0) return [];
    if (depth > DEEPEST || !isCommon(pieces.map(({ run, from }) => ({ run, at: from }))))
      return [{ others: lengthOf(pieces) }];
    check?.();
    const star = symbolsOf(mostCentral(pieces, symbolsOf));
    const columns: Member[][] = Array.from({ length: star.length }, () => []);
    const gaps: Piece[][] = Array.from({ length: star.length + 1 }, () => []);
    for (const piece of pieces) {
      const { a, b } = alignSymbols(star, symbolsOf(piece));
      let gap = 0;
      let next = piece.from;
      for (let pair = 0; pair < a.length; pair++) {
        const place = piece.from + i32(b, pair);
        if (place > next) at(gaps, gap).push({ run: piece.run, from: next, to: place });
        at(columns, i32(a, pair)).push({ run: piece.run, at: place });
        gap = i32(a, pair) + 1;
        next = place + 1;
      }
      if (piece.to > next) at(gaps, gap).push({ run: piece.run, from: next, to: piece.to });
    }
    const found: Found[] = [];
    for (let place = 0; place <= star.length; place++) {
      for (const one of fold(at(gaps, place), depth + 1)) found.push(one);
      if (place === star.length) break;
      const members = at(columns, place);
      found.push(isCommon(members) ? { symbol: i32(star, place), members } : { others: members.length });
    }
    return found;
  }

  const whole = runs.map((symbols, run): Piece => ({ run, from: 0, to: symbols.length }));
  return collect(
    fold(
      whole.filter(({ to }) => to > 0),
      0,
    ),
    most,
  );
}

/** Of too many steps, those that most runs have. */
function collect(found: readonly Found[], most: number): FoldedSequence {
  const counts = found.flatMap((one) => ('symbol' in one ? [one.members.length] : [])).sort((a, b) => b - a);
  const least = counts[most - 1] ?? 0;
  let spare = most - counts.filter((count) => count > least).length;
  const steps: FoldedStep[] = [];
  let others = 0;
  for (const one of found) {
    if (!('symbol' in one)) others += one.others;
    else if (one.members.length > least || (one.members.length === least && spare-- > 0)) {
      steps.push({ symbol: one.symbol, members: one.members, othersBefore: others });
      others = 0;
    } else others += one.members.length;
  }
  return { steps, othersAfter: others };
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The piece that is most like the others: 2 × what is in common ÷ what both have, in the mean. */
function mostCentral(pieces: readonly Piece[], symbolsOf: (piece: Piece) => Int32Array): Piece {
  // Equal ones are tried once and count as often as they are there.
  const distinct = new Map<string, { readonly piece: Piece; readonly symbols: Int32Array; weight: number }>();
  for (const piece of pieces) {
    const symbols = symbolsOf(piece);
    const key = symbols.join(' ');
    const known = distinct.get(key);
    if (known) known.weight++;
    else distinct.set(key, { piece, symbols, weight: 1 });
  }
  const all = [...distinct.values()].sort((a, b) => b.weight - a.weight || a.piece.run - b.piece.run);
  const references = all.length <= REFERENCES ? all : spread(all, REFERENCES);
  const mean = lengthOf(pieces) / pieces.length;
  const work = references.reduce((sum, { symbols }) => sum + symbols.length, 0) * Math.max(1, mean / 32);
  const tried = all
    .toSorted(
      (a, b) =>
        b.weight - a.weight ||
        Math.abs(a.symbols.length - mean) - Math.abs(b.symbols.length - mean) ||
        a.piece.run - b.piece.run,
    )
    .slice(0, Math.max(1, Math.min(CANDIDATES, Math.floor(MOST_WORK / Math.max(1, work)))));
  let best = at(all, 0).piece;
  let most = -1;
  for (const candidate of tried) {
    let likeness = 0;
    for (const { symbols, weight } of references)
      likeness += (weight * 2 * commonLength(candidate.symbols, symbols)) / (candidate.symbols.length + symbols.length);
    if (likeness > most) [most, best] = [likeness, candidate.piece];
  }
  return best;
}

/** So many of them, evenly over the list, the first among them. */
function spread<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, k) => at(list, Math.floor((k * list.length) / count)));
}
