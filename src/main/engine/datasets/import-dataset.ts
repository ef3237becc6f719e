/**
 * A file of examples becomes one version of a dataset: rows are staged in small transactions while the file is read, and the
 * version is made when all of it was. The same file again changes nothing; of an edited one only the changed rows.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { DatasetExample, DatasetImport } from '#shared/dataset.ts';
import { MOST_EXAMPLES } from '#shared/dataset.ts';
import { AppFailure } from '#shared/result.ts';
import type { DraftExample } from '../../formats/datasets/types.ts';
import type { Connection } from '../../store/database.ts';
import type { VersionTarget } from '../../store/dataset-writer.ts';
import { dropStaged, finishVersion, stageExample, TOO_MANY } from '../../store/dataset-writer.ts';
import { resting } from '../evals/rest.ts';
import { throwIfCancelled } from '../import-source.ts';
import { checkExample, contentKey, hashOfInput } from './check-example.ts';
import { readFileRows } from './read-file.ts';

/** Senders wait while one is written. */
const BATCH = 200;
/** Of bytes of the file, so that few large rows are a batch as well. */
const BATCH_BYTES = 512 * 1024;
/** Bytes of the file after which what was staged is put from the log into the workspace: all of it at once would take long. */
const SETTLED_BYTES = 8 * 1024 * 1024;
const LISTED = 1_000;

export type ImportOptions = {
  readonly connection: Connection;
  readonly path: string;
  readonly file: string;
  readonly target: VersionTarget;
  readonly author: string | null;
  readonly signal: AbortSignal;
  readonly progress: (bytes: number) => void;
};

export type ImportOutcome = Pick<DatasetImport, 'format' | 'added' | 'changed' | 'problems'> & {
  /** Whether there is a new version. */
  readonly made: boolean;
};

/** Leaves the dataset as it was when it throws. */
export async function importDataset(options: ImportOptions): Promise<ImportOutcome> {
  try {
    return await read(options);
  } catch (cause) {
    options.connection.transaction((writer) => dropStaged(writer, options.target));
    if (options.signal.aborted)
      throw new AppFailure({ code: 'cancelled', message: 'Cancelled; the dataset is as it was.' });
    throw cause;
  }
}

type Pending = { readonly example: DatasetExample; readonly guessed: boolean };

