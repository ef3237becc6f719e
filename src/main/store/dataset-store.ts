/** Datasets as they are read: an example is in every version from its `first` to before its `until`. */
import type { DatasetExample, DatasetRow, DatasetVersion, ExamplePage } from '#shared/dataset.ts';
import type { Reader, SqlValue } from './database.ts';

export type KeyedDataset = DatasetRow & { readonly datasetKey: number };

type RowOfDataset = {
  readonly dataset_key: number;
  readonly dataset_id: string;
  readonly name: string;
  readonly version: number;
  readonly archived: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly examples: number;
};

/** One of version 0 is only just being imported: nobody sees it. */
const DATASET = `SELECT d.*, v.examples FROM dataset d
  JOIN dataset_version v ON v.dataset_key = d.dataset_key AND v.version = d.version`;

/** Of `e`, with the version twice as parameters. */
const IN_VERSION = 'e.first <= ? AND (e.until IS NULL OR e.until > ?)';

/** A page ends early when its examples are large. */
const PAGE_LENGTH = 8_000_000;
export const EXAMPLE_PAGE = 1_000;

/** By name; those in use before archived ones. */
export function datasetsOf(reader: Reader, archived: boolean): DatasetRow[] {
  return reader
    .all<RowOfDataset>(
      `${DATASET} ${archived ? '' : 'WHERE d.archived = 0'} ORDER BY d.archived, lower(d.name), d.dataset_key`,
    )
    .map((row) => withoutKey(rowOf(row)));
}

export function datasetById(reader: Reader, id: string): KeyedDataset | null {
  const row = reader.get<RowOfDataset>(`${DATASET} WHERE d.dataset_id = ?`, [id]);
  return row ? rowOf(row) : null;
}

/** The newest first. */
export function datasetVersions(reader: Reader, { datasetKey, version }: KeyedDataset): DatasetVersion[] {
  const entered = counts(
    reader,
    'SELECT first, count(*) FROM dataset_example WHERE dataset_key = ? AND first <= ? GROUP BY first',
    [datasetKey, version],
  );
  const left = counts(
    reader,
    'SELECT until, count(*) FROM dataset_example WHERE dataset_key = ? AND until <= ? GROUP BY until',
    [datasetKey, version],
  );
  const changed = counts(
    reader,
    `SELECT n.first, count(*) FROM dataset_example n JOIN dataset_example o
       ON o.dataset_key = n.dataset_key AND o.example_key = n.example_key AND o.until = n.first
     WHERE n.dataset_key = ? AND n.first <= ? GROUP BY n.first`,
    [datasetKey, version],
  );
  return reader
    .all<{ version: number; examples: number; note: string | null; author: string | null; created_at: number }>(
      'SELECT version, examples, note, author, created_at FROM dataset_version WHERE dataset_key = ? ORDER BY version DESC',
      [datasetKey],
    )
    .map(({ version: number, examples, note, author, created_at }) => {
      const both = changed.get(number) ?? 0;
      return {
        version: number,
        examples,
        added: (entered.get(number) ?? 0) - both,
        changed: both,
        removed: (left.get(number) ?? 0) - both,
        note,
        author,
        createdAt: created_at,
      };
    });
}

function counts(reader: Reader, sql: string, params: readonly SqlValue[]): Map<number, number> {
  return new Map(reader.rows<[number, number]>(sql, params));
}

export type PageRequest = {
  readonly version: number;
  readonly text?: string | undefined;
  readonly cursor: number;
  readonly limit: number;
};

