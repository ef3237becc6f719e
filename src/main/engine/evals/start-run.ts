/** Freezes what a run measures, and of which traces. */
import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import { EXAMPLE_SIZE } from '#shared/dataset.ts';
import { fieldNamed, INPUT_FIELDS } from '#shared/dataset-item.ts';
import type { EvalCriterion, EvalRow, EvalSource } from '#shared/eval.ts';
import { MOST_ITEMS } from '#shared/eval.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { scopeOf } from '../../graders/scope-spec.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Connection, Reader } from '../../store/database.ts';
import { copyItems } from '../../store/eval-queue.ts';
import type { NewItem } from '../../store/eval-run-writer.ts';
import { putItems, putRun, recountRun } from '../../store/eval-run-writer.ts';
import type { FrozenCriterion } from '../../store/eval-store.ts';
import { frozenOf } from '../../store/eval-store.ts';
import { versionOf } from './check-eval.ts';
import type { Sample } from './resolve-source.ts';
import { resolveSource } from './resolve-source.ts';
import type { JudgeChoice } from './run-judges.ts';
import { judgesOf } from './run-judges.ts';

const NAME = 200;

export type StartOptions = {
  readonly name: string | undefined;
  readonly source: EvalSource;
  /** Instead of the source. */
  readonly items: readonly RowToGrade[] | undefined;
  readonly sample: Sample;
  readonly choice: JudgeChoice;
  readonly now: number;
};

/** An answer without a trace, with the row that it answers. */
export type RowToGrade = { readonly item: Json; readonly sample: Json };

/** Its id. Throws an AppFailure where there is nothing to grade. */
export async function startRun(
  connection: Connection,
  of: EvalRow,
  { name, source, items, sample, choice, now }: StartOptions,
  signal: AbortSignal,
): Promise<string> {
  const criteria = frozenCriteria(connection, of.criteria);
  const found = items
    ? { source: { kind: 'items', count: items.length } as const, items: rowsToGrade(items), missing: 0 }
    : await resolveSource(connection, source, sample, signal);
  if (found.items.length === 0)
    throw new AppFailure({
      code: 'not_found',
      message:
        source.kind === 'dataset' && !items
          ? 'No trace belongs to an example of the dataset.'
          : 'There is no trace to grade.',
      hint:
        source.kind === 'dataset' && !items
          ? 'Link traces to examples in another way, or widen the search.'
          : 'Choose other traces, or another search.',
    });
  const id = randomUUID();
  connection.transaction((writer) => {
    const key = putRun(writer, {
      id,
      evalId: of.id,
      name: short(name?.trim() || `${of.name} #${of.runs + 1}`),
      status: 'queued',
      createdAt: now,
      frozen: {
        criteria,
        source: found.source,
        limit: items ? null : sample.limit,
        seed: sample.seed,
        missing: found.missing,
        judges: judgesOf(
          criteria.map(({ definition }) => definition),
          choice,
        ),
        metadata: of.metadata,
      },
    });
    const weights = criteria.map(({ weight }) => weight);
    putItems(writer, key, weights, found.items);
    recountRun(writer, key);
  });
  return id;
}

export type RepeatOptions = {
  readonly runKey: number;
  readonly evalId: string;
  readonly name: string;
  readonly now: number;
};

/** The same items, versions and judges once more. Its id. */
export function repeatRun(connection: Connection, { runKey, evalId, name, now }: RepeatOptions): string {
  const id = randomUUID();
  connection.transaction((writer) => {
    const frozen = frozenOf(writer, runKey);
    if (!frozen) throw new Error('the run that is repeated is there');
    const key = putRun(writer, { id, evalId, name: short(name), status: 'queued', createdAt: now, frozen });
    copyItems(writer, runKey, key);
    recountRun(writer, key);
  });
  return id;
}

/** With the versions as they are now; names are made unlike each other. */
export function frozenCriteria(reader: Reader, criteria: readonly EvalCriterion[]): FrozenCriterion[] {
  const taken = new Set<string>();
  return criteria.map(({ graderId, versionHash, threshold, weight }, index) => {
    const version = versionOf(reader, { graderId, versionHash }, `Criterion ${index + 1}`);
    const { definition, hash, number } = version;
    let { name } = definition;
    for (let count = 2; taken.has(name); count++) name = `${definition.name} (${count})`;
    taken.add(name);
    const { on: scope } = scopeOf(definition);
    return { name, graderId, versionHash: hash, versionNumber: number, definition, scope, threshold, weight };
  });
}

/** Of the same row, answers of one run are trials; in several runs they are told to be of one task by its id or contents. */
function rowsToGrade(rows: readonly RowToGrade[]): NewItem[] {
  if (rows.length > MOST_ITEMS)
    throw new AppFailure({
      code: 'too_large',
      message: `One run takes at most ${MOST_ITEMS.toLocaleString('en')} rows.`,
      hint: 'Divide the file.',
    });
  const trials = new Map<string, number>();
  return rows.map(({ item = null, sample = null }: Partial<RowToGrade>, index) => {
    const text = canonicalJson({ item, sample });
    if (text.length > EXAMPLE_SIZE)
      throw new AppFailure({
        code: 'too_large',
        message: `Row ${index + 1} has over ${EXAMPLE_SIZE.toLocaleString('en')} characters.`,
        hint: 'Shorten its texts.',
      });
    const task = (isJsonObject(item) ? taskOf(item) : null) ?? `item ${hashed(item)}`;
    const trial = (trials.get(task) ?? 0) + 1;
    trials.set(task, trial);
    return { task, trial, title: titleOf(item), traceId: null, cost: null, durationMs: null, item, sample };
  });
}

function hashed(item: Json): string {
  return createHash('sha256').update(canonicalJson(item)).digest('hex').slice(0, 12);
}

function titleOf(item: Json): string {
  const field = isJsonObject(item) ? fieldNamed(item, INPUT_FIELDS) : null;
  const value = isJsonObject(item) && field !== null ? item[field] : item;
  return (typeof value === 'string' ? value : JSON.stringify(value ?? null))
    .slice(0, 4 * NAME)
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function short(name: string): string {
  return [...name].slice(0, NAME).join('');
}
