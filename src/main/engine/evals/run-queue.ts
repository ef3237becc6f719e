/**
 * Eval runs, one after the other, in the background. What is still to be done is in the workspace: an engine that was killed
 * goes on with the items that have no verdict yet. Verdicts are written as they come, many in one transaction, together
 * with the counts of the run.
 */
import type { EvalRunRow, RunJudge } from '#shared/eval.ts';
import type { Grade, GraderDefinition } from '#shared/grader.ts';
import { toAppError } from '#shared/result.ts';
import type { EngineEvents } from '#shared/rpc/contract.ts';
import type { Connection } from '../../store/database.ts';
import type { DueItem, OpenRun } from '../../store/eval-queue.ts';
import { beginRun, dueItems, endRun, hasOpenRun, openRun } from '../../store/eval-queue.ts';
import type { ItemResult } from '../../store/eval-run-writer.ts';
import { erroredGrade, goneGrade, putResults } from '../../store/eval-run-writer.ts';
import type { FrozenRun } from '../../store/eval-store.ts';
import { runKeyOf, runRow } from '../../store/eval-store.ts';
import { writeFailure } from '../../store/sqlite-error.ts';
import type { Events } from '../changes.ts';
import { BATCH, gradeAndWrite, pauseUnless } from '../grading/grade-and-write.ts';
import type { Grader, TraceResult } from '../grading/grader.ts';
import { inTurns } from '../grading/turns.ts';
import type { JudgeChoice } from './run-judges.ts';
import { withLateJudges } from './run-judges.ts';

const RETRY_MS = 1_000;
const ATTEMPTS = 5;

export type RunQueue = {
  /** There is work, or there may be. */
  readonly wake: () => void;
  /** Of a run that is not finished. What is on its way is kept. */
  readonly cancel: (runId: string) => void;
  /** Resolves when nothing of the run is at work: to be called before it is deleted, after it was cancelled. */
  readonly released: (runId: string) => Promise<void>;
  /** Resolves when nothing is left to be done. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type RunHooks = {
  /** Asks the judges that `judges` was told of. */
  readonly grader: Grader;
  readonly judges: (judges: readonly RunJudge[]) => void;
  readonly choice: JudgeChoice;
  readonly events: Events;
  readonly changed: (tables: readonly string[], traceIds: readonly string[]) => void;
  readonly now: () => number;
};

/** Of the run that is at work. Criteria of one turn grade together; the next turn begins when no item lacks one of it. */
type Plan = {
  readonly run: OpenRun;
  readonly definitions: readonly GraderDefinition[];
  turns: readonly ReadonlySet<number>[];
  /** Position behind which this turn goes on. */
  behind: number;
};

type Group = { readonly criteria: readonly number[]; readonly items: DueItem[] };

