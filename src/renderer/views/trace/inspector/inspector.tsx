/** The right pane: the selected edge, else the selected span, else the trace. */
import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import { ArrowLeft } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import { useSelection, type SelectedEdge } from '../../../state/selection.ts';
import { EmptyState } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { useOrigin } from '../origin/origin-state.ts';
import { useTextMark } from '../origin/use-text-mark.ts';
import { edgeEnd } from './edge-end.ts';
import { EdgeInspector } from './edge-inspector.tsx';
import { SpanInspector } from './span-inspector.tsx';
import { useSpanTab } from './span-tab.ts';
import { TraceSummary } from './trace-summary.tsx';
import styles from './inspector.module.css';

type Props = {
  readonly trace: TraceRow;
  readonly tree: SpanTree;
  /** Takes the focus when the inspector is entered from the tree. */
  readonly inspectorRef: RefObject<HTMLElement | null>;
  readonly onLeave: () => void;
};

export function Inspector({ trace, tree, inspectorRef, onLeave }: Props) {
  const spanId = useSelection((state) => state.spanId);
  const edge = useSelection((state) => state.edge);
  const setTab = useSpanTab((state) => state.show);
  const back = useEdgeToReturnTo(edge, spanId);
  useTextMark(inspectorRef, spanId);
  // What is followed to its place stands in the input or output of a span.
  useEffect(
    () =>
      useOrigin.subscribe(({ mark }, before) => {
        if (mark && mark !== before.mark) setTab(mark.side === 'error' ? 'summary' : mark.side);
      }),
    [setTab],
  );

  function press(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onLeave();
  }

  return (
    <section ref={inspectorRef} className={styles.inspector} aria-label="Inspector" onKeyDown={press}>
      {back && !edge && <BackToEdge edge={back} />}
      {edge ? (
        <EdgeInspector
          key={`${edge.kind} ${edge.from} ${edge.to}`}
          traceId={trace.id}
          edge={edge}
          tree={tree}
          startNs={trace.startNs}
        />
      ) : spanId === null ? (
        <TraceSummary trace={trace} tree={tree} />
      ) : tree.selected < 0 ? (
        <EmptyState title="This span is not in the trace">
          The trace holds no span with the id {visibleString(spanId.slice(0, 100))}. It may not have arrived yet.
        </EmptyState>
      ) : (
        <SpanInspector traceId={trace.id} spanId={spanId} startNs={trace.startNs} tree={tree} />
      )}
    </section>
  );
}

/** The edge whose crossing led to the span on show; forgotten as soon as another span is selected. */
function useEdgeToReturnTo(edge: SelectedEdge | null, spanId: string | null): SelectedEdge | null {
  const [last, setLast] = useState<{ edge: SelectedEdge | null; spanId: string | null; back: SelectedEdge | null }>({
    edge,
    spanId,
    back: null,
  });
  if (last.edge !== edge || last.spanId !== spanId) {
    const back =
      edge === null && last.edge !== null && spanId !== null
        ? last.edge
        : edge === null && last.spanId === spanId
          ? last.back
          : null;
    setLast({ edge, spanId, back });
  }
  return last.back;
}

function BackToEdge({ edge }: { edge: SelectedEdge }) {
  const selectEdge = useSelection((state) => state.selectEdge);
  return (
    <button type="button" className={styles.back} onClick={() => selectEdge(edge)}>
      <ArrowLeft size={13} aria-hidden />
      <span className={styles.backText}>
        What crossed {visibleString(edgeEnd(edge.from, false).name.slice(0, 60))} →{' '}
        {visibleString(edgeEnd(edge.to, false).name.slice(0, 60))}
      </span>
    </button>
  );
}
