/**
 * Tree and waterfall as one virtual list of two columns. The list is one ARIA tree with one tab stop: the selected row
 * is its active descendant, arrow keys move the selection.
 */
import {
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
} from 'react';
import { ChevronsDownUp, ChevronsUpDown, CornerUpLeft, ZoomOut } from 'lucide-react';
import { IconButton } from '../../../widgets/button.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { KindIcon } from '../../../theme/kind-icon.tsx';
import { useSelection } from '../../../state/selection.ts';
import type { Find } from '../model/use-find.ts';
import type { SpanTree as Tree } from '../model/use-span-tree.ts';
import { readRow } from '../model/span-table.ts';
import { pan, ticks, zoom } from '../model/time-axis.ts';
import { ancestors, nearestVisibleIndex } from '../model/visible-rows.ts';
import { useAgentPaint } from './agent-paint.ts';
import { ColumnDivider, useNameShare } from './column-divider.tsx';
import { FindBar } from './find-bar.tsx';
import { KindMasks } from './kind-masks.tsx';
import { OverviewStrip } from './overview-strip.tsx';
import { indentLimit, rowUnder, SpanRow } from './span-row.tsx';
import { TimeGrid, TimeScale } from './time-scale.tsx';
import { ROW_HEIGHT, useRowWindow } from './use-row-window.ts';
import { useWidth } from './use-width.ts';
import styles from './span-tree.module.css';

type Props = {
  readonly tree: Tree;
  readonly find: Find;
  /** The element that takes the focus of the tree. */
  readonly treeRef: RefObject<HTMLDivElement | null>;
  readonly onEnter: () => void;
};

const NO_WORDS: readonly string[] = [];

export function SpanTree({ tree, find, treeRef, onEnter }: Props) {
  const { table, visible, selected, collapsed, root, range } = tree;
  const base = useId();
  const lanes = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  const laneWidth = useWidth(lanes);
  const [share, setShare] = useNameShare();
  const scroller = useRowWindow(treeRef, visible.length);
  const hover = useSelection((state) => state.hover);
  const marks = useMemo(() => ticks(range, laneWidth), [range, laneWidth]);
  const baseDepth = root < 0 ? 0 : (table.columns.depth[root] ?? 0);
  const selectedIndex = nearestVisibleIndex(visible, selected);
  const selectedHidden = selected >= 0 && visible[selectedIndex] !== selected;
  const activeRow = selected >= 0 && selectedIndex >= 0 ? (visible[selectedIndex] ?? -1) : -1;
  const { first, last, slots } = scroller.window;
  const mostIndent = indentLimit((laneWidth / (100 - share)) * share);
  const paint = useAgentPaint();
  const words = useMemo(() => (find.searched === '' ? NO_WORDS : [find.searched]), [find.searched]);

  useStayInPlace(treeRef, tree);
  useRevealSelection(tree, scroller.reveal);
  useWheelZoom(treeRef, lanes, tree);

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keyAction(event.key, tree, scroller.page, onEnter);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function click(event: MouseEvent): void {
    const under = rowUnder(event);
    if (!under) return;
    if (under.toggle) tree.setOpen(under.row, collapsed.has(table.columns.ids[under.row] ?? ''));
    else tree.select(under.row);
  }

  function doubleClick(event: MouseEvent): void {
    const under = rowUnder(event);
    if (under && !under.toggle) tree.setOpen(under.row, collapsed.has(table.columns.ids[under.row] ?? ''));
  }

  function over(event: MouseEvent): void {
    const under = rowUnder(event);
    hover(under ? (table.columns.ids[under.row] ?? null) : null);
  }

  const rows = [];
  for (let index = first; index < last; index++) {
    const row = visible[index] ?? -1;
    const id = table.columns.ids[row] ?? '';
    rows.push(
      <SpanRow
        // By place in the window, not by span: an element that scrolls out is the next one that scrolls in.
        key={index % slots}
        table={table}
        row={row}
        top={index * ROW_HEIGHT}
        domId={`${base}${row}`}
        selected={row === selected}
        holdsSelected={selectedHidden && row === activeRow}
        open={!collapsed.has(id)}
        matched={find.matches(row)}
        words={words}
        range={range}
        baseDepth={baseDepth}
        mostIndent={mostIndent}
        paint={paint}
      />,
    );
  }

  return (
    <section ref={pane} className={styles.pane} style={{ '--share': share } as CSSProperties} aria-label="Spans">
      <KindMasks />
      <OverviewStrip table={table} range={range} zoomed={tree.zoomed} onRange={tree.setRange} />
      {find.open && <FindBar find={find} onLeave={() => treeRef.current?.focus()} />}
      {root >= 0 && <SubtreeBar tree={tree} />}
      <div className={styles.head}>
        <div className={styles.headName}>
          <span className={styles.headTitle}>
            {(root < 0 ? table.columns.count : visible.length).toLocaleString('en-US')} spans
          </span>
          <IconButton label="Expand all" keys="*" icon={<ChevronsUpDown size={14} />} onClick={tree.expandAll} />
          <IconButton label="Collapse all" keys="-" icon={<ChevronsDownUp size={14} />} onClick={tree.collapseAll} />
        </div>
        <div className={styles.headTime}>
          <TimeScale tree={tree} marks={marks} />
          {tree.zoomed && (
            <span className={styles.zoomOut}>
              <IconButton
                label="Show the whole trace"
                keys="shift+z"
                icon={<ZoomOut size={14} />}
                onClick={() => tree.setRange(null)}
              />
            </span>
          )}
        </div>
      </div>
      <div className={styles.body}>
        <div ref={lanes} className={styles.gridPlace}>
          <TimeGrid range={range} marks={marks} />
        </div>
        <div
          ref={treeRef}
          className={styles.scroller}
          role="tree"
          aria-label="Spans of the trace"
          aria-activedescendant={
            activeRow >= 0 && selectedIndex >= first && selectedIndex < last ? `${base}${activeRow}` : undefined
          }
          tabIndex={0}
          onScroll={scroller.onScroll}
          onKeyDown={press}
          onClick={click}
          onDoubleClick={doubleClick}
          onMouseOver={over}
          onMouseLeave={() => hover(null)}
        >
          <div className={styles.all} style={{ height: visible.length * ROW_HEIGHT }} role="none">
            {rows}
          </div>
        </div>
        <ColumnDivider share={share} onShare={setShare} pane={pane} />
      </div>
    </section>
  );
}

