/** Annotations over the lanes: stretches of time as bands, annotated spans and agents as counts; and drawing a stretch. */
import { useMemo, useState, type PointerEvent } from 'react';
import { MessageSquareText } from 'lucide-react';
import type { AnnotationRow } from '#shared/annotation.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { annotationTitle } from '../../../../annotate/words.ts';
import { NoteCount } from '../../../../charts/note-pin.tsx';
import { annotate, editAnnotation } from '../../annotations/annotate-store.ts';
import { useAnnotationMarks } from '../../annotations/annotation-marks.ts';
import { noteMark } from '../../annotations/note-marks.ts';
import { rowIndex } from '../../model/row-index.ts';
import type { TimeRange } from '../../model/span-table.ts';
import { brush } from '../../model/time-axis.ts';
import type { LaneAxis } from './lane-axis.ts';
import { LANE_PAD, LINE, type LaneModel } from './lane-model.ts';
import styles from './lane-notes.module.css';

/** Drawn of each kind. */
const MOST = 300;
/** Spans inside an annotated one that are asked for a piece. */
const MOST_INSIDE = 200;

type Props = {
  readonly model: LaneModel;
  readonly columns: SpanColumns | null;
  readonly range: TimeRange;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  /** What is being drawn, in places. */
  readonly drawn: TimeRange | null;
};

export function LaneNotes({ model, columns, range, width, height, scrollTop, drawn }: Props) {
  const rows = useAnnotationMarks((state) => state.rows);
  const marks = useAnnotationMarks((state) => state.marks);
  const { axis, data } = model;
  const x = (place: number): number => ((place - range.from) / (range.to - range.from)) * width;
  const bands = useMemo(
    () =>
      rows.flatMap((row) =>
        row.place.kind === 'range' && data.timed
          ? [{ row, from: axis.place(row.place.startNs), to: axis.place(row.place.endNs) }]
          : [],
      ),
    [rows, axis, data],
  );
  const spans = useMemo(() => {
    const tops = new Map(model.shown.map(({ lane, top }) => [lane, top]));
    return [...marks].slice(0, MOST).flatMap(([spanId, said]) => {
      const piece = pieceOf(model, columns, spanId);
      const top = piece === undefined ? undefined : tops.get(data.pieces.lane[piece] ?? -1);
      if (piece === undefined || top === undefined) return [];
      const y = top + LANE_PAD + (data.pieces.row[piece] ?? 0) * LINE;
      return [{ spanId, mark: noteMark(said), place: model.from[piece] ?? 0, y }];
    });
  }, [marks, model, columns, data]);
  return (
    <div className={styles.layer}>
      {bands.slice(0, MOST).map(({ row, from, to }) => (
        <Band key={row.id} row={row} left={x(from)} right={x(to)} width={width} height={height} />
      ))}
      {drawn && <span className={styles.drawn} style={{ left: x(drawn.from), width: x(drawn.to) - x(drawn.from) }} />}
      {spans.map(({ spanId, mark, place, y }) => {
        const [left, top] = [x(place), y - scrollTop];
        if (left < -20 || left > width || top < -LINE || top > height) return null;
        return <NoteCount key={spanId} mark={mark} style={{ left: Math.max(0, left - 4), top: top - 3 }} />;
      })}
    </div>
  );
}

/** An agent's own span is no work: what is inside it is. */
function pieceOf(model: LaneModel, columns: SpanColumns | null, spanId: string): number | undefined {
  const own = model.piecesOf(spanId)[0];
  const row = own === undefined && columns ? rowIndex(columns).get(spanId) : undefined;
  if (row === undefined || !columns) return own;
  const end = Math.min(columns.subtreeEnd[row] ?? row, row + MOST_INSIDE);
  for (let inside = row + 1; inside < end; inside++) {
    const piece = model.piecesOf(columns.ids[inside] ?? '')[0];
    if (piece !== undefined) return piece;
  }
  return undefined;
}

type BandProps = {
  readonly row: AnnotationRow;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly height: number;
};

function Band({ row, left, right, width, height }: BandProps) {
  const from = Math.max(-2, left);
  const to = Math.min(width + 2, right);
  if (to <= -2 || from >= width + 2) return null;
  return (
    <span
      className={styles.band}
      style={{ left: from, width: Math.max(2, to - from), height }}
      data-root={row.isRootCause || undefined}
      data-testid={`range:${row.id}`}
    >
      <button
        type="button"
        className={styles.bandName}
        title={row.note?.slice(0, 600)}
        onClick={() => editAnnotation(row)}
      >
        <MessageSquareText size={11} aria-hidden />
        <span>{annotationTitle(row)}</span>
      </button>
    </span>
  );
}

/** What was said about an agent, at the head of its lane. */
export function LaneHeadNote({ agent }: { readonly agent: string }) {
  const rows = useAnnotationMarks((state) => state.rows);
  const own = useMemo(
    () =>
      rows.filter(({ place, kind, agent: blamed }) => {
        if (place.kind === 'agent') return place.agent === agent;
        return (place.kind === 'absence' && place.agent === agent) || (kind === 'blame' && blamed === agent);
      }),
    [rows, agent],
  );
  if (own.length === 0) return null;
  return <NoteCount mark={noteMark(own)} style={{ position: 'static', marginLeft: 'auto' }} />;
}

type Brush = {
  /** In places of the axis; null = nothing is being drawn. */
  readonly drawn: TimeRange | null;
  readonly start: (event: PointerEvent<HTMLElement>) => void;
};

/** Drawing a stretch of time; letting go asks what to say about it. */
export function useBrush(axis: LaneAxis, placeAt: (clientX: number) => number): Brush {
  const [drawn, setDrawn] = useState<TimeRange | null>(null);
  function start(event: PointerEvent<HTMLElement>): void {
    const element = event.currentTarget;
    const first = placeAt(event.clientX);
    element.setPointerCapture(event.pointerId);
    function move(next: globalThis.PointerEvent): void {
      setDrawn(brush(first, placeAt(next.clientX), axis.domain));
    }
    function end(up: globalThis.PointerEvent): void {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
      setDrawn(null);
      const whole = up.type === 'pointercancel' ? null : brush(first, placeAt(up.clientX), axis.domain);
      if (whole) annotateRange(axis, whole);
    }
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  }
  return { drawn, start };
}

export function annotateRange(axis: LaneAxis, range: TimeRange): void {
  const [startNs, endNs] = [Math.round(axis.real(range.from)), Math.round(axis.real(range.to))];
  annotate([{ kind: 'range', startNs, endNs: Math.max(startNs, endNs) }]);
}
