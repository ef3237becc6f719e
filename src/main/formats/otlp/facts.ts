/** The best value of each field of one span so far; one object serves all spans of a decode in turn. */
import type { Field, Facts } from './dialects/types.ts';
import { FIELDS } from './table.ts';

/** A place for each field; an object, because the engine knows its places beforehand and a map's it must look up. */
const PLACE = Object.fromEntries(FIELDS.map((field, at) => [field, at])) as Readonly<Record<Field, number>>;

export type FactSheet = {
  readonly clear: () => void;
  readonly get: <F extends Field>(field: F) => Facts[F] | null;
  /** Rank of the value that won; Infinity when there is none. */
  readonly rank: (field: Field) => number;
  /** Index of the dialect of the value that won; -1 when there is none. */
  readonly dialect: (field: Field) => number;
  /** Sets the value when it says something; the caller has compared ranks. */
  readonly offer: (field: Field, rank: number, dialect: number, value: unknown) => void;
};

export function createFactSheet(): FactSheet {
  const values = new Array<unknown>(FIELDS.length).fill(null);
  const ranks = new Float64Array(FIELDS.length);
  const dialects = new Int8Array(FIELDS.length);
  /** Set of the fields that have a value; what the others hold is of an earlier span. */
  let said = 0;
  return {
    clear() {
      said = 0;
    },
    // The one place where the type of a value is taken on trust: sources are typed by their field.
    get: <F extends Field>(field: F) =>
      ((said & (1 << PLACE[field])) === 0 ? null : values[PLACE[field]]) as Facts[F] | null,
    rank: (field) => ((said & (1 << PLACE[field])) === 0 ? Infinity : (ranks[PLACE[field]] ?? Infinity)),
    dialect: (field) => ((said & (1 << PLACE[field])) === 0 ? -1 : (dialects[PLACE[field]] ?? -1)),
    offer(field, rank, dialect, value) {
      if (value === null || value === undefined) return;
      const place = PLACE[field];
      said |= 1 << place;
      values[place] = value;
      ranks[place] = rank;
      dialects[place] = dialect;
    },
  };
}
