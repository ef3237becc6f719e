/** Who sent what to whom, one message after the other, bound to the one selection and time cursor of all panes. */
import { useCallback, useMemo, useRef, useState } from 'react';
import { ArrowRightLeft } from 'lucide-react';
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import type { GraphEdgeKind } from '#shared/graph.ts';
import type { Sequence } from '#shared/sequence.ts';
import type { OpenFolds } from '#shared/sequence-rows.ts';
import { openTo, sequenceRows, standsFor } from '#shared/sequence-rows.ts';
import { toMermaid } from '#shared/sequence-mermaid.ts';
import { toSvg } from '#shared/sequence-svg.ts';
import { sameFolds, withoutTools } from '#shared/sequence-tools.ts';
import { doubtSentences } from '#shared/sequence-words.ts';
import { SEQUENCE_KINDS } from '#shared/sequence.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { gatherMarks } from '../../../charts/fault-mark.ts';
import { messageClock, type Steps } from '../../../charts/sequence/clock.ts';
import type { Axis } from '../../../charts/sequence/geometry.ts';
import { SequencePicture } from '../../../charts/sequence/sequence-picture.tsx';
import { useEngine } from '../../../data/engine.ts';
import { useSelection } from '../../../state/selection.ts';
import { watchTimeCursor } from '../../../state/time-cursor.ts';
import { Button } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { useAnnotationMarks, spanOf } from '../annotations/annotation-marks.ts';
import { gatherNotes } from '../annotations/note-marks.ts';
import { usePlaces } from '../annotations/use-places.ts';
import { useFaultMarks } from '../faults/fault-marks.ts';
import { timesOf } from '../model/moments.ts';
import { rowIndex } from '../model/row-index.ts';
import { isInside, useSubtree } from '../model/subtree.ts';
import { usePlayback } from '../playback/playback-store.ts';
import { usePaneSize } from './use-pane-size.ts';
import styles from './graph-pane.module.css';

export function SequencePane({ traceId }: { traceId: string }) {
  const query = useEngine('trace.sequence', { traceId }, { keepPrevious: true });
  if (query.data && query.data.total > 0) return <Loaded key={traceId} traceId={traceId} sequence={query.data} />;
  return (
    <div className={styles.middle}>
      {query.error ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <EmptyState title="Nobody sent anything in this trace" icon={<ArrowRightLeft size={22} aria-hidden />}>
          No span names an agent, so there is no sender. The tree shows every span that was received.
        </EmptyState>
      ) : (
        <Spinner label="Reading the sequence" />
      )}
    </div>
  );
}

const CLOSED: OpenFolds = new Set();

/** With more life lines than this, tools begin folded into their agents. */
const LINES = 9;