export function createRunQueue(connection: Connection, hooks: RunHooks): RunQueue {
  const stopping = new AbortController();
  let running: { readonly id: string; readonly controller: AbortController; readonly ended: Promise<void> } | null =
    null;
  let loop: Promise<void> | null = null;
  let plan: Plan | null = null;

  function wake(): void {
    if (loop || stopping.signal.aborted) return;
    loop = work().finally(() => {
      loop = null;
      // Asked for between the last look and now.
      if (!stopping.signal.aborted && hasOpenRun(connection)) wake();
    });
  }

  async function work(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const run = openRun(connection);
      if (!run) return;
      try {
        const current = plan?.run.key === run.key ? plan : begin(run);
        const groups = nextGroups(current);
        if (groups.length > 0) await gradeSome(current, groups);
        else if (dueItems(connection, run.key, -1, 1).length === 0) end(run, 'done', null);
        else end(run, 'failed', 'Some items were not graded. Resume the run.');
        failures = 0;
      } catch (cause) {
        plan = null;
        const { message } = writeFailure(cause) ?? toAppError(cause);
        if (writeFailure(cause) === null) console.error('an eval run:', cause);
        // A full or busy disk, most likely: what is due stays so, for a while.
        if (++failures < ATTEMPTS) await pauseUnless(stopping.signal, RETRY_MS);
        else if (!tryEnd(run, message)) return;
        else failures = 0;
      }
    }
  }

  function begin(run: OpenRun): Plan {
    const definitions = run.frozen.criteria.map(({ definition }) => definition);
    const frozen: FrozenRun = { ...run.frozen, judges: withLateJudges(run.frozen.judges, definitions, hooks.choice) };
    connection.transaction((writer) => {
      beginRun(writer, run.key, frozen, hooks.now());
    });
    hooks.judges(frozen.judges);
    const places = definitions.map((_, place) => place);
    const turns = inTurns(places, (place) => definitions[place] ?? { type: '', name: '' }).map((turn) => new Set(turn));
    plan = { run, definitions, turns, behind: -1 };
    hooks.changed(['run', 'eval'], []);
    announce(run.id);
    return plan;
  }

  /** Items that lack a verdict of this turn, by the criteria that they lack; empty when the run is done. */
  function nextGroups(current: Plan): Group[] {
    for (;;) {
      const [turn] = current.turns;
      const due = dueItems(connection, current.run.key, current.behind, BATCH);
      // No criterion of any turn is left, though an item may wait: one that was written half, or a run without criteria.
      if (!turn) return [];
      const last = due.at(-1);
      if (!last) {
        current.turns = current.turns.slice(1);
        current.behind = -1;
        continue;
      }
      current.behind = last.position;
      const groups = alike(due, turn);
      if (groups.length > 0) return groups;
    }
  }

  async function gradeSome({ run, definitions }: Plan, groups: readonly Group[]): Promise<void> {
    const controller = new AbortController();
    let release = (): void => undefined;
    running = { id: run.id, controller, ended: new Promise((resolve) => (release = resolve)) };
    try {
      await gradeAndWrite<ItemResult>({
        grader: hooks.grader,
        groups: groups.map(({ criteria, items }) => ({
          request: {
            traceIds: items.map(({ traceId }) => traceId ?? ''),
            definitions: criteria.flatMap((criterion) => definitions[criterion] ?? []),
            rows: items.map(({ item, sample }) => ({ item, sample })),
            inputs: true,
            evalRun: run.key,
          },
          finished: (index, result) => items[index] && resultOf(items[index].key, criteria, result),
        })),
        write: (results) => writeSome(run, results),
        controller,
        stopping: stopping.signal,
      });
    } finally {
      running = null;
      release();
    }
  }

  /** False when the run was cancelled or deleted meanwhile. */
  function writeSome(run: OpenRun, results: readonly ItemResult[]): boolean {
    const status = connection.lazyTransaction((writer) => putResults(writer, run.key, results));
    hooks.changed(['run', 'eval'], []);
    announce(run.id);
    return status === 'running';
  }

  function end({ key, id }: OpenRun, status: 'done' | 'failed', error: string | null): void {
    plan = null;
    connection.transaction((writer) => {
      endRun(writer, key, { status, error, now: hooks.now() });
    });
    hooks.changed(['run', 'eval'], []);
    announce(id);
  }

  /** False when not even that can be written: it goes on when the engine is started again. */
  function tryEnd(run: OpenRun, message: string): boolean {
    try {
      end(run, 'failed', message);
      return true;
    } catch (cause) {
      console.error('an eval run cannot go on:', cause);
      return false;
    }
  }

  function announce(runId: string): void {
    const row = runRow(connection, runId);
    if (row) hooks.events.emit('job', jobOfRun(row));
  }

  return {
    wake,
    cancel(runId) {
      const key = runKeyOf(connection, runId);
      if (key === null) return;
      connection.transaction((writer) => {
        endRun(writer, key, { status: 'cancelled', error: null, now: hooks.now() });
      });
      if (running?.id === runId) running.controller.abort();
      if (plan?.run.id === runId) plan = null;
      hooks.changed(['run', 'eval'], []);
      announce(runId);
    },
    async released(runId) {
      while (running?.id === runId) await running.ended;
    },
    async idle() {
      while (loop) await loop;
    },
    async stop() {
      stopping.abort();
      while (loop) await loop;
    },
  };
}

export function jobOfRun({ id, name, counts, status }: EvalRunRow): EngineEvents['job'] {
  const { done, total } = counts;
  const finished = status !== 'queued' && status !== 'running';
  return { jobId: id, label: `Eval run: ${name}`, done, total, unit: 'items', finished };
}

function alike(due: readonly DueItem[], turn: ReadonlySet<number>): Group[] {
  const groups = new Map<string, Group>();
  for (const item of due) {
    const criteria = [...turn].filter((criterion) => !item.has.has(criterion));
    if (criteria.length === 0) continue;
    const key = criteria.join(' ');
    const known = groups.get(key);
    if (known) known.items.push(item);
    else groups.set(key, { criteria, items: [item] });
  }
  return [...groups.values()];
}

function resultOf(itemKey: number, criteria: readonly number[], result: TraceResult): ItemResult {
  const failed = (): Grade => {
    if (result.ok) return erroredGrade('It was not graded.');
    return result.error.code === 'not_found' ? goneGrade() : erroredGrade(result.error.message);
  };
  return {
    itemKey,
    grades: new Map(
      criteria.map((criterion, place) => [
        criterion,
        (result.ok ? result.value.results[place]?.grade : undefined) ?? failed(),
      ]),
    ),
    title: result.ok ? result.value.input : null,
  };
}
