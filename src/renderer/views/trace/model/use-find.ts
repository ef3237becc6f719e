/** Find in trace: the engine looks through names and content, this walks through what it found. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { AppError } from '#shared/result.ts';
import { useEngine } from '../../../data/engine.ts';
import { lowerBound } from './span-table.ts';
import type { SpanTree } from './use-span-tree.ts';
import { nextIn } from './walk.ts';

export type Find = {
  readonly open: boolean;
  readonly text: string;
  /** What the matches belong to: `text` a moment ago. Empty = nothing is looked for. */
  readonly searched: string;
  readonly setText: (text: string) => void;
  readonly show: () => void;
  readonly close: () => void;
  /** Matching rows, ascending. */
  readonly rows: Int32Array;
  readonly matches: (row: number) => boolean;
  /** 1-based number of the selected row among the matches, 0 = it is none. */
  readonly at: number;
  readonly step: (direction: 1 | -1) => void;
  readonly busy: boolean;
  readonly error: AppError | null;
  /** Grows with each `show`, so that the field takes the focus again. */
  readonly focusRequest: number;
};

const NO_ROWS = new Int32Array(0);
const TYPING_MS = 140;

export function useFind(traceId: string, tree: SpanTree): Find {
  const [focusRequest, setFocusRequest] = useState(0);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), text.trim() === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const searched = open ? settled : '';
  const query = useEngine('trace.find', { traceId, text: searched }, { enabled: searched !== '' });
  const { table, selected, select } = tree;
  const found = searched === '' ? undefined : query.data?.spanIds;
  const rows = useMemo(() => {
    if (!found || found.length === 0) return NO_ROWS;
    const known = found.map((id) => table.rowOf(id)).filter((row) => row >= 0);
    return Int32Array.from(known).sort();
  }, [found, table]);

  // The first answer to a new text goes to the nearest match; later answers (a live trace) leave the reader alone.
  const gone = useRef('');
  useEffect(() => {
    if (searched === '') gone.current = '';
    if (searched === '' || !found || gone.current === searched) return;
    gone.current = searched;
    if (rows.length > 0 && !has(rows, selected)) select(nextIn(rows, selected, 1));
  }, [searched, found, rows, selected, select]);

  const at = has(rows, selected) ? lowerBound(rows, selected) + 1 : 0;
  return {
    open,
    text,
    searched,
    setText,
    show() {
      setOpen(true);
      setFocusRequest((count) => count + 1);
    },
    close() {
      setOpen(false);
      setText('');
      setSettled('');
    },
    rows,
    matches: (row) => rows.length > 0 && has(rows, row),
    at,
    step(direction) {
      tree.goTo(nextIn(rows, selected, direction));
    },
    busy: text.trim() !== searched || query.loading,
    error: searched === '' ? null : query.error,
    focusRequest,
  };
}

function has(rows: Int32Array, row: number): boolean {
  return row >= 0 && rows[lowerBound(rows, row)] === row;
}
