/**
 * The work of graders that was asked for, one after the other, in the background. What is still to be done is in the
 * workspace: an engine that was killed goes on with the traces that have no verdict yet. Verdicts are written as they come,
 * many in one transaction, together with what is thereby done.
 */
import type { Grade, GraderDefinition, GradingRow } from '#shared/grader.ts';
import { toAppError } from '#shared/result.ts';
import type { Connection } from '../../store/database.ts';
import { putGrades } from '../../store/grade-store.ts';
import { versionByKey } from '../../store/grader-store.ts';
import type { DueGrades, GradingCounts } from '../../store/grading-store.ts';
import {
  dueTraces,
  dueVersions,
  endGrading,
  finishItems,
  gradingById,
  gradingKeyOf,
  hasUnfinishedGrading,
  openGrading,
} from '../../store/grading-store.ts';
import { writeFailure } from '../../store/sqlite-error.ts';
import type { Events } from '../changes.ts';
import { BATCH, gradeAndWrite, pauseUnless } from './grade-and-write.ts';
import type { Grader, TraceResult } from './grader.ts';
import { inTurns } from './turns.ts';

const RETRY_MS = 1_000;
const ATTEMPTS = 5;

export type GradingQueue = {
  /** There is work, or there may be. */
  readonly wake: () => void;
  readonly cancel: (gradingId: string) => void;
  /** Resolves when nothing is left to be done. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type GradingHooks = {
  readonly grader: Grader;
  readonly events: Events;
  readonly changed: (tables: readonly string[], traceIds: readonly string[]) => void;
  readonly now: () => number;
};

type DueGrading = { readonly key: number; readonly id: string; readonly due: readonly DueGrades[] };

type Finished = { readonly due: DueGrades; readonly result: TraceResult };

export function createGradingQueue(connection: Connection, hooks: GradingHooks): GradingQueue {
  const stopping = new AbortController();
  let running: { readonly id: string; readonly controller: AbortController } | null = null;
  let loop: Promise<void> | null = null;
  /** Of the grading that is under way: which versions grade together, those that are done left out. */
  let plan: { readonly key: number; turns: readonly (readonly number[])[] } | null = null;

  function wake(): void {
    if (loop || stopping.signal.aborted) return;
    loop = work().finally(() => {
      loop = null;
      // Asked for between the last look and now.
      if (!stopping.signal.aborted && hasUnfinishedGrading(connection)) wake();
    });
  }

  async function work(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const next = nextDue();
      if (!next) return;
      try {
        if (next.due.length > 0) await gradeSome(next);
        else end(next, 'done', null);
        failures = 0;
      } catch (cause) {
        const { message } = writeFailure(cause) ?? toAppError(cause);
        if (writeFailure(cause) === null) console.error('grading:', cause);
        // A full or busy disk, most likely: what is due stays so, for a while.
        if (++failures < ATTEMPTS) await pauseUnless(stopping.signal, RETRY_MS);
        else if (!tryEnd(next, message)) return;
      }
    }
  }

  /** `due` is empty when the grading is done. */
  function nextDue(): DueGrading | null {
    const grading = openGrading(connection);
    if (!grading) return null;
    if (plan?.key !== grading.key)
      plan = { key: grading.key, turns: inTurns(dueVersions(connection, grading.key), definitionOf) };
    for (; ; plan.turns = plan.turns.slice(1)) {
      const [turn] = plan.turns;
      const due = turn ? dueTraces(connection, grading.key, turn, BATCH) : [];
      if (due.length > 0 || !turn) return { ...grading, due };
    }
  }

  async function gradeSome(grading: DueGrading): Promise<void> {
    const controller = new AbortController();
    running = { id: grading.id, controller };
    try {
      await gradeAndWrite<Finished>({
        grader: hooks.grader,
        groups: alike(grading.due).map((group) => ({
          request: {
            traceIds: group.due.map(({ traceId }) => traceId),
            definitions: group.versionKeys.map((key) => definitionOf(key)),
          },
          finished: (index, result) => group.due[index] && { due: group.due[index], result },
        })),
        write: (finished) => writeSome(grading, finished),
        controller,
        stopping: stopping.signal,
      });
    } finally {
      running = null;
    }
  }

  /** False when the work was cancelled meanwhile. */
  function writeSome(grading: DueGrading, finished: readonly Finished[]): boolean {
    const written: string[] = [];
    const going = connection.lazyTransaction((writer) => {
      let goesOn = true;
      for (const { due, result } of finished) {
        const counts = { done: 0, passed: 0, failed: 0, errored: 0, notApplicable: 0 };
        const there = writer.get('SELECT 1 FROM trace WHERE trace_key = ?', [due.traceKey]) !== undefined;
        due.versionKeys.forEach((versionKey, index) => {
          const graded = result.ok ? result.value.results[index] : undefined;
          const whole = graded?.grade ?? failedGrade(result.ok ? 'It was not graded.' : result.error.message);
          if (!there) return;
          count(counts, whole);
          putGrades(writer, {
            traceKey: due.traceKey,
            versionKey,
            revision: result.ok ? result.value.revision : 0,
            now: hooks.now(),
            grades: [{ spanId: null, grade: whole }, ...(graded?.parts ?? [])],
          });
        });
        goesOn = finishItems(writer, grading.key, due.traceKey, due.versionKeys, counts);
        if (there) written.push(due.traceId);
      }
      return goesOn;
    });
    hooks.changed(['grade', 'grading', 'score'], written);
    announce(grading.id);
    return going;
  }

  function end({ key, id }: DueGrading, status: 'done' | 'failed', error: string | null): void {
    connection.transaction((writer) => {
      endGrading(writer, key, { status, error, now: hooks.now() });
    });
    hooks.changed(['grading', 'grader'], []);
    announce(id);
  }

  /** False when not even that can be written: it goes on when the engine is started again. */
  function tryEnd(grading: DueGrading, message: string): boolean {
    try {
      end(grading, 'failed', message);
      return true;
    } catch (cause) {
      console.error('grading cannot go on:', cause);
      return false;
    }
  }

  function definitionOf(versionKey: number): GraderDefinition {
    const version = versionByKey(connection, versionKey)?.version;
    if (!version) throw new Error(`the grader version ${versionKey} is gone`);
    return version.definition;
  }

  function announce(gradingId: string): void {
    const row = gradingById(connection, gradingId);
    if (row) hooks.events.emit('job', jobOf(row));
  }

  return {
    wake,
    cancel(gradingId) {
      const key = gradingKeyOf(connection, gradingId);
      if (key === null) return;
      connection.transaction((writer) => {
        endGrading(writer, key, { status: 'cancelled', error: null, now: hooks.now() });
      });
      if (running?.id === gradingId) running.controller.abort();
      hooks.changed(['grading', 'grader'], []);
      announce(gradingId);
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

export function jobOf(row: GradingRow): {
  readonly jobId: string;
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly finished: boolean;
} {
  const { id, label, done, total, status } = row;
  return { jobId: id, label, done, total, unit: 'verdicts', finished: status !== 'queued' && status !== 'running' };
}

type Group = { readonly versionKeys: readonly number[]; readonly due: DueGrades[] };

/** Traces that the same graders are to grade: after a cancelled batch some may lack some. */
function alike(all: readonly DueGrades[]): Group[] {
  const groups = new Map<string, Group>();
  for (const due of all) {
    const key = due.versionKeys.join(' ');
    const known = groups.get(key);
    if (known) known.due.push(due);
    else groups.set(key, { versionKeys: due.versionKeys, due: [due] });
  }
  return [...groups.values()];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function count(counts: Mutable<GradingCounts>, { status, passed }: Grade): void {
  counts.done++;
  if (status === 'errored') counts.errored++;
  else if (status === 'not_applicable') counts.notApplicable++;
  else if (passed === true) counts.passed++;
  else if (passed === false) counts.failed++;
}

function failedGrade(message: string): Grade {
  return {
    status: 'errored',
    score: null,
    label: null,
    passed: null,
    explanation: message,
    evidence: [],
    errors: [{ flag: 'other_error', message }],
    subRewards: {},
    usage: [],
    notes: {},
    durationMs: 0,
  };
}
