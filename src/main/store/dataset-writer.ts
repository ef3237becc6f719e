/**
 * How versions of a dataset are made. What changes is staged as rows of the version to come, which nobody reads yet, so that
 * a large file is written in many small transactions; `finishVersion` then makes the version, all at once.
 */
import { canonicalJson } from '#shared/canonical-json.ts';
import type { DatasetExample } from '#shared/dataset.ts';
import { MOST_EXAMPLES } from '#shared/dataset.ts';
import { AppFailure } from '#shared/result.ts';
import type { Writer } from './database.ts';
import type { KeyedDataset } from './dataset-store.ts';

export type NewDataset = { readonly id: string; readonly name: string; readonly now: number };

/** Nobody sees it before its first version; answers its key. */
export function beginDataset(writer: Writer, { id, name, now }: NewDataset): number {
  return writer.run('INSERT INTO dataset (dataset_id, name, version, created_at, updated_at) VALUES (?, ?, 0, ?, ?)', [
    id,
    name,
    now,
    now,
  ]).rowid;
}

export function renameDataset(writer: Writer, id: string, name: string, now: number): void {
  writer.run('UPDATE dataset SET name = ?, updated_at = ? WHERE dataset_id = ?', [name, now, id]);
}

export function archiveDataset(writer: Writer, id: string, archived: boolean): void {
  writer.run('UPDATE dataset SET archived = ? WHERE dataset_id = ?', [archived ? 1 : 0, id]);
}

/** What an import left that was broken off with the program. */
export function dropUnfinished(writer: Writer): void {
  writer.run('DELETE FROM dataset WHERE version = 0');
  writer.run(
    'DELETE FROM dataset_example WHERE first > (SELECT version FROM dataset d WHERE d.dataset_key = dataset_example.dataset_key)',
  );
}

/** The same of one dataset, whose import failed or was cancelled. */
export function dropStaged(writer: Writer, target: VersionTarget): void {
  writer.run('DELETE FROM dataset_example WHERE dataset_key = ? AND first > ?', [target.datasetKey, target.version]);
  if (target.version === 0) writer.run('DELETE FROM dataset WHERE dataset_key = ?', [target.datasetKey]);
}

/** The dataset whose next version is made. */
export type VersionTarget = Pick<KeyedDataset, 'datasetKey' | 'version'>;

export type Staged = 'added' | 'changed' | 'same';

/** A row of the version to come; one that is staged already under this key is replaced. */
export function stageExample(
  writer: Writer,
  { datasetKey, version }: VersionTarget,
  example: DatasetExample,
  inputHash: Uint8Array | null,
): Staged {
  const { key, ...body } = example;
  const next = version + 1;
  const current = writer.get<{ body: string; position: number }>(
    'SELECT body, position FROM dataset_example WHERE dataset_key = ? AND example_key = ? AND first <= ? AND (until IS NULL OR until > ?)',
    [datasetKey, key, version, version],
  );
  if (current && isSame(JSON.parse(current.body) as Body, body)) {
    writer.run('DELETE FROM dataset_example WHERE dataset_key = ? AND example_key = ? AND first = ?', [
      datasetKey,
      key,
      next,
    ]);
    return 'same';
  }
  const position =
    current?.position ??
    writer.get<{ next: number }>(
      'SELECT coalesce(max(position), -1) + 1 AS next FROM dataset_example WHERE dataset_key = ?',
      [datasetKey],
    )?.next ??
    0;
  writer.run(
    `INSERT INTO dataset_example (dataset_key, example_key, position, first, body, input_hash, trace_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (dataset_key, example_key, first) DO UPDATE SET
       body = excluded.body, input_hash = excluded.input_hash, trace_id = excluded.trace_id`,
    [datasetKey, key, position, next, JSON.stringify(body), inputHash, traceOf(body)],
  );
  return current ? 'changed' : 'added';
}

/** True when the version that is edited has it. */
export function stageRemoval(writer: Writer, { datasetKey, version }: VersionTarget, key: string): boolean {
  return (
    writer.run(
      `UPDATE dataset_example SET until = ?
       WHERE dataset_key = ? AND example_key = ? AND first <= ? AND until IS NULL`,
      [version + 1, datasetKey, key, version],
    ).changes > 0
  );
}

