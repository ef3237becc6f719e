/**
 * What graders said of traces. Each version has one word on a place; the last word of a grader on a trace also stands
 * among the trace's scores, under the grader's name, so that searches, lists and exports have it.
 */
import type { Grade, GradeRow } from '#shared/grader.ts';
import type { GradePage } from '#shared/grading.ts';
import type { QueryTerm } from '#shared/query.ts';
import type { Reader, SqlValue, Writer } from './database.ts';

/** Of the `score` rows that are verdicts of a grader here. */
function scoreSource(graderId: string): string {
  return `grader:${graderId}`;
}

export type NewGrade = {
  readonly traceKey: number;
  readonly versionKey: number;
  readonly revision: number;
  readonly now: number;
  /** The trace as a whole first: spanId null. */
  readonly grades: readonly { readonly spanId: string | null; readonly grade: Grade }[];
};

/** Replaces what the same version said of the trace before. */
export function putGrades(writer: Writer, { traceKey, versionKey, revision, now, grades }: NewGrade): void {
  const grader = writer.get<{ grader_key: number; grader_id: string; name: string }>(
    'SELECT grader_key, grader_id, name FROM grader_version v JOIN grader g USING (grader_key) WHERE v.version_key = ?',
    [versionKey],
  );
  if (!grader) return;
  writer.run('DELETE FROM grade WHERE trace_key = ? AND version_key = ?', [traceKey, versionKey]);
  writer.run('UPDATE grade SET latest = 0 WHERE trace_key = ? AND grader_key = ? AND latest = 1', [
    traceKey,
    grader.grader_key,
  ]);
  for (const { spanId, grade } of oneForEachPlace(grades)) {
    const { status, score, label, passed, ...body } = grade;
    writer.run(
      `INSERT INTO grade (trace_key, span_id, version_key, grader_key, latest, status, score, label, passed, trace_revision, graded_at, body)
       VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      [
        traceKey,
        spanId ?? '',
        versionKey,
        grader.grader_key,
        status,
        score,
        label,
        passed === null ? null : passed ? 1 : 0,
        revision,
        now,
        JSON.stringify(body),
      ],
    );
  }
  const whole = grades.find(({ spanId }) => spanId === null)?.grade;
  if (whole) putAsScore(writer, traceKey, grader, whole);
}

/** A span may prove several handoffs, each with a verdict: the worst of them is told, in its place. */
function oneForEachPlace(grades: NewGrade['grades']): NewGrade['grades'] {
  const places = new Map<string, NewGrade['grades'][number]>();
  for (const each of grades) {
    const key = each.spanId ?? '';
    const before = places.get(key);
    if (!before || badness(each.grade) > badness(before.grade)) places.set(key, each);
  }
  return [...places.values()];
}

function badness({ status, passed }: Grade): number {
  if (status === 'errored') return 2;
  if (status === 'not_applicable') return 0;
  return passed === false ? 3 : 1;
}

/** One that erred or does not apply is no score. */
function putAsScore(
  writer: Writer,
  traceKey: number,
  { grader_id: graderId, name }: { readonly grader_id: string; readonly name: string },
  { status, score, label, passed, explanation }: Grade,
): void {
  const source = scoreSource(graderId);
  writer.run("DELETE FROM score WHERE trace_key = ? AND span_id = '' AND source = ?", [traceKey, source]);
  if (status !== 'graded') return;
  writer.run(
    "INSERT INTO score (trace_key, span_id, name, source, value, label, passed, explanation) VALUES (?, '', ?, ?, ?, ?, ?, ?)",
    [traceKey, name, source, score, label, passed === null ? null : passed ? 1 : 0, explanation],
  );
}

/** To be called when a grader has another name by now. */
export function renameScores(writer: Writer, graderId: string, name: string): void {
  writer.run('UPDATE score SET name = ? WHERE source = ? AND name <> ?', [name, scoreSource(graderId), name]);
}

type StoredGrade = {
  readonly grade_key: number;
  readonly trace_id: string;
  readonly span_id: string;
  readonly grader_id: string;
  readonly name: string;
  readonly hash: string;
  readonly number: number;
  readonly status: Grade['status'];
  readonly score: number | null;
  readonly label: string | null;
  readonly passed: number | null;
  readonly trace_revision: number;
  readonly stale: number;
  readonly graded_at: number;
  readonly body: string;
};

const GRADE = `d.grade_key, t.trace_id, d.span_id, g.grader_id, g.name, v.hash, v.number, d.status, d.score, d.label, d.passed, d.trace_revision, t.revision > d.trace_revision AS stale,
  d.graded_at, d.body FROM grade d JOIN trace t USING (trace_key) JOIN grader_version v USING (version_key) JOIN grader g ON g.grader_key = d.grader_key`;

/** Of all versions, by the grader's name; of one grader the last word first, and of one version the trace before its parts. */
export function gradesOf(reader: Reader, traceKeys: readonly number[], limit: number): GradeRow[] {
  return reader
    .all<StoredGrade>(
      `SELECT ${GRADE} WHERE d.trace_key IN (SELECT value FROM json_each(?))
       ORDER BY lower(g.name), g.grader_key, d.latest DESC, v.number DESC, d.grade_key LIMIT ?`,
      [JSON.stringify(traceKeys), limit],
    )
    .map(gradeOf);
}

export type GradeFilter = {
  readonly graderId: string;
  readonly versionHash?: string;
  readonly passed?: boolean | null;
  readonly status?: Grade['status'];
  readonly cursor?: string;
};

/** Verdicts on traces as wholes, the newest first. Without a version, the last word on each trace. */
export function pageOfGrades(reader: Reader, filter: GradeFilter, limit: number): GradePage {
  const where = ['g.grader_id = ?', "d.span_id = ''"];
  const params: (string | number)[] = [filter.graderId];
  if (filter.versionHash === undefined) where.push('d.latest = 1');
  else {
    where.push('v.hash = ?');
    params.push(filter.versionHash);
  }
  if (filter.passed === null) where.push('d.passed IS NULL');
  else if (filter.passed !== undefined) {
    where.push('d.passed = ?');
    params.push(filter.passed ? 1 : 0);
  }
  if (filter.status !== undefined) {
    where.push('d.status = ?');
    params.push(filter.status);
  }
  if (/^\d{1,15}$/.test(filter.cursor ?? '')) {
    where.push('d.grade_key < ?');
    params.push(Number(filter.cursor));
  }
  const rows = reader.all<StoredGrade>(
    `SELECT ${GRADE} WHERE ${where.join(' AND ')} ORDER BY d.grade_key DESC LIMIT ?`,
    [...params, limit + 1],
  );
  const page = rows.slice(0, limit);
  return { rows: page.map(gradeOf), nextCursor: rows.length > limit ? String(page.at(-1)?.grade_key ?? '') : null };
}

/** What one version said of traces as wholes: the traces, the newest verdict first, with those that have changed since. */
export function versionVerdicts(
  reader: Reader,
  graderId: string,
  versionHash: string,
): readonly { readonly traceId: string; readonly stale: boolean }[] {
  return reader
    .rows<[string, number]>(
      `SELECT t.trace_id, t.revision > d.trace_revision FROM grade d JOIN trace t USING (trace_key) JOIN grader_version v USING (version_key)
       JOIN grader g ON g.grader_key = d.grader_key WHERE g.grader_id = ? AND v.hash = ? AND d.span_id = '' ORDER BY d.grade_key DESC`,
      [graderId, versionHash],
    )
    .map(([traceId, stale]) => ({ traceId, stale: stale === 1 }));
}

/** The same verdicts in full, of the traces given. */
export function versionGrades(
  reader: Reader,
  graderId: string,
  versionHash: string,
  traceIds: readonly string[],
): GradeRow[] {
  return reader
    .all<StoredGrade>(
      `SELECT ${GRADE} WHERE g.grader_id = ? AND v.hash = ? AND d.span_id = '' AND t.trace_id IN (SELECT value FROM json_each(?))`,
      [graderId, versionHash, JSON.stringify(traceIds)],
    )
    .map(gradeOf);
}

type GradeTerm = Extract<QueryTerm, { type: 'grade' }>;

/**
 * Traces `t` of which a grader in use said this last. A name that no grader has, letter case aside, is looked for as a part.
 * @param like pattern of a part of a name
 */
export function gradeCondition(
  { name, outcome, comparison, value }: GradeTerm,
  like: (name: string) => string,
): { readonly sql: string; readonly params: readonly SqlValue[] } {
  const where = ["d.span_id = ''", 'd.latest = 1', 'g.archived = 0'];
  const params: SqlValue[] = [];
  if (name !== null) {
    where.push(`(g.name = ? COLLATE NOCASE OR (g.name LIKE ? ESCAPE '\\'
      AND NOT EXISTS (SELECT 1 FROM grader e WHERE e.archived = 0 AND e.name = ? COLLATE NOCASE)))`);
    params.push(name, like(name), name);
  }
  if (outcome === 'pass' || outcome === 'fail') where.push(`d.passed = ${outcome === 'pass' ? 1 : 0}`);
  else if (outcome !== null) where.push(`d.status = '${outcome === 'error' ? 'errored' : 'not_applicable'}'`);
  if (comparison !== null) {
    where.push(`d.score ${comparison} ?`);
    params.push(value);
  }
  return {
    sql: `(t.trace_key IN (SELECT d.trace_key FROM grader g CROSS JOIN grade d ON d.grader_key = g.grader_key WHERE ${where.join(' AND ')}))`,
    params,
  };
}

/**
 * Traces that graders in use passed or failed last, as `grade:` is searched for; those of one name are one.
 * @param within what the traces counted are selected by: `trace_key`s
 */
export function countVerdicts(
  reader: Reader,
  within: { readonly sql: string; readonly params: readonly SqlValue[] } | null,
  limit: number,
): { readonly value: string; readonly count: number }[] {
  return reader.all(
    `SELECT min(g.name) || CASE d.passed WHEN 1 THEN '=pass' ELSE '=fail' END AS value, count(*) AS count
     FROM grader g CROSS JOIN grade d ON d.grader_key = g.grader_key AND d.span_id = '' AND d.latest = 1 AND d.status = 'graded'
     WHERE g.archived = 0 AND d.passed IS NOT NULL ${within === null ? '' : `AND d.trace_key IN (${within.sql})`}
     GROUP BY lower(g.name), d.passed ORDER BY lower(g.name), d.passed LIMIT ?`,
    [...(within?.params ?? []), limit],
  );
}

function gradeOf(row: StoredGrade): GradeRow {
  const body = JSON.parse(row.body) as Omit<Grade, 'status' | 'score' | 'label' | 'passed'>;
  return {
    ...body,
    status: row.status,
    score: row.score,
    label: row.label,
    passed: row.passed === null ? null : row.passed === 1,
    traceId: row.trace_id,
    spanId: row.span_id === '' ? null : row.span_id,
    graderId: row.grader_id,
    grader: row.name,
    versionHash: row.hash,
    versionNumber: row.number,
    traceRevision: row.trace_revision,
    stale: row.stale === 1,
    gradedAt: row.graded_at,
  };
}