function keyAction(key: string, tree: Tree, page: number, onEnter: () => void): (() => void) | null {
  switch (key) {
    case 'ArrowDown':
      return () => tree.move(1);
    case 'ArrowUp':
      return () => tree.move(-1);
    case 'PageDown':
      return () => tree.move(page);
    case 'PageUp':
      return () => tree.move(-page);
    case 'Home':
      return () => tree.moveTo('first');
    case 'End':
      return () => tree.moveTo('last');
    case 'ArrowRight':
      return tree.goIn;
    case 'ArrowLeft':
      return tree.goOut;
    case 'Enter':
      return onEnter;
    case ' ':
      return () => tree.setOpen(tree.selected, tree.collapsed.has(tree.table.columns.ids[tree.selected] ?? ''));
    case 'Escape':
      return tree.root >= 0 ? tree.leaveSubtree : tree.zoomed ? () => tree.setRange(null) : null;
    default:
      return null;
  }
}

/** Says that only a subtree is shown, and where it hangs. */
function SubtreeBar({ tree }: { tree: Tree }) {
  const path = [tree.root, ...ancestors(tree.table, tree.root)].slice(0, 4).reverse();
  return (
    <div className={styles.subtree}>
      <IconButton
        label="Back to the tree around it"
        keys="escape"
        icon={<CornerUpLeft size={14} />}
        onClick={tree.leaveSubtree}
      />
      <span className={styles.path}>
        {path.map((row) => {
          const span = readRow(tree.table, row);
          return (
            span && (
              <span key={row} className={styles.step} data-here={row === tree.root || undefined}>
                <KindIcon kind={span.kind} size={12} />
                <span className={styles.stepName}>{visibleString(span.name.slice(0, 80)) || 'no name'}</span>
              </span>
            )
          );
        })}
      </span>
    </div>
  );
}

/** Scrolls to the selected span whenever another one is selected, wherever that happened. */
function useRevealSelection({ visible, selected, table }: Tree, reveal: (index: number) => void): void {
  const last = useRef<string | null>(null);
  const id = selected < 0 ? null : (table.columns.ids[selected] ?? null);
  useLayoutEffect(() => {
    if (last.current === id) return;
    last.current = id;
    if (id !== null) reveal(nearestVisibleIndex(visible, selected));
  }, [id, selected, visible, reveal]);
}

/** When spans arrive above what is being read, what is being read stays where it is. */
function useStayInPlace(scroller: RefObject<HTMLDivElement | null>, { table, visible }: Tree): void {
  const anchor = useRef<{ id: string; offset: number } | null>(null);
  const seen = useRef(table);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    if (seen.current !== table) {
      seen.current = table;
      const row = anchor.current ? table.rowOf(anchor.current.id) : -1;
      if (anchor.current && row >= 0) {
        const top = nearestVisibleIndex(visible, row) * ROW_HEIGHT + anchor.current.offset;
        if (top !== element.scrollTop) element.scrollTop = top;
      }
    }
    function remember(): void {
      if (!element) return;
      const index = Math.floor(element.scrollTop / ROW_HEIGHT);
      // At the very top, new first rows may show themselves.
      const id = index === 0 ? undefined : table.columns.ids[visible[index] ?? -1];
      anchor.current = id === undefined ? null : { id, offset: element.scrollTop - index * ROW_HEIGHT };
    }
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [scroller, table, visible]);
}

/** Ctrl+wheel zooms at the pointer; Shift+wheel or a sideways wheel moves along the axis. */
function useWheelZoom(
  scroller: RefObject<HTMLDivElement | null>,
  lanes: RefObject<HTMLDivElement | null>,
  tree: Tree,
): void {
  const wheel = useEffectEvent((event: WheelEvent) => {
    const bounds = lanes.current?.getBoundingClientRect();
    if (!bounds || bounds.width <= 0) return;
    const { range, table } = tree;
    const width = range.to - range.from;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const anchor = range.from + Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width)) * width;
      tree.setRange(zoom(range, table.domain, anchor, Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.008)));
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (sideways === 0 || !tree.zoomed) return;
    event.preventDefault();
    tree.setRange(pan(range, table.domain, (sideways / bounds.width) * width));
  });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const listener = (event: WheelEvent): void => wheel(event);
    // React's own wheel listeners are passive and cannot keep the page from zooming.
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, [scroller]);
}
