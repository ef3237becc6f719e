/** The best value of each field of one span so far; one object serves all spans of a decode in turn. */
import type { Field, Facts } from './dialects/types.ts';
import { FIELDS } from './table.ts';

const INDEX = new Map<Field, number>(FIELDS.map((field, at) => [field, at]));

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
  const ranks = new Float64Array(FIELDS.length).fill(Infinity);
  const dialects = new Int8Array(FIELDS.length).fill(-1);
  function at(field: Field): number {
    return INDEX.get(field) ?? 0;
  }
  return {
    clear() {
      values.fill(null);
      ranks.fill(Infinity);
      dialects.fill(-1);
    },
    // The one place where the type of a value is taken on trust: sources are typed by their field.
    get: <F extends Field>(field: F) => values[at(field)] as Facts[F] | null,
    rank: (field) => ranks[at(field)] ?? Infinity,
    dialect: (field) => dialects[at(field)] ?? -1,
    offer(field, rank, dialect, value) {
      if (value === null || value === undefined) return;
      const index = at(field);
      values[index] = value;
      ranks[index] = rank;
      dialects[index] = dialect;
    },
  };
}
