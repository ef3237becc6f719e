/**
 * The annotations of a trace in review. What a key says shows at once and is saved at once, one act after the other; until
 * the engine's list has it, it is laid over that list. Each act can be taken back like any other annotation's.
 */
import { useCallback, useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine, useEngine } from '../../data/engine.ts';
import { sidesOf, stateOf, useAnnotationUndo } from '../../state/annotation-undo.ts';
import { notifyError } from '../../state/notices.ts';

type Over = { readonly row: AnnotationRow | null; readonly saved: boolean };

/** What was said and is not in the engine's list yet, by trace and annotation. */
const useOver = create<{ readonly over: ReadonlyMap<string, Over> }>()(() => ({ over: new Map() }));

/** How many acts are on their way to the disk. */
export const useSaving = create<{ readonly acts: number; readonly failed: boolean }>()(() => ({
  acts: 0,
  failed: false,
}));

const MOST_UNDO = 100;

let working: Promise<unknown> = Promise.resolve();

/** Acts happen in the order of their keys. */
export function inTurn<T>(act: () => Promise<T>): Promise<T> {
  useSaving.setState(({ acts, failed }) => ({ acts: acts + 1, failed }));
  const next = working.then(act, act).finally(() => {
    useSaving.setState(({ acts, failed }) => ({ acts: acts - 1, failed }));
  });
  working = next.catch(() => undefined);
  return next;
}

export type Labels = {
  /** As they stand, what is under way included. */
  readonly rows: readonly AnnotationRow[];
  readonly loading: boolean;
  /** Null removes it; without an id it is a new one. Returns its id. */
  readonly say: (title: string, state: AnnotationState | null, id?: string, replaces?: readonly string[]) => string;
};

export function useLabels(traceId: string, reviewer: string): Labels {
  const list = useEngine('annotation.list', { traceId });
  const over = useOver((state) => state.over);
  const { data } = list;

  useEffect(() => {
    if (!data) return;
    const known = new Map(data.map((row) => [keyOf(traceId, row.id), row]));
    const settled = [...useOver.getState().over].filter(([key, { row, saved }]) => {
      if (!saved || !key.startsWith(keyOf(traceId, ''))) return false;
      const there = known.get(key);
      return row === null ? !there : there !== undefined && (there.editedAt ?? 0) >= (row.editedAt ?? 0);
    });
    if (settled.length === 0) return;
    const gone = new Set(settled.map(([key]) => key));
    useOver.setState((state) => ({ over: new Map([...state.over].filter(([key]) => !gone.has(key))) }));
  }, [data, over, traceId]);

  const rows = useMemo(() => overlaid(traceId, data ?? [], over), [traceId, data, over]);

  const say = useCallback(
    (title: string, state: AnnotationState | null, given?: string, replaces?: readonly string[]): string => {
      const id = given ?? crypto.randomUUID();
      const before = overlaid(traceId, data ?? [], useOver.getState().over).find((row) => row.id === id) ?? null;
      lay(traceId, id, { row: state === null ? null : shownRow(traceId, id, state, reviewer, before), saved: false });
      void inTurn(async () => {
        const sides = replaces && state !== null ? await sidesOf(traceId, id, replaces) : [];
        const result =
          state === null
            ? await attempt(engine.call('annotation.remove', { traceId, id }))
            : await attempt(engine.call('annotation.save', { traceId, id, state, ...(replaces ? { replaces } : {}) }));
        if (!result.ok && !(state === null && result.error.code === 'not_found')) {
          notifyError('This was not saved', result.error);
          drop(traceId, id);
          return;
        }
        // A later act on it may be shown already.
        const current = useOver.getState().over.get(keyOf(traceId, id));
        if (current && sameWords(current.row, state))
          lay(traceId, id, { row: result.ok ? result.value : null, saved: true });
        const change = { traceId, id, before: before ? stateOf(before) : null, after: state, sides };
        useAnnotationUndo.setState(({ past }) => ({
          past: [...past, { title, changes: [change] }].slice(-MOST_UNDO),
          future: [],
        }));
      });
      return id;
    },
    [traceId, data, reviewer],
  );

  return { rows, loading: list.loading, say };
}

function keyOf(traceId: string, id: string): string {
  return `${traceId}\n${id}`;
}

function lay(traceId: string, id: string, over: Over): void {
  useOver.setState((state) => ({ over: new Map(state.over).set(keyOf(traceId, id), over) }));
}

function drop(traceId: string, id: string): void {
  useOver.setState((state) => ({
    over: new Map([...state.over].filter(([key]) => key !== keyOf(traceId, id))),
  }));
}

function sameWords(row: AnnotationRow | null, state: AnnotationState | null): boolean {
  return row === null || state === null
    ? row === state
    : JSON.stringify(stateOf(row)) === JSON.stringify(stateOf({ ...row, ...state }));
}

function overlaid(
  traceId: string,
  rows: readonly AnnotationRow[],
  over: ReadonlyMap<string, Over>,
): readonly AnnotationRow[] {
  const known = new Set(rows.map(({ id }) => id));
  const kept = rows.flatMap((row) => {
    const laid = over.get(keyOf(traceId, row.id));
    return laid ? (laid.row ?? []) : row;
  });
  for (const [key, { row }] of over) if (row && key === keyOf(traceId, row.id) && !known.has(row.id)) kept.push(row);
  return kept;
}

function shownRow(
  traceId: string,
  id: string,
  state: AnnotationState,
  reviewer: string,
  before: AnnotationRow | null,
): AnnotationRow {
  return {
    ...state,
    id,
    traceId,
    author: before?.author ?? reviewer,
    createdAt: before?.createdAt ?? null,
    editor: before ? reviewer : null,
    editedAt: before?.editedAt ?? null,
    imported: false,
    conflict: false,
  };
}
