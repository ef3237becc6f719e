/** How often categories are named, as they are spelt in the data. */
import type { Reader } from './database.ts';

type SpellingCount = { readonly spelling: string; readonly annotations: number };

/** Spellings of the categories of one label set, the most frequent first. */
export function spellingsUsed(reader: Reader, taxonomy: string): SpellingCount[] {
  return reader.all<SpellingCount>(
    `SELECT category AS spelling, count(*) AS annotations FROM annotation
     WHERE taxonomy = ? AND category IS NOT NULL AND removed = 0 AND kind <> 'score' GROUP BY category ORDER BY annotations DESC, category`,
    [taxonomy],
  );
}

/** In how many traces each code is, where `codes` says what a spelling counts as. */
export function tracesByCode(
  reader: Reader,
  taxonomy: string,
  codes: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const rows = reader.rows<[string, number]>(
    `SELECT m.value, count(DISTINCT a.trace_key) FROM json_each(?) m JOIN annotation a ON a.category = m.key
     WHERE a.taxonomy = ? AND a.removed = 0 AND a.kind <> 'score' GROUP BY m.value`,
    [JSON.stringify(Object.fromEntries(codes)), taxonomy],
  );
  return new Map(rows);
}

/** Label sets that categories were named of, the most frequent first, at most 100. */
export function labelSetsUsed(reader: Reader): { readonly id: string; readonly annotations: number }[] {
  return reader.all(
    `SELECT taxonomy AS id, count(*) AS annotations FROM annotation
     WHERE taxonomy IS NOT NULL AND category IS NOT NULL AND removed = 0 AND kind <> 'score' GROUP BY taxonomy ORDER BY annotations DESC, taxonomy LIMIT 100`,
  );
}
