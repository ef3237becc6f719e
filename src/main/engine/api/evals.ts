/** Evals, their runs, and what these said. */
import { randomUUID } from 'node:crypto';
import type { EvalRow, EvalRunRow, RunItemFilter } from '#shared/eval.ts';
import { ITEM_PAGE } from '#shared/eval.ts';
import type { Json } from '#shared/json.ts';
import type { AppError } from '#shared/result.ts';
import { AppFailure } from '#shared/result.ts';
import { runScores } from '../../store/comparison-queries.ts';
import type { Connection, Reader } from '../../store/database.ts';
import { itemById, itemPage, itemsOfTrace } from '../../store/eval-items.ts';
import { deleteItems, deleteRun, renameRun, reopenRun } from '../../store/eval-queue.ts';
import { archiveEval, putEval } from '../../store/eval-run-writer.ts';
import { evalRow, evalsOf, runKeyOf, runRow, runsOf } from '../../store/eval-store.ts';
import type { Events } from '../changes.ts';
import type { Writing } from '../create-engine.ts';
import { selectedTraceIds } from '../export-bundles.ts';
import { checkCriteria, checkEval, checkLimit, checkName, checkSource } from '../evals/check-eval.ts';
import { figuresOf, verdictsOf } from '../evals/report/figures.ts';
import { resolveSource } from '../evals/resolve-source.ts';
import { resting } from '../evals/rest.ts';
import { jobOfRun } from '../evals/run-queue.ts';
import { frozenCriteria, repeatRun, startRun } from '../evals/start-run.ts';
import { estimateGrading } from '../grading/cost.ts';
import type { Grading } from '../grading/grading.ts';
import type { Prices } from '../prices.ts';
import type { Handlers } from './types.ts';

/** Of a session, so many traces are looked at, and so many items are told of. */
const MOST_TRACES = 200;
const MOST_OF_TRACE = 200;

type Reads =
  | 'eval.list'
  | 'eval.get'
  | 'eval.estimate'
  | 'run.list'
  | 'run.get'
  | 'run.figures'
  | 'run.items'
  | 'run.item'
  | 'run.ofTrace';

export function evalReads(prices: Pick<Prices, 'book' | 'estimator'>): Pick<Handlers, Reads> {
  return {
    'eval.list': ({ reader }, { archived }) => evalsOf(reader, archived === true),
    'eval.get': ({ reader }, { id }) => existingEval(reader, id),
    'eval.estimate': async ({ reader, signal }, { source, criteria, limit, seed }) => {
      const sample = { limit: checkLimit(limit), seed: seed ?? 0 };
      const chosen = checkCriteria(reader, criteria);
      const { items, missing } = await resolveSource(reader, checkSource(reader, source), sample, signal);
      return {
        traces: items.length,
        tasks: new Set(items.map(({ task }) => task)).size,
        missing,
        cost: await estimateGrading({
          reader,
          prices,
          traceIds: items.flatMap(({ traceId }) => traceId ?? []),
          items: new Map<string, Json>(
            items.flatMap(({ traceId, item }) => (traceId === null || item === null ? [] : [[traceId, item] as const])),
          ),
          definitions: frozenCriteria(reader, chosen).map(({ definition }) => definition),
          signal,
        }),
      };
    },
    'run.list': ({ reader }, { evalId }) => runsOf(reader, evalId),
    'run.get': ({ reader }, { id }) => existingRun(reader, id),
    'run.figures': ({ reader }, { id }) => {
      const { criteria } = existingRun(reader, id);
      const scores = runScores(reader, id);
      return scores ? figuresOf({ criteria }, verdictsOf(scores)) : [];
    },
    'run.items': ({ reader }, { id, filter, cursor, limit }) => {
      existingRun(reader, id);
      return itemPage(reader, id, checkFilter(filter ?? {}), cursor, Math.max(1, Math.min(limit ?? 100, ITEM_PAGE)));
    },
    'run.item': ({ reader }, { id }) => {
      const item = itemById(reader, id);
      if (!item) throw new AppFailure(NO_ITEM);
      return item;
    },
    'run.ofTrace': ({ reader }, { traceId }) =>
      // Of a session, those of its traces.
      selectedTraceIds(reader, { traceIds: [traceId] })
        .slice(0, MOST_TRACES)
        .flatMap((id) => itemsOfTrace(reader, id))
        .sort((a, b) => b.row.id - a.row.id)
        .slice(0, MOST_OF_TRACE),
  };
}

type Writes =
  'eval.save' | 'eval.archive' | 'run.start' | 'run.repeat' | 'run.cancel' | 'run.resume' | 'run.rename' | 'run.delete';

export type EvalOptions = {
  readonly writing: () => Writing;
  readonly grading: Grading;
  readonly events: Events;
};

/** Items of a run that are deleted at once, while senders wait. */
const DELETED_AT_ONCE = 200;