function Loaded({ traceId, sequence: given }: { readonly traceId: string; readonly sequence: Sequence }) {
  const toolCount = useMemo(() => given.participants.filter(({ kind }) => kind === 'tool').length, [given]);
  const [chosenTools, setTools] = useState<boolean | null>(null);
  const tools = chosenTools ?? given.participants.length <= LINES;
  const sequence = useMemo(() => (tools ? given : withoutTools(given)), [given, tools]);
  const [axis, setAxis] = useState<Axis>('step');
  const [open, setOpen] = useState<OpenFolds>(CLOSED);
  const [frame, pane] = usePaneSize();
  // A running trace grows: what was opened stays open.
  const [drawn, setDrawn] = useState(sequence);
  if (drawn !== sequence) {
    setDrawn(sequence);
    setOpen(sameFolds(drawn, sequence, open));
  }
  const rows = useMemo(() => sequenceRows(sequence, open), [sequence, open]);
  const spanId = useSelection((state) => state.spanId);
  const edge = useSelection((state) => state.edge);
  const moves = usePlayback((state) => state.moves);
  const columns = useEngine('trace.open', { traceId }).data?.columns ?? null;
  const clock = useMemo(() => messageClock(sequence, columns && stepsOf(columns)), [sequence, columns]);
  const { selectSpan, hover } = useSelection.getState();
  const subtree = useSubtree(columns);
  const isInSubtree = useMemo(() => {
    if (!subtree || !columns) return null;
    const rows = rowIndex(columns);
    return (position: number) =>
      isInside(subtree, rows.get(sequence.spanIds[sequence.span[position] ?? -1] ?? '') ?? -1);
  }, [subtree, columns, sequence]);
  const messageOf = useMessageOfSpan(traceId, sequence);

  const findings = useFaultMarks((state) => state.detection?.findings);
  const faults = useMemo(
    () =>
      gatherMarks(findings ?? [], (id) => {
        const position = messageOf(id);
        return position < 0 ? [] : [standsFor(sequence, rows, position)];
      }),
    [findings, messageOf, sequence, rows],
  );

  const annotations = useAnnotationMarks((state) => state.rows);
  const notes = useMemo(() => {
    const first = edgeMessages(sequence, annotations);
    return gatherNotes<number | string>(annotations, (row) => {
      const { place } = row;
      const spanId = spanOf(row);
      const at = spanId === null ? (first.get(JSON.stringify(place)) ?? -1) : messageOf(spanId);
      const agent = place.kind === 'agent' ? place.agent : place.kind === 'absence' ? place.agent : null;
      const messages = at < 0 ? [] : [standsFor(sequence, rows, at)];
      return agent === null ? messages : [...messages, `agent:${agent}`];
    });
  }, [annotations, messageOf, sequence, rows]);
  const section = useRef<HTMLElement>(null);
  usePlaces(section, (target) => placesIn(sequence, target, selected));

  // What was chosen here names one of several messages of its span.
  const [chosen, setChosen] = useState(-1);
  const [shown, setShown] = useState<string | null>(null);
  const [reveal, setReveal] = useState(0);
  const isChosen = chosen >= 0 && sequence.spanIds[sequence.span[chosen] ?? -1] === spanId;
  const selected = isChosen ? chosen : messageOf(spanId);
  if (spanId !== shown && (spanId === null || selected >= 0)) {
    setShown(spanId);
    if (spanId !== null) {
      setOpen(openTo(sequence, open, selected));
      setReveal(reveal + 1);
    }
  }

  const isOnEdge = useMemo(() => {
    if (!edge) return null;
    const from = sequence.participants.findIndex(({ id }) => id === edge.from);
    const to = sequence.participants.findIndex(({ id }) => id === edge.to);
    const kind = SEQUENCE_KINDS.findIndex((one) => one === edge.kind);
    return (position: number) =>
      sequence.from[position] === from && sequence.to[position] === to && sequence.kind[position] === kind;
  }, [edge, sequence]);

  const select = useCallback(
    (position: number) => {
      const id = sequence.spanIds[sequence.span[position] ?? -1];
      if (id === undefined) return;
      setChosen(position);
      setReveal((count) => count + 1);
      selectSpan(id);
    },
    [sequence, selectSpan],
  );

  function fold(which: number, opens: boolean): void {
    const next = new Set(open);
    if (opens) next.add(which);
    else next.delete(which);
    setOpen(next);
    setReveal(reveal + 1);
  }

  const doubts = useMemo(() => doubtSentences(sequence), [sequence]);
  const folded = rows.frames.some((each) => !each.open);
  const notShown = sequence.total - sequence.count;
  return (
    <section ref={section} className={styles.pane} aria-label="Sequence">
      <div className={styles.bar} role="toolbar" aria-label="Sequence">
        <div className={styles.choice} role="group" aria-label="Axis">
          <AxisButton axis={axis} is="step" onChange={setAxis} label="Steps" hint="One message after the other" />
          <AxisButton axis={axis} is="time" onChange={setAxis} label="Time" hint="Waits take room; long ones are cut" />
        </div>
        {toolCount > 0 && (
          <div className={styles.toggles} role="group" aria-label="Show">
            <button
              type="button"
              className={styles.toggle}
              aria-pressed={tools}
              title="A life line for each tool"
              onClick={() => setTools(!tools)}
            >
              {`Tools ${formatCount(toolCount)}`}
            </button>
          </div>
        )}
        {sequence.folds.start.length > 0 && (
          <Button
            variant="ghost"
            onClick={() => {
              setOpen(folded ? new Set(sequence.folds.start.keys()) : CLOSED);
              setReveal(reveal + 1);
            }}
          >
            {folded ? 'Unfold repeats' : 'Fold repeats'}
          </Button>
        )}
        <div className={styles.tools}>
          <CopyButton variant="button" label="Mermaid" text={() => toMermaid(sequence, open)} />
          <CopyButton variant="button" label="SVG" text={() => toSvg(sequence, open)} />
        </div>
      </div>
      <div ref={frame} style={{ display: 'flex', flex: 1, minHeight: 0, minWidth: 0 }}>
        {pane && (
          <SequencePicture
            sequence={sequence}
            rows={rows}
            axis={axis}
            pane={pane}
            selected={selected}
            reveal={reveal}
            isOnEdge={isOnEdge}
            watch={watchTimeCursor}
            clock={clock}
            isInside={isInSubtree}
            follow={moves}
            faults={faults}
            onFault={selectSpan}
            notes={notes}
            onSelect={select}
            onFold={fold}
            onPoint={hover}
          />
        )}
      </div>
      <footer className={styles.footer}>
        <span role="status">
          {`${formatCount(sequence.total)} ${sequence.total === 1 ? 'message' : 'messages'}`}
          {rows.message.length < sequence.count ? `, ${formatCount(rows.message.length)} rows after folding` : ''}
        </span>
        {(doubts.length > 0 || notShown > 0) && (
          <span>
            {[...doubts, ...(notShown > 0 ? [`Not drawn: ${formatCount(notShown)} messages.`] : [])].join(' ')}
          </span>
        )}
      </footer>
    </section>
  );
}

