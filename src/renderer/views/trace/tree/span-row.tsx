/** One line of the tree and the waterfall. Drawn for the rows near the viewport only. */
import { memo, type MouseEvent } from 'react';
import { CircleAlert, Unlink } from 'lucide-react';
import { formatDuration } from '#shared/time.ts';
import type { AgentColour } from '../../../theme/agent-colour.ts';
import { KIND_LABELS } from '../../../theme/kind-icon.tsx';
import { useSelection } from '../../../state/selection.ts';
import { Highlighted } from '../../../widgets/highlighted.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { AnnotationBadge } from '../annotations/annotation-badge.tsx';
import { useAnnotationMarks } from '../annotations/annotation-marks.ts';
import { FaultBadge } from '../faults/fault-badge.tsx';
import { useFaultMarks } from '../faults/fault-marks.ts';
import { stateAt, type Moment } from '../model/moments.ts';
import {
  errorsBelow,
  hasChildren,
  readRow,
  type SpanRow as Row,
  type SpanTable,
  type TimeRange,
} from '../model/span-table.ts';
import { bar } from '../model/time-axis.ts';
import type { AgentPaint } from './agent-paint.ts';
import styles from './span-tree.module.css';

const INDENT = 14;

/**
 * How many levels are indented when names have `width` pixels. Deeper ones stand at this indent with their level written
 * out: names must stay readable in a 50,000-deep chain.
 */
export function indentLimit(width: number): number {
  return Math.min(16, Math.max(3, Math.floor((width - 175) / INDENT)));
}

type Props = {
  readonly table: SpanTable;
  readonly row: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly domId: string;
  readonly selected: boolean;
  /** The selected span is hidden inside this one. */
  readonly holdsSelected: boolean;
  readonly open: boolean;
  readonly matched: boolean;
  /** To mark in the name; a stable array. */
  readonly words: readonly string[];
  readonly range: TimeRange;
  readonly baseDepth: number;
  readonly mostIndent: number;
  readonly paint: AgentPaint;
};

export const SpanRow = memo(function SpanRow(props: Props) {
  const { table, row, selected, holdsSelected, open, matched, baseDepth } = props;
  const span = readRow(table, row);
  const hovered = useSelection((state) => state.hovered !== null && state.hovered === span?.id);
  const moment = useSelection(({ timeCursor }) =>
    timeCursor === null ? null : stateAt(table.times(), row, timeCursor),
  );
  const faults = useFaultMarks(({ marks }) => (span ? (marks.get(span.id)?.length ?? 0) : 0));
  const annotations = useAnnotationMarks(({ marks }) => (span ? (marks.get(span.id)?.length ?? 0) : 0));
  if (!span) return null;
  const parent = hasChildren(table, row);
  const inside = parent && !open ? errorsBelow(table, row) : 0;
  const colour = props.paint(span.agent);
  const depth = span.depth - baseDepth;
  const indent = Math.min(depth, props.mostIndent) * INDENT;
  const className = [
    styles.row,
    selected && styles.selected,
    holdsSelected && styles.holdsSelected,
    hovered && styles.hovered,
    matched && styles.matched,
    span.status === 'error' && styles.failed,
  ];
  return (
    <div
      id={props.domId}
      role="treeitem"
      className={className.filter(Boolean).join(' ')}
      // Colours stand on the elements that show them: a custom property here would restyle everything below it.
      style={{ top: props.top, borderLeftColor: colour.solid }}
      data-row={row}
      data-span-id={span.id}
      data-moment={moment ?? undefined}
      aria-level={depth + 1}
      aria-expanded={parent ? open : undefined}
      aria-setsize={table.setSize[row]}
      aria-posinset={table.position[row]}
      aria-selected={selected}
      aria-label={describe(span, inside, { faults, annotations }, moment)}
    >
      <div className={styles.label} style={{ paddingLeft: 5 + indent, backgroundSize: `${indent}px 100%` }}>
        {depth > props.mostIndent && (
          <span className={styles.level} title={`Level ${depth + 1}`}>
            {depth + 1}
          </span>
        )}
        <span
          className={parent ? (open ? styles.opened : styles.closed) : styles.leaf}
          data-part={parent ? 'toggle' : undefined}
        />
        <span
          className={`${styles.kind} ${styles[span.kind] ?? ''}`}
          style={{ color: colour.solid, backgroundColor: colour.soft }}
          title={KIND_LABELS[span.kind]}
        />
        <span className={styles.name} title={span.name.slice(0, 600)}>
          {span.name === '' ? (
            <em className={styles.unnamed}>no name</em>
          ) : (
            <Highlighted text={visibleString(span.name.slice(0, 300))} words={props.words} />
          )}
        </span>
        <Extra span={span} />
        {span.inferredTime && (
          <span className={styles.extra} title="Inferred from the messages around it: no span was received for it.">
            inferred
          </span>
        )}
        {span.missingParent && (
          <span className={styles.orphan} title="Its parent was never received, so it stands at the top level.">
            <Unlink size={11} aria-hidden />
            no parent
          </span>
        )}
        {span.cyclicParent && (
          <span className={styles.orphan} title="Its parents form a circle; the circle was cut here.">
            <Unlink size={11} aria-hidden />
            cut circle
          </span>
        )}
        {parent && !open && (
          <span className={styles.count}>
            {((table.columns.subtreeEnd[row] ?? 0) - row - 1).toLocaleString('en-US')}
          </span>
        )}
        <FaultBadge spanId={span.id} />
        <AnnotationBadge spanId={span.id} />
        {inside > 0 && (
          <span className={styles.errors} title={errorsInside(inside)}>
            <CircleAlert size={11} aria-hidden />
            {inside}
          </span>
        )}
        {span.status === 'error' && (
          <span className={styles.errors} title="This span failed">
            <CircleAlert size={12} aria-hidden />
          </span>
        )}
        {span.status === 'running' && <span className={styles.pulse} title="Running" />}
        <span className={styles.duration}>{durationText(span)}</span>
      </div>
      <Bar span={span} parent={parent} range={props.range} table={table} colour={colour} />
    </div>
  );
});

