/** Free notes over all traces. */
import type { Counted, NoteCounts, NoteFilter, NotePage, NoteRow } from '#shared/coding.ts';
import { annotationOf } from './annotation-queries.ts';
import type { Reader, SqlValue } from './database.ts';

const NOTES = "annotation a JOIN trace t USING (trace_key) WHERE a.kind = 'note' AND a.removed = 0";
const IS_CODED = `EXISTS (SELECT 1 FROM annotation c WHERE c.trace_key = a.trace_key AND c.from_note = a.annotation_id AND c.removed = 0)`;
const MAX_GROUPS = 500;
const MAX_VALUES = 50;

type Where = { readonly sql: string; readonly params: readonly SqlValue[] };

type NoteQuery = NoteFilter & {
  /** Null = those under no working title; undefined = all. */
  readonly group?: string | null;
  readonly cursor?: number;
  readonly limit: number;
};

type StoredNote = {
  readonly annotation_key: number;
  readonly trace_key: number;
  readonly annotation_id: string;
  readonly name: string;
  readonly workflow: string | null;
  readonly note_group: string | null;
};

export function listNotes(reader: Reader, { group, cursor, limit, ...filter }: NoteQuery): NotePage {
  const { sql, params } = whereOf(filter);
  const more: string[] = [];
  const values: SqlValue[] = [...params];
  if (group === null) more.push('AND a.note_group IS NULL');
  else if (group !== undefined) {
    more.push('AND a.note_group = ?');
    values.push(group);
  }
  if (cursor !== undefined) {
    more.push('AND a.annotation_key < ?');
    values.push(cursor);
  }
  const rows = reader.all<StoredNote>(
    `SELECT a.annotation_key, a.trace_key, a.annotation_id, COALESCE(t.name, t.root_name, '') AS name, t.workflow, a.note_group
     FROM ${NOTES} ${sql} ${more.join(' ')} ORDER BY a.annotation_key DESC LIMIT ?`,
    [...values, limit + 1],
  );
  const page = rows.slice(0, limit);
  return {
    notes: page.flatMap((row) => noteOf(reader, row) ?? []),
    nextCursor: rows.length > limit ? (page.at(-1)?.annotation_key ?? null) : null,
  };
}

export function countNotes(reader: Reader, filter: NoteFilter): NoteCounts {
  const { sql, params } = whereOf(filter);
  const groups = reader.all<NoteCounts['groups'][number]>(
    `SELECT a.note_group AS "group", count(*) AS notes, sum(${IS_CODED}) AS coded FROM ${NOTES} ${sql}
     GROUP BY a.note_group ORDER BY a.note_group IS NULL, notes DESC, a.note_group`,
    params,
  );
  return {
    total: groups.reduce((sum, { notes }) => sum + notes, 0),
    coded: groups.reduce((sum, { coded }) => sum + coded, 0),
    // The last one is that of no title, which must be there.
    groups: groups.length > MAX_GROUPS ? [...groups.slice(0, MAX_GROUPS - 1), ...groups.slice(-1)] : groups,
    authors: values(reader, 'a.annotator', NOTES),
    workflows: values(reader, 't.workflow', NOTES),
    tags: values(
      reader,
      'g.value',
      `annotation a JOIN json_each(a.state, '$.tags') g WHERE a.kind = 'note' AND a.removed = 0`,
    ),
  };
}

/** Ids of the categories that were made of a note. */
export function codesOfNote(reader: Reader, traceKey: number, noteId: string): NoteRow['codes'] {
  return reader.all(
    `SELECT annotation_id AS id, taxonomy, category FROM annotation
     WHERE trace_key = ? AND from_note = ? AND removed = 0 ORDER BY annotation_key`,
    [traceKey, noteId],
  );
}

function noteOf(reader: Reader, row: StoredNote): NoteRow | null {
  const annotation = annotationOf(reader, row.trace_key, row.annotation_id);
  return (
    annotation && {
      ...annotation,
      traceName: row.name,
      workflow: row.workflow,
      group: row.note_group,
      codes: codesOfNote(reader, row.trace_key, row.annotation_id),
    }
  );
}

function whereOf({ author, workflow, tag, text, open }: NoteFilter): Where {
  const sql: string[] = [];
  const params: SqlValue[] = [];
  function add(condition: string, value: string | undefined): void {
    if (value === undefined || value === '') return;
    sql.push(`AND ${condition}`);
    params.push(value);
  }
  add('a.annotator = ?', author);
  add('t.workflow = ?', workflow);
  add(`EXISTS (SELECT 1 FROM json_each(a.state, '$.tags') g WHERE g.value = ?)`, tag);
  add(
    `a.note LIKE ? ESCAPE '\\'`,
    text === undefined || text === '' ? undefined : `%${text.replace(/[\\%_]/g, '\\$&')}%`,
  );
  if (open === true) sql.push(`AND NOT ${IS_CODED}`);
  return { sql: sql.join(' '), params };
}

function values(reader: Reader, column: string, from: string): readonly Counted[] {
  return reader.all<Counted>(
    `SELECT ${column} AS value, count(*) AS count FROM ${from} AND ${column} IS NOT NULL
     GROUP BY ${column} ORDER BY count DESC, value LIMIT ${MAX_VALUES}`,
  );
}
