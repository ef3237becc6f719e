/**
 * Grades the chosen traces with what is in the editor and stores nothing. A newer text cancels the run before it; verdicts
 * of the text before stay on show, marked as such, until theirs come.
 */
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { GradeTrial } from '#shared/grading.ts';
import type { JsonObject } from '#shared/json.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../../../data/engine.ts';

/** Milliseconds without typing. */
const PAUSE = 250;
/** The first verdicts come soon, and a call that is cancelled wastes little. */
const FIRST = 8;
const THEN = 25;

export type BenchRun = {
  readonly trials: ReadonlyMap<string, BenchTrial>;
  readonly running: boolean;
  readonly done: number;
  readonly error: AppError | null;
};

export type BenchTrial = GradeTrial & {
  /** Of the definition as it is now. */
  readonly fresh: boolean;
};

type Options = {
  /** Null = it cannot be graded with. */
  readonly definition: JsonObject | null;
  readonly traceIds: readonly string[];
  /** The span that alone is judged in this trace. */
  readonly only: { readonly traceId: string; readonly spanId: string } | null;
  /** As somebody types; else only on `run`. */
  readonly automatic: boolean;
};

/** With the text of the definition that said so. */
type Kept = ReadonlyMap<string, GradeTrial & { readonly of: string }>;
type State = Omit<BenchRun, 'trials'> & { readonly trials: Kept };

/** What was said last: who looks at a trace and comes back finds it, as models are not asked again by themselves. */
let last: Kept = new Map();

export function useBench({ definition, traceIds, only, automatic }: Options): BenchRun & {
  readonly run: () => void;
  readonly cancel: () => void;
} {
  const text = definition === null ? null : JSON.stringify(definition);
  const [state, setState] = useState<State>(() => ({
    trials: [...last.values()].some(({ of }) => of === text) ? last : new Map(),
    ...{ running: false, done: 0, error: null },
  }));
  const [asked, setAsked] = useState(0);
  const current = useRef<AbortController | null>(null);
  const ids = traceIds.join('\n');

  const run = useEffectEvent(async () => {
    current.current?.abort();
    if (definition === null) return;
    const controller = new AbortController();
    current.current = controller;
    setState((before) => ({ ...before, running: true, done: 0, error: null }));
    let error: AppError | null = null;
    for (let at = 0; at < traceIds.length && error === null;) {
      const chunk = chunkAt(traceIds, at, only?.traceId ?? null);
      at += chunk.length;
      const span = only !== null && chunk[0] === only.traceId ? { spanId: only.spanId } : {};
      const result = await attempt(
        engine.call('grade.try', { definition, traceIds: chunk, ...span }, { signal: controller.signal }),
      );
      if (controller.signal.aborted) return;
      if (!result.ok) error = result.error;
      else
        setState((before) => {
          const trials = new Map(before.trials);
          for (const trial of result.value) trials.set(trial.traceId, { ...trial, of: text ?? '' });
          last = trials;
          return { ...before, trials, done: at };
        });
    }
    current.current = null;
    setState((before) => ({ ...before, running: false, error }));
  });

  const stale = useEffectEvent(() => {
    current.current?.abort();
    current.current = null;
    setState(({ trials }) => ({ trials, running: false, done: 0, error: null }));
  });

  useEffect(() => {
    stale();
    if (!automatic || text === null || ids === '') return undefined;
    const timer = setTimeout(() => void run(), PAUSE);
    return () => clearTimeout(timer);
  }, [text, ids, automatic]);
  useEffect(() => {
    if (asked > 0) void run();
  }, [asked]);
  useEffect(() => () => current.current?.abort(), []);

  const { trials: kept } = state;
  const trials = useMemo(
    () => new Map([...kept].map(([id, { of, ...trial }]) => [id, { ...trial, fresh: of === text }])),
    [kept, text],
  );
  return {
    ...state,
    trials,
    run: () => setAsked((count) => count + 1),
    cancel() {
      current.current?.abort();
      current.current = null;
      setState((before) => ({ ...before, running: false }));
    },
  };
}

/** The trace of which one span alone is judged is a call of its own. */
function chunkAt(traceIds: readonly string[], at: number, alone: string | null): readonly string[] {
  if (traceIds[at] === alone) return traceIds.slice(at, at + 1);
  const chunk = traceIds.slice(at, at + (at === 0 ? FIRST : THEN));
  const cut = alone === null ? -1 : chunk.indexOf(alone);
  return cut < 0 ? chunk : chunk.slice(0, cut);
}