function Extra({ span }: { span: Row }) {
  const text = span.kind === 'generation' ? span.model : span.kind === 'tool' ? span.tool : '';
  if (text === '' || repeats(span.name, text)) return null;
  return <span className={styles.extra}>{visibleString(text.slice(0, 100))}</span>;
}

/** "execute_tool search" says search already, and "chat gpt-4.1" says gpt-4.1-2025-04-14, a dated version of it. */
export function repeats(name: string, detail: string): boolean {
  const last = name.slice(name.lastIndexOf(' ') + 1);
  return detail === last || (last !== '' && detail.startsWith(last) && /^-\d/.test(detail.slice(last.length)));
}

type BarProps = {
  readonly span: Row;
  readonly parent: boolean;
  readonly range: TimeRange;
  readonly table: SpanTable;
  readonly colour: AgentColour;
};

function Bar({ span, parent, range, table, colour }: BarProps) {
  const running = span.status === 'running' && span.end === null;
  const noEnd = span.end === null && !running;
  const place = bar(span.start, noEnd ? span.start : span.end, range, table.domain);
  if (!place) {
    return (
      <div className={styles.lane} aria-hidden>
        {span.start === null && <span className={styles.noTime}>no time</span>}
      </div>
    );
  }
  const tick = place.width < 0.01 && !running;
  const className = [
    styles.bar,
    parent && styles.frame,
    tick && styles.tick,
    span.status === 'error' && styles.barFailed,
    running && styles.barRunning,
    span.inferredTime && styles.inferred,
    place.cutLeft && styles.cutLeft,
    place.cutRight && !running && styles.cutRight,
  ];
  return (
    <div className={styles.lane} aria-hidden>
      <span
        className={className.filter(Boolean).join(' ')}
        style={{
          left: `${place.left}%`,
          width: tick ? undefined : `${place.width}%`,
          color: colour.solid,
          backgroundColor: (parent || span.inferredTime) && !tick ? colour.soft : colour.solid,
        }}
        title={barTitle(span, span.start === null ? null : (table.folded?.real(span.start) ?? span.start))}
      />
    </div>
  );
}

export function durationText(span: Row): string {
  if (span.start === null) return '';
  if (span.end !== null) return formatDuration(span.end - span.start);
  return span.status === 'running' ? 'running' : '';
}

function barTitle(span: Row, begins: number | null): string {
  const start = `starts at ${formatDuration(begins)}`;
  if (span.end === null) return `${start}, ${span.status === 'running' ? 'still running' : 'no end time'}`;
  const inferred = span.inferredTime ? ', times inferred' : '';
  return `${start}, takes ${formatDuration(span.end - (span.start ?? 0))}${inferred}`;
}

function errorsInside(count: number): string {
  return count === 1 ? '1 error inside' : `${count} errors inside`;
}

type Marks = { readonly faults: number; readonly annotations: number };

function describe(span: Row, inside: number, { faults, annotations }: Marks, moment: Moment | null): string {
  const parts = [`${KIND_LABELS[span.kind]} ${span.name === '' ? 'without a name' : span.name.slice(0, 200)}`];
  if (span.agent !== '' && span.agent !== span.name) parts.push(`agent ${span.agent.slice(0, 100)}`);
  parts.push(span.start === null ? 'no time' : durationText(span));
  if (span.status === 'error') parts.push('error');
  if (inside > 0) parts.push(errorsInside(inside));
  if (faults > 0) parts.push(faults === 1 ? '1 finding' : `${faults} findings`);
  if (annotations > 0) parts.push(annotations === 1 ? '1 annotation' : `${annotations} annotations`);
  if (span.missingParent) parts.push('parent missing');
  if (moment === 'before') parts.push('has not begun at the time cursor');
  if (moment === 'open') parts.push('in progress at the time cursor');
  return parts.filter(Boolean).join(', ');
}

/** The row under an event, and whether its chevron was meant; null between rows. */
export function rowUnder(event: MouseEvent): { row: number; toggle: boolean } | null {
  const target = event.target instanceof Element ? event.target : null;
  const element = target?.closest<HTMLElement>('[data-row]');
  const row = Number(element?.dataset.row ?? NaN);
  return Number.isInteger(row) ? { row, toggle: target?.closest('[data-part="toggle"]') !== null } : null;
}