/** The message under the pointer, else the selected one: what crossed, then its span. A head is its agent. */
function placesIn(sequence: Sequence, target: Element, selected: number): readonly AnnotationPlace[] {
  const head = target.closest<HTMLElement>('[data-participant]')?.dataset.participant;
  if (head !== undefined) return head.startsWith('agent:') ? [{ kind: 'agent', agent: head.slice(6) }] : [];
  const row = target.closest<HTMLElement>('[data-message]');
  const position = row ? Number(row.dataset.message) : target.closest('[role=listbox]') ? selected : -1;
  const from = sequence.participants[sequence.from[position] ?? -1]?.id;
  const to = sequence.participants[sequence.to[position] ?? -1]?.id;
  const kind = SEQUENCE_KINDS[sequence.kind[position] ?? -1];
  const spanId = sequence.spanIds[sequence.span[position] ?? -1];
  if (from === undefined || to === undefined || kind === undefined || spanId === undefined) return [];
  // Not every message is an edge of the graph: what an agent tells itself is its span.
  if (!isEdgeKind(kind)) return [{ kind: 'span', spanId }];
  return [{ kind: 'edge', from, to, edge: kind, spanId }];
}

const EDGE_KINDS: readonly string[] = ['handoff', 'agent_call', 'return', 'message', 'tool_call', 'guardrail'];

function isEdgeKind(kind: string): kind is GraphEdgeKind {
  return EDGE_KINDS.includes(kind);
}

/** The first message of each annotated edge as a whole, by its place as text. */
function edgeMessages(sequence: Sequence, annotations: readonly AnnotationRow[]): ReadonlyMap<string, number> {
  const wanted = new Map<string, string>();
  for (const { place } of annotations)
    if (place.kind === 'edge' && place.spanId === null)
      wanted.set(JSON.stringify([place.from, place.to, place.edge]), JSON.stringify(place));
  const first = new Map<string, number>();
  if (wanted.size === 0) return first;
  for (let position = 0; position < sequence.count; position++) {
    const from = sequence.participants[sequence.from[position] ?? -1]?.id;
    const to = sequence.participants[sequence.to[position] ?? -1]?.id;
    const place = wanted.get(JSON.stringify([from, to, SEQUENCE_KINDS[sequence.kind[position] ?? -1]]));
    if (place !== undefined && !first.has(place)) first.set(place, position);
  }
  return first;
}

/** Null where times count. */
function stepsOf(columns: SpanColumns): Steps | null {
  const times = timesOf(columns);
  if (times.timed) return null;
  const row = rowIndex(columns);
  return {
    start: (id) => times.start[row.get(id) ?? -1] ?? 0,
    end: (id) => times.end[row.get(id) ?? -1] ?? 0,
  };
}

/** The first message that a span proves, or the nearest span around it does; -1 = none. */
function useMessageOfSpan(traceId: string, sequence: Sequence): (spanId: string | null) => number {
  const columns = useEngine('trace.open', { traceId }).data?.columns;
  const first = useMemo(() => {
    const byId = new Map<string, number>();
    for (let k = sequence.count - 1; k >= 0; k--) byId.set(sequence.spanIds[sequence.span[k] ?? -1] ?? '', k);
    return byId;
  }, [sequence]);
  return useCallback(
    (spanId) => {
      if (spanId === null) return -1;
      const known = first.get(spanId);
      if (known !== undefined || !columns) return known ?? -1;
      let row = rowIndex(columns).get(spanId) ?? -1;
      while (row >= 0) {
        const message = first.get(columns.ids[row] ?? '');
        if (message !== undefined) return message;
        const up = columns.parent[row] ?? -1;
        if (up >= row) return -1;
        row = up;
      }
      return -1;
    },
    [first, columns],
  );
}

type AxisButtonProps = {
  readonly axis: Axis;
  readonly is: Axis;
  readonly onChange: (axis: Axis) => void;
  readonly label: string;
  readonly hint: string;
};

function AxisButton({ axis, is, onChange, label, hint }: AxisButtonProps) {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-pressed={axis === is}
      title={hint}
      onClick={() => onChange(is)}
    >
      {label}
    </button>
  );
}