export function evalWrites({ writing, grading, events }: EvalOptions): Pick<Handlers, Writes> {
  function connected(): Connection {
    const { connection } = writing().workspace;
    if (!connection) throw new Error('a workspace that is written has a connection');
    return connection;
  }

  /** It is queued: everyone hears of it, and it begins. */
  function queued(connection: Connection, runId: string): EvalRunRow {
    const row = existingRun(connection, runId);
    changed();
    events.emit('job', jobOfRun(row));
    grading.runs?.wake();
    return row;
  }

  function changed(): void {
    writing().feed.changed(['eval', 'run'], []);
  }

  return {
    'eval.save': (_signal, { id, definition }) => {
      const connection = connected();
      if (id !== undefined) existingEval(connection, id);
      const checked = checkEval(connection, definition);
      const evalId = id ?? randomUUID();
      connection.transaction((writer) => {
        putEval(writer, evalId, checked, Date.now());
      });
      changed();
      return existingEval(connection, evalId);
    },
    'eval.archive': (_signal, { id, archived }) => {
      const connection = connected();
      existingEval(connection, id);
      connection.transaction((writer) => archiveEval(writer, id, archived));
      changed();
      return existingEval(connection, id);
    },
    'run.start': async (signal, { evalId, name, source, limit, seed, items }) => {
      const connection = connected();
      const of = existingEval(connection, evalId);
      const { sample } = of;
      const own = source === undefined ? sample : null;
      const chosen = source === undefined || items ? of.source : checkSource(connection, source);
      const drawn = {
        limit: limit === undefined ? (own?.limit ?? null) : checkLimit(limit),
        seed: seed ?? own?.seed ?? 0,
      };
      // What has arrived is graded as it is then listed.
      await writing().derivation.flush();
      const now = Date.now();
      const { judging: choice } = grading;
      return queued(
        connection,
        await startRun(connection, of, { name, source: chosen, items, sample: drawn, choice, now }, signal),
      );
    },
    'run.repeat': (_signal, { id, name }) => {
      const connection = connected();
      const row = ofOurs(existingRun(connection, id));
      const runKey = runKeyOf(connection, id) ?? 0;
      const called = name?.trim() || `${row.name}, repeated`;
      return queued(connection, repeatRun(connection, { runKey, evalId: row.evalId, name: called, now: Date.now() }));
    },
    'run.cancel': (_signal, { id }) => {
      const connection = connected();
      existingRun(connection, id);
      grading.runs?.cancel(id);
      return existingRun(connection, id);
    },
    'run.resume': (_signal, { id }) => {
      const connection = connected();
      const row = ofOurs(existingRun(connection, id));
      if (row.status === 'queued' || row.status === 'running') {
        // One that was killed goes on by itself only where somebody stays.
        grading.runs?.wake();
        return row;
      }
      const runKey = runKeyOf(connection, id) ?? 0;
      const goesOn = connection.transaction((writer) => reopenRun(writer, runKey));
      return goesOn ? queued(connection, id) : existingRun(connection, id);
    },
    'run.rename': (_signal, { id, name }) => {
      const connection = connected();
      existingRun(connection, id);
      const called = checkName(name);
      connection.transaction((writer) => {
        renameRun(writer, runKeyOf(connection, id) ?? 0, called);
      });
      changed();
      return existingRun(connection, id);
    },
    'run.delete': async (signal, { id }) => {
      const connection = connected();
      existingRun(connection, id);
      grading.runs?.cancel(id);
      await grading.runs?.released(id);
      const rest = resting(new AbortController().signal);
      const runKey = runKeyOf(connection, id);
      if (runKey === null || signal.aborted) return null;
      while (connection.transaction((writer) => deleteItems(writer, runKey, DELETED_AT_ONCE))) await rest();
      connection.transaction((writer) => {
        deleteRun(writer, runKey);
      });
      changed();
      return null;
    },
  };
}

const NO_EVAL: AppError = { code: 'not_found', message: 'This eval does not exist.', hint: 'Go back to Evals.' };
const NO_RUN: AppError = {
  code: 'not_found',
  message: 'This eval run does not exist, or was deleted.',
  hint: 'Go back to the runs.',
};
const NO_ITEM: AppError = {
  code: 'not_found',
  message: 'This item does not exist: its run was deleted.',
  hint: 'Go back to the runs.',
};

export function existingEval(reader: Reader, evalId: string): EvalRow {
  const row = evalRow(reader, evalId);
  if (!row) throw new AppFailure(NO_EVAL);
  return row;
}

export function existingRun(reader: Reader, runId: string): EvalRunRow {
  const row = runRow(reader, runId);
  if (!row) throw new AppFailure(NO_RUN);
  return row;
}

function ofOurs(row: EvalRunRow): EvalRunRow {
  if (row.source.kind === 'imported')
    throw new AppFailure({
      code: 'bad_request',
      message: 'This run was imported: what it said came with it.',
      hint: 'Start a run of its eval instead.',
    });
  return row;
}

const STATUSES = ['due', 'passed', 'failed', 'errored', 'neither'] as const;
const OUTCOMES = ['passed', 'failed', 'errored', 'not_applicable'] as const;

function checkFilter({ status, criterion, outcome, text }: RunItemFilter): RunItemFilter {
  const fits =
    (status === undefined || STATUSES.includes(status)) &&
    (criterion === undefined || (Number.isSafeInteger(criterion) && criterion >= 0)) &&
    (outcome === undefined || OUTCOMES.includes(outcome)) &&
    (text === undefined || typeof text === 'string');
  if (!fits)
    throw new AppFailure({
      code: 'bad_request',
      message: 'Items are filtered by status, criterion, outcome and text.',
      hint: 'Correct the filter.',
    });
  return {
    ...(status === undefined ? {} : { status }),
    ...(criterion === undefined ? {} : { criterion }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(text === undefined ? {} : { text: text.slice(0, 200) }),
  };
}