async function read(options: ImportOptions): Promise<ImportOutcome> {
  const { connection, target, signal, file } = options;
  const problems = createProblems();
  const seen = new Map<string, { readonly digest: string; readonly place: string }>();
  const before = await earlierRows(connection, target, file);
  /** Rows that are new here under a key of their contents: perhaps edited ones. */
  const maybeEdited: { readonly row: number; readonly key: string }[] = [];
  let format = '';
  let added = 0;
  let changed = 0;
  let rows = 0;
  let bytes = 0;
  let batch: Pending[] = [];
  let flushed = 0;
  let settled = 0;
  const rest = resting(signal);

  function flush(): void {
    // Not synced: only the version that is made of it at the end is, with all that came before.
    connection.lazyTransaction((writer) => {
      for (const { example, guessed } of batch) {
        const staged = stageExample(writer, target, example, hashOfInput(example));
        if (staged === 'added') added++;
        if (staged === 'changed') changed++;
        if (staged === 'added' && guessed && example.origin.kind === 'file' && before.has(example.origin.row))
          maybeEdited.push({ row: example.origin.row, key: example.key });
      }
    });
    batch = [];
    flushed = bytes;
    if (bytes - settled < SETTLED_BYTES) return;
    settled = bytes;
    connection.pragma('wal_checkpoint(PASSIVE)');
  }

  /** The key that the row gets; null = it says what another one said. */
  function keyFor(wanted: string, digest: string, place: string, draft: DraftExample): string | null {
    for (let copy = 1; ; copy++) {
      const key = copy === 1 ? wanted : `${wanted}#${copy}`;
      const other = seen.get(key);
      if (!other) {
        if (copy > 1 && draft.key !== null)
          problems.add(
            'warning',
            place,
            `"${wanted.slice(0, 100)}" is the id of ${seen.get(wanted)?.place ?? 'another row'} too: this one is kept as "${key.slice(0, 100)}".`,
          );
        seen.set(key, { digest, place });
        return key;
      }
      if (other.digest === digest) {
        if (draft.repeats !== true)
          problems.add('warning', place, `It says the same as ${other.place}, and was left out.`);
        return null;
      }
    }
  }

  for await (const each of readFileRows(options.path, signal, (taken) => (bytes += taken))) {
    if (each.type === 'problem') {
      problems.add(each.severity, each.path, each.message);
      continue;
    }
    rows++;
    if (rows === 1) format = each.format;
    for (const { severity, path, message } of each.read.problems)
      problems.add(severity, path === '' ? each.place : `${each.place}: ${path}`, message);
    for (const draft of each.read.examples) {
      const { key: _key, repeats: _repeats, ...body } = draft;
      const checked = checkExample({ ...body, origin: { kind: 'file', file, row: each.row } });
      if (!checked.ok) {
        problems.add('error', each.place, checked.error.message);
        continue;
      }
      const digest = digestOf(checked.value);
      const key = keyFor(draft.key ?? contentKey(checked.value), digest, each.place, draft);
      if (key === null) continue;
      if (seen.size > MOST_EXAMPLES) throw new AppFailure(TOO_MANY);
      batch.push({ example: { ...checked.value, key }, guessed: draft.key === null });
    }
    if (batch.length >= BATCH || bytes - flushed >= BATCH_BYTES) {
      flush();
      options.progress(bytes);
    }
    await rest();
  }
  flush();
  throwIfCancelled(signal);
  if (seen.size === 0)
    throw new AppFailure({
      code: 'unsupported_format',
      message: `No example could be read from it.${problems.first() === null ? '' : ` First: ${problems.first() ?? ''}`}`,
      hint: 'Give JSON lines, JSON, CSV with a header, an ADK eval set, tau-bench tasks, or promptfoo tests as JSON.',
    });

  let made = false;
  connection.transaction((writer) => {
    for (const { row, key } of maybeEdited) {
      const old = before.get(row);
      if (old === undefined || seen.has(old)) continue;
      const staged = writer.get<{ body: string }>(
        'SELECT body FROM dataset_example WHERE dataset_key = ? AND example_key = ? AND first > ?',
        [target.datasetKey, key, target.version],
      );
      if (!staged) continue;
      writer.run('DELETE FROM dataset_example WHERE dataset_key = ? AND example_key = ? AND first > ?', [
        target.datasetKey,
        key,
        target.version,
      ]);
      const example = { key: old, ...(JSON.parse(staged.body) as Omit<DatasetExample, 'key'>) };
      seen.set(old, { digest: '', place: '' });
      added--;
      if (stageExample(writer, target, example, hashOfInput(example)) === 'changed') changed++;
    }
    if (added + changed === 0 && target.version > 0) return;
    finishVersion(writer, target, { note: `Import of ${file}`, author: options.author, now: Date.now(), removed: 0 });
    made = true;
  });
  const missing = [...before.values()].filter((key) => !seen.has(key)).length;
  if (missing > 0)
    problems.add(
      'warning',
      '',
      `${missing === 1 ? 'One example' : `${missing.toLocaleString('en-US')} examples`} that came from this file ${missing === 1 ? 'is' : 'are'} not in it now, and ${missing === 1 ? 'stays' : 'stay'}. Delete what is not wanted.`,
    );
  return { format, added, changed, problems: problems.list(), made };
}

const ROWS_AT_ONCE = 2_000;

/** Keys of the examples that came from this file, by their rows. */
async function earlierRows(
  connection: Connection,
  { datasetKey, version }: VersionTarget,
  file: string,
): Promise<Map<number, string>> {
  const rows = new Map<number, string>();
  for (let from = 0; version > 0; from += ROWS_AT_ONCE) {
    const page = connection.rows<[string, number | null, string | null]>(
      `SELECT example_key, json_extract(body, '$.origin.row'), json_extract(body, '$.origin.file') FROM dataset_example
       WHERE dataset_key = ? AND position >= ? AND position < ? AND first <= ? AND until IS NULL`,
      [datasetKey, from, from + ROWS_AT_ONCE, version],
    );
    for (const [key, row, name] of page) if (row !== null && name === file) rows.set(row, key);
    const last = connection.get<{ last: number | null }>(
      'SELECT max(position) AS last FROM dataset_example WHERE dataset_key = ?',
      [datasetKey],
    )?.last;
    if (from + ROWS_AT_ONCE > (last ?? -1)) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return rows;
}

function digestOf({ item, input, expectedOutput, expectedTrajectory }: DatasetExample): string {
  return createHash('sha256')
    .update(canonicalJson({ item, input, expectedOutput, expectedTrajectory }))
    .digest('base64url')
    .slice(0, 16);
}

function createProblems() {
  const listed: DatasetImport['problems'][number][] = [];
  let more = 0;
  return {
    add(severity: 'error' | 'warning', path: string, message: string): void {
      if (listed.length < LISTED) listed.push({ severity, path, message });
      else more++;
    },
    first: (): string | null => {
      const [first] = listed;
      return first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : null;
    },
    list: (): DatasetImport['problems'] =>
      more === 0
        ? listed
        : [
            ...listed,
            { severity: 'warning', path: '', message: `${more.toLocaleString('en-US')} more problems are not listed.` },
          ],
  };
}
