/** Taxonomies and score schemas as people left them: each version stays. */
import type { Reader, Writer } from './database.ts';

export type DefinitionKind = 'taxonomy' | 'score_schema';

export type StoredDefinition = {
  readonly id: string;
  readonly version: number;
  /** JSON; null = removed, or as it ships with the app again. */
  readonly body: string | null;
  readonly author: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly madeAt: number;
};

const COLUMNS = 'id, version, body, author, made_at AS madeAt';

/** The newest version of each. */
export function newestDefinitions(reader: Reader, kind: DefinitionKind): StoredDefinition[] {
  return reader.all<StoredDefinition>(
    `SELECT ${COLUMNS} FROM definition d WHERE kind = ?
       AND version = (SELECT max(version) FROM definition n WHERE n.kind = d.kind AND n.id = d.id) ORDER BY id`,
    [kind],
  );
}

/** Oldest first. */
export function definitionVersions(reader: Reader, kind: DefinitionKind, id: string): StoredDefinition[] {
  return reader.all<StoredDefinition>(`SELECT ${COLUMNS} FROM definition WHERE kind = ? AND id = ? ORDER BY version`, [
    kind,
    id,
  ]);
}

export function putDefinition(writer: Writer, kind: DefinitionKind, definition: StoredDefinition): void {
  const { id, version, body, author, madeAt } = definition;
  writer.run('INSERT INTO definition (kind, id, version, body, author, made_at) VALUES (?, ?, ?, ?, ?, ?)', [
    kind,
    id,
    version,
    body,
    author,
    madeAt,
  ]);
}