export type VersionFacts = {
  readonly note: string | null;
  readonly author: string | null;
  readonly now: number;
  /** How many examples of the version before were taken out already. */
  readonly removed: number;
};

/** Makes the version of what was staged and removed. Throws an AppFailure of `too_large`. */
export function finishVersion(writer: Writer, { datasetKey, version }: VersionTarget, facts: VersionFacts): void {
  const next = version + 1;
  // Both by indexes: bodies of a hundred thousand examples are not read for it.
  const staged =
    writer.get<{ n: number }>(
      'SELECT count(*) AS n FROM dataset_example INDEXED BY sqlite_autoindex_dataset_example_1 WHERE dataset_key = ? AND first = ?',
      [datasetKey, next],
    )?.n ?? 0;
  let replaced = 0;
  let before = 0;
  if (version > 0) {
    replaced = writer.run(
      `UPDATE dataset_example SET until = ? WHERE row_key IN (
         SELECT o.row_key FROM dataset_example n INDEXED BY sqlite_autoindex_dataset_example_1
         CROSS JOIN dataset_example o ON o.dataset_key = n.dataset_key AND o.example_key = n.example_key
         WHERE n.dataset_key = ? AND n.first = ? AND o.first < ? AND o.until IS NULL)`,
      [next, datasetKey, next, next],
    ).changes;
    before =
      writer.get<{ examples: number }>('SELECT examples FROM dataset_version WHERE dataset_key = ? AND version = ?', [
        datasetKey,
        version,
      ])?.examples ?? 0;
  }
  const examples = before + staged - replaced - facts.removed;
  if (examples > MOST_EXAMPLES) throw new AppFailure(TOO_MANY);
  writer.run(
    'INSERT INTO dataset_version (dataset_key, version, examples, note, author, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    [datasetKey, next, examples, facts.note, facts.author, facts.now],
  );
  writer.run('UPDATE dataset SET version = ?, updated_at = ? WHERE dataset_key = ?', [next, facts.now, datasetKey]);
}

export const TOO_MANY = {
  code: 'too_large',
  message: `A dataset holds at most ${MOST_EXAMPLES.toLocaleString('en-US')} examples. Nothing was changed.`,
  hint: 'Split the file, or make several datasets.',
} as const;

/** As the examples were in an earlier version: how many go and come back; both 0 when they are so now. */
export function stageRevert(
  writer: Writer,
  { datasetKey, version }: VersionTarget,
  wanted: number,
): { readonly gone: number; readonly back: number } {
  const next = version + 1;
  const gone = writer.run(
    `UPDATE dataset_example SET until = ? WHERE dataset_key = ? AND until IS NULL AND first > ? AND first <= ?
       AND NOT EXISTS (SELECT 1 FROM dataset_example o WHERE o.dataset_key = dataset_example.dataset_key
         AND o.example_key = dataset_example.example_key AND o.first <= ? AND o.until > ? AND o.body = dataset_example.body)`,
    [next, datasetKey, wanted, version, wanted, wanted],
  ).changes;
  const back = writer.run(
    `INSERT INTO dataset_example (dataset_key, example_key, position, first, body, input_hash, trace_id)
     SELECT dataset_key, example_key, position, ?, body, input_hash, trace_id FROM dataset_example o
     WHERE o.dataset_key = ? AND o.first <= ? AND o.until > ? AND o.until <= ?
       AND NOT EXISTS (SELECT 1 FROM dataset_example n WHERE n.dataset_key = o.dataset_key
         AND n.example_key = o.example_key AND n.until IS NULL)`,
    [next, datasetKey, wanted, wanted, version],
  ).changes;
  return { gone, back };
}

type Body = Omit<DatasetExample, 'key'>;

/** Where it came from is no part of what it says: a row of a file may have moved. */
function isSame(a: Body, b: Body): boolean {
  return contentOf(a) === contentOf(b);
}

function contentOf({ item, input, expectedOutput, expectedTrajectory }: Body): string {
  return canonicalJson({ item, input, expectedOutput, expectedTrajectory });
}

function traceOf({ origin }: Body): string | null {
  return origin.kind === 'trace' ? origin.traceId : null;
}
