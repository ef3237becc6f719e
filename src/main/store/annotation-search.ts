/** Traces by what was said of them, and how many there are of each: labels as they count, annotators, verdicts, scores. */
import type { Comparison } from '#shared/query.ts';
import { counting, folded } from '#shared/taxonomy.ts';
import { taxonomiesOf } from '../review/taxonomies.ts';
import type { Reader, SqlValue } from './database.ts';

type Condition = { readonly sql: string; readonly params: readonly SqlValue[] };
type Count = { readonly value: string; readonly count: number };

export function annotatedCondition(wanted: boolean): Condition {
  return {
    sql: `(${wanted ? '' : 'NOT '}EXISTS (SELECT 1 FROM annotation an WHERE an.trace_key = t.trace_key AND an.removed = 0))`,
    params: [],
  };
}

/** A label in any spelling that counts as it; one that nobody used is looked for as a part. */
export function labelCondition(reader: Reader, wanted: string): Condition {
  const used = labelsUsed(reader);
  const key = folded(wanted);
  let found = used.filter(
    ({ category, label, isCalled }) => folded(category) === key || folded(label) === key || isCalled(wanted),
  );
  if (found.length === 0)
    found = used.filter(({ category, label }) => folded(category).includes(key) || folded(label).includes(key));
  return {
    sql: `(t.trace_key IN (SELECT a.trace_key FROM (${PAIRS}) m CROSS JOIN annotation a ON a.taxonomy IS m.taxonomy AND a.category = m.category
             WHERE a.removed = 0 AND a.kind <> 'score'))`,
    params: [pairsOf(found)],
  };
}

/** Who made an annotation; a name that nobody has is looked for as a part. */
export function annotatorCondition(name: string, like: string): Condition {
  return {
    sql: `(t.trace_key IN (SELECT trace_key FROM annotation WHERE removed = 0 AND annotator IS NOT NULL AND (annotator = ?
             OR (annotator LIKE ? ESCAPE '\\' AND NOT EXISTS (SELECT 1 FROM annotation e WHERE e.removed = 0 AND e.annotator = ?)))))`,
    params: [name, like, name],
  };
}

/** People's verdicts, and those that came with the data. */
export function verdictCondition(passed: boolean): Condition {
  const value = passed ? 1 : 0;
  return {
    sql: `(t.trace_key IN (SELECT trace_key FROM annotation WHERE removed = 0 AND passed = ?)
           OR t.trace_key IN (SELECT trace_key FROM score WHERE passed = ?))`,
    params: [value, value],
  };
}

/** @param name null = any score */
export function scoreCondition(name: string | null, comparison: Comparison | null, value: number): Condition {
  const bound = (column: string): string => (comparison === null ? '' : `AND ${column} ${comparison} ?`);
  const params = [...(name === null ? [] : [name]), ...(comparison === null ? [] : [value])];
  return {
    sql: `(t.trace_key IN (SELECT trace_key FROM score WHERE ${name === null ? 'true' : 'name = ?'} ${bound('value')})
           OR t.trace_key IN (SELECT trace_key FROM annotation WHERE removed = 0 AND kind = 'score' ${name === null ? '' : 'AND taxonomy = ?'} ${bound('score')}))`,
    params: [...params, ...params],
  };
}

/** @param within what the traces counted are selected by: `trace_key`s */
export function countLabels(reader: Reader, within: Condition | null, limit: number): Count[] {
  const used = labelsUsed(reader);
  if (used.length === 0) return [];
  return reader.all<Count>(
    `SELECT m.label AS value, count(DISTINCT a.trace_key) AS count FROM (${PAIRS}) m CROSS JOIN annotation a ON a.taxonomy IS m.taxonomy AND a.category = m.category
     WHERE a.removed = 0 AND a.kind <> 'score' ${inside(within)} GROUP BY m.label ORDER BY count DESC, value LIMIT ?`,
    [pairsOf(used), ...(within?.params ?? []), limit],
  );
}

export function countAnnotators(reader: Reader, within: Condition | null, limit: number): Count[] {
  return reader.all<Count>(
    `SELECT a.annotator AS value, count(DISTINCT a.trace_key) AS count FROM annotation a
     WHERE a.removed = 0 AND a.annotator IS NOT NULL ${inside(within)} GROUP BY a.annotator ORDER BY count DESC, value LIMIT ?`,
    [...(within?.params ?? []), limit],
  );
}

/** Traces with any annotation. */
export function countAnnotated(reader: Reader, within: Condition | null): number {
  return (
    reader.get<{ n: number }>(
      `SELECT count(DISTINCT a.trace_key) AS n FROM annotation a WHERE a.removed = 0 ${inside(within)}`,
      within?.params ?? [],
    )?.n ?? 0
  );
}

function inside(within: Condition | null): string {
  return within === null ? '' : `AND a.trace_key IN (${within.sql})`;
}

/** List of [label set, spelling, label]. */
const PAIRS = `SELECT value ->> 0 AS taxonomy, value ->> 1 AS category, value ->> 2 AS label FROM json_each(?)`;

type Label = {
  readonly taxonomy: string | null;
  /** As it is spelt. */
  readonly category: string;
  /** The title of what it counts as, else itself. */
  readonly label: string;
  /** Whether another spelling counts as the same. */
  readonly isCalled: (spelling: string) => boolean;
};

function pairsOf(labels: readonly Label[]): string {
  return JSON.stringify(labels.map(({ taxonomy, category, label }) => [taxonomy, category, label]));
}

/** Each spelling of each label set that is in use. */
function labelsUsed(reader: Reader): Label[] {
  const rows = reader.rows<[taxonomy: string | null, category: string]>(
    `SELECT DISTINCT taxonomy, category FROM annotation WHERE removed = 0 AND category IS NOT NULL AND kind <> 'score'`,
  );
  if (rows.length === 0) return [];
  const known = new Map(
    taxonomiesOf(reader).map((each) => [
      each.id,
      { codeOf: counting(each), titles: new Map(each.categories.map(({ code, title }) => [code, title])) },
    ]),
  );
  return rows.map(([taxonomy, category]) => {
    const set = taxonomy === null ? undefined : known.get(taxonomy);
    const code = set?.codeOf(category) ?? category;
    const title = set?.titles.get(code);
    return {
      taxonomy,
      category,
      // A title that another category claims would find that one.
      label: title !== undefined && set?.codeOf(title) === code ? title : code,
      isCalled: (spelling) => title !== undefined && set?.codeOf(spelling) === code,
    };
  });
}
