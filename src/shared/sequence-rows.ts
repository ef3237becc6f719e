/** A sequence as it is drawn: a repeat is one turn of it in a frame that says how often, until it is opened. */
import type { Sequence } from './sequence.ts';

/** Indices of folds that are open. */
export type OpenFolds = ReadonlySet<number>;

export type Frame = {
  /** Index into the sequence's folds. */
  readonly fold: number;
  /** First and last row inside. */
  readonly first: number;
  readonly last: number;
  /** 0 = in no other frame. */
  readonly depth: number;
  readonly open: boolean;
};

export type SequenceRows = {
  /** Row → position of its message in the columns. */
  readonly message: Int32Array;
  /** Row → how many frames it stands in. */
  readonly depth: Uint16Array;
  /** In order of the first row, outer ones first. */
  readonly frames: readonly Frame[];
};

type OpenFrame = { readonly fold: number; readonly place: number; readonly until: number; readonly next: number };

export function sequenceRows(sequence: Sequence, open: OpenFolds): SequenceRows {
  const { folds, first, count } = sequence;
  const message = new Int32Array(count);
  const depth = new Uint16Array(count);
  const frames: Frame[] = [];
  const within: OpenFrame[] = [];
  let rows = 0;
  let next = 0;
  for (let at = 0; at <= count;) {
    for (let top = within.at(-1); top && top.until <= at; top = within.at(-1)) {
      within.pop();
      const frame = frames[top.place];
      if (frame) frames[top.place] = { ...frame, last: rows - 1 };
      at = Math.max(at, top.next);
    }
    if (at >= count) {
      if (within.length === 0) break;
      // A page may end inside a repeat.
      within.forEach(({ place }) => {
        const frame = frames[place];
        if (frame) frames[place] = { ...frame, last: rows - 1 };
      });
      break;
    }
    for (; next < folds.start.length && foldStart(next) <= at; next++) {
      const start = foldStart(next);
      const period = folds.period[next] ?? 1;
      const end = start + period * (folds.count[next] ?? 1);
      // Behind what a closed frame skips, or begun on an earlier page.
      if (start < at || end <= start) continue;
      const isOpen = open.has(next);
      within.push({ fold: next, place: frames.length, until: isOpen ? end : start + period, next: end });
      frames.push({ fold: next, first: rows, last: rows, depth: within.length - 1, open: isOpen });
    }
    message[rows] = at;
    depth[rows] = within.length;
    rows++;
    at++;
  }
  return { message: message.subarray(0, rows), depth: depth.subarray(0, rows), frames };

  function foldStart(fold: number): number {
    return (folds.start[fold] ?? 0) - first;
  }
}

/** The row of a message, or of the last row before it when a repeat hides it; -1 when there is none. */
export function rowOfMessage({ message }: SequenceRows, position: number): number {
  let low = 0;
  let high = message.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((message[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The message that stands for one: itself, or the same of the turn that a closed repeat shows. */
export function standsFor({ folds, first }: Sequence, { frames }: SequenceRows, position: number): number {
  let shown = position;
  for (const { fold, open } of frames) {
    const start = (folds.start[fold] ?? 0) - first;
    const period = folds.period[fold] ?? 1;
    if (open || shown < start + period || shown >= start + period * (folds.count[fold] ?? 1)) continue;
    shown = start + ((shown - start) % period);
  }
  return shown;
}

/** The open folds with those that hide a message; the same set when none does. */
export function openTo({ folds, first }: Sequence, open: OpenFolds, position: number): OpenFolds {
  let opened: Set<number> | null = null;
  for (let fold = 0; fold < folds.start.length; fold++) {
    const start = (folds.start[fold] ?? 0) - first;
    if (start > position) break;
    const period = folds.period[fold] ?? 1;
    // The first turn is on show anyway.
    if (position < start + period || position >= start + period * (folds.count[fold] ?? 1) || open.has(fold)) continue;
    opened ??= new Set(open);
    opened.add(fold);
  }
  return opened ?? open;
}