/** In their order, from behind `cursor` (a position; -1 = from the start). */
export function examplePage(reader: Reader, dataset: KeyedDataset, request: PageRequest): ExamplePage {
  const { version, cursor, limit } = request;
  const text = request.text?.trim() ?? '';
  const where = `e.dataset_key = ? AND ${IN_VERSION} ${text === '' ? '' : CONTAINS}`;
  const params: SqlValue[] = [dataset.datasetKey, version, version, ...(text === '' ? [] : containing(text))];
  const rows: DatasetExample[] = [];
  let length = 0;
  let last = cursor;
  let more = false;
  for (const row of reader.iterate<{ example_key: string; position: number; body: string }>(
    `SELECT e.example_key, e.position, e.body FROM dataset_example e WHERE ${where} AND e.position > ? ORDER BY e.position LIMIT ?`,
    [...params, cursor, limit + 1],
  )) {
    if (rows.length >= limit || (rows.length > 0 && length + row.body.length > PAGE_LENGTH)) {
      more = true;
      break;
    }
    length += row.body.length;
    last = row.position;
    rows.push(exampleOf(row.example_key, row.body));
  }
  const total =
    text === '' && version === dataset.version
      ? dataset.examples
      : (reader.get<{ n: number }>(`SELECT count(*) AS n FROM dataset_example e WHERE ${where}`, params)?.n ?? 0);
  return { rows, total, nextCursor: more ? last : null };
}

const CONTAINS = "AND (e.example_key LIKE ? ESCAPE '\\' OR e.body LIKE ? ESCAPE '\\')";

/** A body is JSON: what is sought stands in it as JSON writes it. */
function containing(text: string): SqlValue[] {
  const pattern = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;
  return [pattern(text), pattern(JSON.stringify(text).slice(1, -1))];
}

export function exampleByKey(
  reader: Reader,
  dataset: KeyedDataset,
  version: number,
  key: string,
): DatasetExample | null {
  const row = reader.get<{ body: string }>(
    `SELECT e.body FROM dataset_example e WHERE e.dataset_key = ? AND e.example_key = ? AND ${IN_VERSION}`,
    [dataset.datasetKey, key, version, version],
  );
  return row ? exampleOf(key, row.body) : null;
}

export type KeptExample = { readonly example: DatasetExample; readonly inputHash: Uint8Array | null };

/** All examples of a version in their order, read in pages: whoever takes them may write in between. */
export function* examplesIn(reader: Reader, id: string, version: number): Generator<KeptExample, void, undefined> {
  const dataset = datasetById(reader, id);
  if (!dataset) return;
  for (let cursor: number | null = -1; cursor !== null;) {
    const page = keptPage(reader, dataset.datasetKey, version, cursor);
    yield* page.rows;
    cursor = page.next;
  }
}

function keptPage(
  reader: Reader,
  datasetKey: number,
  version: number,
  cursor: number,
): { readonly rows: readonly KeptExample[]; readonly next: number | null } {
  const rows: KeptExample[] = [];
  let length = 0;
  for (const row of reader.iterate<{
    example_key: string;
    position: number;
    body: string;
    input_hash: Uint8Array | null;
  }>(
    `SELECT e.example_key, e.position, e.body, e.input_hash FROM dataset_example e
     WHERE e.dataset_key = ? AND ${IN_VERSION} AND e.position > ? ORDER BY e.position`,
    [datasetKey, version, version, cursor],
  )) {
    rows.push({ example: exampleOf(row.example_key, row.body), inputHash: row.input_hash });
    length += row.body.length;
    if (rows.length >= EXAMPLE_PAGE || length >= PAGE_LENGTH) return { rows, next: row.position };
  }
  return { rows, next: null };
}

function exampleOf(key: string, body: string): DatasetExample {
  return { key, ...(JSON.parse(body) as Omit<DatasetExample, 'key'>) };
}

function rowOf(row: RowOfDataset): KeyedDataset {
  return {
    datasetKey: row.dataset_key,
    id: row.dataset_id,
    name: row.name,
    version: row.version,
    examples: row.examples,
    archived: row.archived === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** As it crosses the border. */
export function withoutKey({ datasetKey: _key, ...row }: KeyedDataset): DatasetRow {
  return row;
}
