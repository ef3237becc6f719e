/**
 * The state of the tree beside the shared selection: what is collapsed, which subtree alone is shown, which part of
 * the time axis. Owned by the view, because commands, the tree and the inspector all move through it.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSelection } from '../../../state/selection.ts';
import { hasChildren, type SpanTable, type TimeRange } from './span-table.ts';
import { clamp, isFull } from './time-axis.ts';
import { collapseAll, expandTo, nearestVisibleIndex, toggle, visibleRows, type Collapsed } from './visible-rows.ts';
import { firstChild, nextError, nextSibling, parentOf } from './walk.ts';

export type SpanTree = {
  readonly table: SpanTable;
  /** Rows on show, ascending. */
  readonly visible: Int32Array;
  readonly collapsed: Collapsed;
  /** Row of the subtree that alone is shown, -1 = the whole trace. */
  readonly root: number;
  /** Row of the selected span, -1 = none. */
  readonly selected: number;
  /** The part of the time axis that is shown. */
  readonly range: TimeRange;
  readonly zoomed: boolean;
  /** Grows when the selected span is to be brought into view again. */
  readonly reveals: number;
  readonly setRange: (range: TimeRange | null) => void;
  readonly select: (row: number) => void;
  /** Selects and brings into view, even when it is selected already; -1 = nothing to do. */
  readonly goTo: (row: number) => void;
  readonly setOpen: (row: number, open: boolean) => void;
  readonly expandAll: () => void;
  readonly collapseAll: () => void;
  /** Moves the selection by rows on show. */
  readonly move: (by: number) => void;
  readonly moveTo: (end: 'first' | 'last') => void;
  /** Right: opens, then goes to the first child. Left: closes, then goes to the parent. */
  readonly goIn: () => void;
  readonly goOut: () => void;
  readonly goToError: (direction: 1 | -1) => void;
  readonly goToSibling: (direction: 1 | -1) => void;
  readonly focusSubtree: (row: number) => void;
  readonly leaveSubtree: () => void;
  readonly zoomTo: (row: number) => void;
};

const NOTHING: Collapsed = new Set();

export function useSpanTree(table: SpanTable): SpanTree {
  const spanId = useSelection((state) => state.spanId);
  const selectSpan = useSelection((state) => state.selectSpan);
  const [collapsed, setCollapsed] = useState(NOTHING);
  const [roots, setRoots] = useState<readonly string[]>([]);
  const [reveals, setReveals] = useState(0);
  const [shown, setShown] = useState<string | null>(null);
  const [chosenRange, setChosenRange] = useState<TimeRange | null>(null);

  const rootId = roots.at(-1);
  const root = rootId === undefined ? -1 : table.rowOf(rootId);
  const selected = spanId === null ? -1 : table.rowOf(spanId);
  const shownRoot = root < 0 ? null : (rootId ?? null);
  useEffect(() => {
    useSelection.setState({ subtree: shownRoot });
  }, [shownRoot]);
  const visible = useMemo(() => visibleRows(table, collapsed, root), [table, collapsed, root]);
  // Unzoomed, the axis follows a trace that still grows.
  const range = chosenRange && !isFull(chosenRange, table.domain) ? clamp(chosenRange, table.domain) : table.domain;

  // A span that was selected anywhere is brought to light once: closing an ancestor afterwards stays possible.
  if (spanId !== shown && (spanId === null || selected >= 0)) {
    setShown(spanId);
    if (spanId !== null) {
      setCollapsed(expandTo(table, collapsed, selected));
      if (root >= 0 && !contains(table, root, selected)) {
        setRoots(rootsAround(table, roots, selected));
      }
    }
  }

  const select = useCallback(
    (row: number) => {
      const id = table.columns.ids[row];
      if (id !== undefined) selectSpan(id);
    },
    [table, selectSpan],
  );

  const setOpen = useCallback(
    (row: number, open: boolean) => {
      const id = table.columns.ids[row];
      if (id !== undefined && hasChildren(table, row)) setCollapsed((before) => toggle(before, id, open));
    },
    [table],
  );

  return useMemo(() => {
    const index = nearestVisibleIndex(visible, selected);
    const hidden = selected >= 0 && visible[index] !== selected;

    function move(by: number): void {
      const last = visible.length - 1;
      if (last < 0) return;
      // From a hidden span, the row that stands for it is the first step.
      const from = selected < 0 || index < 0 ? (by > 0 ? -1 : last + 1) : index;
      const to = hidden && Math.abs(by) === 1 && by < 0 ? from : from + by;
      select(visible[Math.min(last, Math.max(0, to))] ?? -1);
    }
    function goTo(row: number): void {
      if (row < 0) return;
      if (row === selected) {
        setCollapsed((before) => expandTo(table, before, row));
        setRoots((before) => (root < 0 || contains(table, root, row) ? before : rootsAround(table, before, row)));
        setReveals((count) => count + 1);
      }
      select(row);
    }

    return {
      table,
      visible,
      collapsed,
      root,
      selected,
      range,
      zoomed: range !== table.domain,
      reveals,
      setRange: setChosenRange,
      select,
      goTo,
      setOpen,
      expandAll: () => setCollapsed(NOTHING),
      collapseAll: () => setCollapsed(collapseAll(table, root)),
      move,
      moveTo: (end) => goTo(visible[end === 'first' ? 0 : visible.length - 1] ?? -1),
      goIn() {
        if (selected < 0) return move(1);
        if (!hasChildren(table, selected)) return;
        if (collapsed.has(table.columns.ids[selected] ?? '')) setOpen(selected, true);
        else goTo(firstChild(table, selected));
      },
      goOut() {
        if (selected < 0) return;
        const open = hasChildren(table, selected) && !collapsed.has(table.columns.ids[selected] ?? '');
        if (open && !hidden) setOpen(selected, false);
        else if (selected !== root) goTo(parentOf(table, selected));
      },
      goToError: (direction) => goTo(nextError(table, selected, direction)),
      goToSibling: (direction) => goTo(nextSibling(table, selected, direction)),
      focusSubtree(row) {
        const id = table.columns.ids[row];
        if (id === undefined || row === root) return;
        setRoots((before) => [...before, id]);
        setCollapsed((before) => toggle(before, id, true));
      },
      leaveSubtree: () => setRoots((before) => before.slice(0, -1)),
      zoomTo(row) {
        const start = table.columns.start[row] ?? NaN;
        if (!Number.isFinite(start)) return;
        const end = table.columns.end[row] ?? NaN;
        const stop = Number.isFinite(end) ? Math.max(end, start) : table.domain.to;
        const margin = Math.max((stop - start) * 0.05, 50);
        setChosenRange(clamp({ from: start - margin, to: stop + margin }, table.domain));
      },
    };
  }, [table, visible, collapsed, root, selected, range, reveals, select, setOpen]);
}

/** Of the subtrees that were gone into, those that a row is in. */
function rootsAround(table: SpanTable, roots: readonly string[], row: number): readonly string[] {
  return roots.filter((id) => contains(table, table.rowOf(id), row));
}

function contains({ columns }: SpanTable, root: number, row: number): boolean {
  return root >= 0 && row >= root && row < (columns.subtreeEnd[root] ?? root + 1);
}
