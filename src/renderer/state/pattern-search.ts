/** The search for a pattern over all traces. It goes on while its dialog is closed, as a job of the status bar. */
import { create } from 'zustand';
import type { PatternPage } from '#shared/pattern.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../data/engine.ts';
import { endJob, startJob, updateJob } from './jobs.ts';
import { currentPlace } from './place.ts';

export type PatternRun = {
  /** What is looked for, as it stood when the search began. */
  readonly pattern: string;
  readonly query: string;
  /** `paused`: as many were found as are shown; there may be more. */
  readonly status: 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  readonly looked: number;
  /** Null = not known (yet). */
  readonly total: number | null;
  readonly found: PatternPage['traces'];
  readonly error: AppError | null;
  /** Where it goes on; null = from the begin, or there is nothing left. */
  readonly cursor: string | null;
};

type State = {
  readonly open: boolean;
  readonly text: string;
  readonly query: string;
  readonly run: PatternRun | null;
};

export const usePatternSearch = create<State>()(() => ({ open: false, text: '', query: '', run: null }));

/** After so many the search waits to be told to go on. */
export const FOUND_AT_ONCE = 500;
const JOB = 'pattern-search';

/** With what was typed before; from the list of traces, within what is searched there. */
export function openPatternSearch(): void {
  const { view, q } = currentPlace();
  usePatternSearch.setState(({ query, run }) => ({
    open: true,
    query: view === 'traces' ? q : run === null ? '' : query,
  }));
}

export function closePatternSearch(): void {
  usePatternSearch.setState({ open: false });
}

let current: AbortController | null = null;

export function cancelPatternSearch(): void {
  current?.abort();
  current = null;
  endJob(JOB);
  change((run) => (run.status === 'running' ? { ...run, status: 'cancelled' } : run));
}

export function startPatternSearch(): Promise<void> {
  cancelPatternSearch();
  const { text, query } = usePatternSearch.getState();
  const run: PatternRun = {
    ...{ pattern: text, query: query.trim(), status: 'running', looked: 0, total: null, found: [] },
    ...{ error: null, cursor: null },
  };
  usePatternSearch.setState({ run });
  return goOn(run);
}

/** After a pause or a cancel, from where it was. */
export function continuePatternSearch(): Promise<void> {
  const { run } = usePatternSearch.getState();
  if (!run || run.status === 'running' || run.status === 'done') return Promise.resolve();
  change((before) => ({ ...before, status: 'running', error: null }));
  return goOn(run);
}

async function goOn({ pattern, query, cursor: begin }: PatternRun): Promise<void> {
  const controller = new AbortController();
  current = controller;
  const label = 'Looking for a pattern';
  startJob(JOB, label).addEventListener('abort', cancelPatternSearch);
  let cursor = begin;
  for (let count = 0; ;) {
    const answer = await attempt(
      engine.call(
        'pattern.search',
        {
          pattern,
          ...(query === '' ? {} : { query }),
          ...(cursor === null ? {} : { cursor }),
          limit: FOUND_AT_ONCE - count,
        },
        { signal: controller.signal },
      ),
    );
    if (controller.signal.aborted) return;
    if (!answer.ok) {
      end({ status: 'failed', error: answer.error });
      return;
    }
    const { traces, looked, total, nextCursor } = answer.value;
    count += traces.length;
    cursor = nextCursor;
    // The first page counts what matches; those behind a cursor may not.
    change((run) => ({
      ...run,
      ...{ cursor, looked: run.looked + looked, total: run.total ?? total, found: [...run.found, ...traces] },
    }));
    const now = usePatternSearch.getState().run;
    updateJob({ jobId: JOB, label, done: now?.looked ?? 0, total: now?.total ?? 0, unit: 'traces', finished: false });
    if (cursor === null) return end({ status: 'done' });
    if (count >= FOUND_AT_ONCE) return end({ status: 'paused' });
  }
}

function end(last: Pick<PatternRun, 'status'> & Partial<PatternRun>): void {
  current = null;
  endJob(JOB);
  change((run) => ({ ...run, ...last }));
}

function change(next: (run: PatternRun) => PatternRun): void {
  usePatternSearch.setState(({ run }) => (run ? { run: next(run) } : {}));
}
