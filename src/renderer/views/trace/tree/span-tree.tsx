/**
 * Tree and waterfall as one virtual list of two columns. The list is one ARIA tree with one tab stop: the selected row
 * is its active descendant, arrow keys move the selection.
 */
import {
  useId,
  useMemo,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { ChevronsDownUp, ChevronsUpDown, ZoomOut } from 'lucide-react';
import { IconButton } from '../../../widgets/button.tsx';
import { useSelection } from '../../../state/selection.ts';
import type { Find } from '../model/use-find.ts';
import type { SpanTree as Tree } from '../model/use-span-tree.ts';
import { ticks } from '../model/time-axis.ts';
import { nearestVisibleIndex } from '../model/visible-rows.ts';
import { useAgentPaint } from './agent-paint.ts';
import { ColumnDivider, useNameShare } from './column-divider.tsx';
import { FindBar } from './find-bar.tsx';
import { KindMasks } from './kind-masks.tsx';
import { OverviewStrip } from './overview-strip.tsx';
import { indentLimit, rowUnder, SpanRow } from './span-row.tsx';
import { SubtreeBar } from './subtree-bar.tsx';
import { TimeGrid, TimeScale } from './time-scale.tsx';
import {
  useFirstFocus,
  useFollowPlayback,
  useRevealSelection,
  useStayInPlace,
  useWheelZoom,
} from './tree-behaviour.ts';
import { ROW_HEIGHT, useRowWindow } from './use-row-window.ts';
import { useWidth } from './use-width.ts';
import { OddityNote } from '../oddities/oddity-note.tsx';
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
  const timed = useMemo(() => table.columns.start.some((start) => !Number.isNaN(start)), [table]);
  const marks = useMemo(
    () => (timed ? ticks(range, laneWidth, undefined, table.folded?.real) : []),
    [timed, range, laneWidth, table],
  );
  const counted = root < 0 ? table.columns.count : visible.length;
  const baseDepth = root < 0 ? 0 : (table.columns.depth[root] ?? 0);
  const selectedIndex = nearestVisibleIndex(visible, selected);
  const selectedHidden = selected >= 0 && visible[selectedIndex] !== selected;
  const activeRow = selected >= 0 && selectedIndex >= 0 ? (visible[selectedIndex] ?? -1) : -1;
  const { first, last, slots } = scroller.window;
  const mostIndent = indentLimit((laneWidth / (100 - share)) * share);
  const paint = useAgentPaint();
  const words = useMemo(() => (find.searched === '' ? NO_WORDS : [find.searched]), [find.searched]);

  useFirstFocus(treeRef);
  useStayInPlace(treeRef, tree);
  useRevealSelection(tree, scroller.reveal);
  useFollowPlayback(tree, scroller.reveal);
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

  function move(event: MouseEvent): void {
    // Rows that scroll by under a resting pointer are not pointed at.
    if (event.movementX === 0 && event.movementY === 0) return;
    const under = rowUnder(event);
    hover(under ? (table.columns.ids[under.row] ?? null) : null);
  }

  // An element that scrolls out is the next one that scrolls in, where it stands: moving elements would restyle them all.
  // What is read aloud follows `aria-owns`.
  const rows: ReactNode[] = [];
  const owned: string[] = [];
  for (let index = first; index < last; index++) {
    const row = visible[index] ?? -1;
    const id = table.columns.ids[row] ?? '';
    owned.push(`${base}${row}`);
    rows[index % slots] = (
      <SpanRow
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
      />
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
            {counted === 1 ? '1 span' : `${counted.toLocaleString('en-US')} spans`}
          </span>
          {tree.zoomed && (
            <IconButton
              label="Show the whole time"
              keys="shift+z"
              icon={<ZoomOut size={14} />}
              onClick={() => tree.setRange(null)}
            />
          )}
          <IconButton label="Expand all" keys="*" icon={<ChevronsUpDown size={14} />} onClick={tree.expandAll} />
          <IconButton label="Collapse all" keys="-" icon={<ChevronsDownUp size={14} />} onClick={tree.collapseAll} />
        </div>
        <div className={styles.headTime}>
          <TimeScale tree={tree} marks={marks} width={laneWidth} />
        </div>
      </div>
      <OddityNote columns={table.columns} picture="tree" />
      <div className={styles.body}>
        <div
          ref={treeRef}
          className={styles.scroller}
          role="tree"
          aria-label="Spans of the trace"
          aria-activedescendant={
            activeRow >= 0 && selectedIndex >= first && selectedIndex < last ? `${base}${activeRow}` : undefined
          }
          aria-owns={owned.join(' ')}
          tabIndex={0}
          onScroll={scroller.onScroll}
          onKeyDown={press}
          onClick={click}
          onDoubleClick={doubleClick}
          onMouseMove={move}
          onMouseLeave={() => hover(null)}
        >
          <div className={styles.all} style={{ height: visible.length * ROW_HEIGHT }} role="none">
            {rows}
          </div>
        </div>
        <div ref={lanes} className={styles.gridPlace}>
          <TimeGrid table={table} range={range} marks={marks} />
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
    case 'Escape':
      return tree.root >= 0 ? tree.leaveSubtree : tree.zoomed ? () => tree.setRange(null) : null;
    default:
      return null;
  }
}
