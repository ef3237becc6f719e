/** Graders and their versions. A version is never changed; saving what an earlier one says brings that one back. */
import type { GraderDefinition, GraderRow, GraderVersion } from '#shared/grader.ts';
import type { Reader, Writer } from './database.ts';

type VersionRow = {
  readonly version_key: number;
  readonly grader_id: string;
  readonly number: number;
  readonly hash: string;
  readonly body: string;
  readonly author: string | null;
  readonly note: string | null;
  readonly made_at: number;
};

const VERSION = 'v.version_key, g.grader_id, v.number, v.hash, v.body, v.author, v.note, v.made_at';

type RowOfGrader = VersionRow & {
  readonly name: string;
  readonly type: string;
  readonly archived: number;
  readonly versions: number;
  readonly grades: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
};

/** Counts are of traces as wholes; what passed, failed or erred is each trace's last verdict. */
const GRADER = `${VERSION}, g.name, g.type, g.archived,
  (SELECT count(*) FROM grader_version n WHERE n.grader_key = g.grader_key) AS versions,
  (SELECT count(*) FROM grade d WHERE d.grader_key = g.grader_key AND d.span_id = '') AS grades,
  (SELECT count(*) FROM grade d WHERE d.grader_key = g.grader_key AND d.span_id = '' AND d.latest = 1 AND d.passed = 1) AS passed,
  (SELECT count(*) FROM grade d WHERE d.grader_key = g.grader_key AND d.span_id = '' AND d.latest = 1 AND d.passed = 0) AS failed,
  (SELECT count(*) FROM grade d WHERE d.grader_key = g.grader_key AND d.span_id = '' AND d.latest = 1 AND d.status = 'errored') AS errored
  FROM grader g JOIN grader_version v ON v.version_key = g.current`;

/** By name; those in use before archived ones. */
export function gradersOf(reader: Reader, archived: boolean): GraderRow[] {
  return reader
    .all<RowOfGrader>(
      `SELECT ${GRADER} ${archived ? '' : 'WHERE g.archived = 0'} ORDER BY g.archived, lower(g.name), g.grader_key`,
    )
    .map(graderOf);
}

export function graderById(reader: Reader, graderId: string): GraderRow | null {
  const row = reader.get<RowOfGrader>(`SELECT ${GRADER} WHERE g.grader_id = ?`, [graderId]);
  return row ? graderOf(row) : null;
}

/** Id of a grader in use that says this now; null without one. */
export function graderByHash(reader: Reader, hash: string): string | null {
  return (
    reader.get<{ grader_id: string }>(
      'SELECT g.grader_id FROM grader g JOIN grader_version v ON v.version_key = g.current WHERE v.hash = ? AND g.archived = 0',
      [hash],
    )?.grader_id ?? null
  );
}

/** The newest first. */
export function versionsOf(reader: Reader, graderId: string): GraderVersion[] {
  return reader
    .all<VersionRow>(
      `SELECT ${VERSION} FROM grader_version v JOIN grader g USING (grader_key) WHERE g.grader_id = ? ORDER BY v.number DESC`,
      [graderId],
    )
    .map(versionOf);
}

export type KeyedVersion = { readonly key: number; readonly version: GraderVersion };

/** The version in use of a grader; null when there is no such grader. */
export function currentVersion(reader: Reader, graderId: string): KeyedVersion | null {
  return keyed(
    reader.get<VersionRow>(
      `SELECT ${VERSION} FROM grader g JOIN grader_version v ON v.version_key = g.current WHERE g.grader_id = ?`,
      [graderId],
    ),
  );
}

export function versionByKey(reader: Reader, versionKey: number): KeyedVersion | null {
  return keyed(
    reader.get<VersionRow>(
      `SELECT ${VERSION} FROM grader_version v JOIN grader g USING (grader_key) WHERE v.version_key = ?`,
      [versionKey],
    ),
  );
}

export type NewVersion = {
  readonly graderId: string;
  readonly definition: GraderDefinition;
  /** Canonical JSON of the definition, and its SHA-256. */
  readonly body: string;
  readonly hash: string;
  readonly author: string | null;
  readonly note: string | null;
  readonly now: number;
};

/** Makes the grader where there is none. */
export function putVersion(writer: Writer, made: NewVersion): void {
  const { graderId, definition, body, hash, author, note, now } = made;
  const { type, name } = definition;
  writer.run(
    'INSERT INTO grader (grader_id, name, type, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (grader_id) DO NOTHING',
    [graderId, name, type, now],
  );
  writer.run(
    `INSERT INTO grader_version (grader_key, number, hash, body, author, note, made_at)
     SELECT grader_key, (SELECT coalesce(max(number), 0) + 1 FROM grader_version v WHERE v.grader_key = g.grader_key), ?, ?, ?, ?, ?
     FROM grader g WHERE grader_id = ? ON CONFLICT (grader_key, hash) DO NOTHING`,
    [hash, body, author, note, now, graderId],
  );
  writer.run(
    `UPDATE grader SET name = ?, type = ?, current = (SELECT version_key FROM grader_version v WHERE v.grader_key = grader.grader_key AND v.hash = ?)
     WHERE grader_id = ?`,
    [name, type, hash, graderId],
  );
}

/** False when there is no such grader. */
export function archiveGrader(writer: Writer, graderId: string, archived: boolean): boolean {
  return writer.run('UPDATE grader SET archived = ? WHERE grader_id = ?', [archived ? 1 : 0, graderId]).changes > 0;
}

function graderOf(row: RowOfGrader): GraderRow {
  return {
    id: row.grader_id,
    name: row.name,
    type: row.type,
    archived: row.archived === 1,
    current: versionOf(row),
    versions: row.versions,
    grades: row.grades,
    passed: row.passed,
    failed: row.failed,
    errored: row.errored,
  };
}

function keyed(row: VersionRow | undefined): KeyedVersion | null {
  return row ? { key: row.version_key, version: versionOf(row) } : null;
}

function versionOf(row: VersionRow): GraderVersion {
  return {
    graderId: row.grader_id,
    number: row.number,
    hash: row.hash,
    definition: JSON.parse(row.body) as GraderDefinition,
    author: row.author,
    note: row.note,
    createdAt: row.made_at,
  };
}
