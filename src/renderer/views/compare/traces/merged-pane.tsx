import { useMemo, useState } from 'react';
import type { MergedGraph } from '#shared/alignment.ts';
import type { Pane } from '../../../charts/graph/use-zoom.ts';
import { useEngine } from '../../../data/engine.ts';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { MergedPicture, useMergedLayout } from './merged-picture.tsx';
import { type MergedEdge, mergedView, showsTools } from './model/merged-view.ts';
import { useElementSize } from './use-element-size.ts';
import styles from './merged.module.css';

type Props = {
  readonly a: string;
  readonly b: string;
  readonly chosen: string | null;
  /** Spans of the present step. */
  readonly spanA: string | null;
  readonly spanB: string | null;
  readonly onEdge: (edge: MergedEdge | null) => void;
};

export function MergedPane(props: Props) {
  const graph = useEngine('align.graph', { a: props.a, b: props.b });
  if (graph.error) return <ErrorState error={graph.error} onRetry={graph.refetch} />;
  if (!graph.data) return <Spinner label="Laying both graphs over each other" />;
  if (graph.data.nodes.length === 0)
    return <EmptyState title="No agents">Neither of the two names an agent or a tool.</EmptyState>;
  return <Drawn {...props} graph={graph.data} />;
}

function Drawn({ graph, chosen, spanA, spanB, onEdge }: Props & { readonly graph: MergedGraph }) {
  const [tools, setTools] = useState<boolean | null>(null);
  const shown = tools ?? showsTools(graph);
  const [ref, size] = useElementSize();
  const view = useMemo(() => mergedView(graph, shown), [graph, shown]);
  const placed = useMergedLayout(view, size satisfies Pane | null);
  const lit = useMemo(
    () =>
      new Set(
        view.edges
          .filter(
            ({ spansA, spansB }) =>
              (spanA !== null && spansA.includes(spanA)) || (spanB !== null && spansB.includes(spanB)),
          )
          .map(({ key }) => key),
      ),
    [view, spanA, spanB],
  );
  const counts = { a: 0, b: 0, both: 0 };
  for (const edge of view.edges) counts[edge.in]++;
  return (
    <div className={styles.pane}>
      <div className={styles.bar}>
        <span role="status">
          {formatCount(counts.both)} edges in both, {formatCount(counts.a)} only in A, {formatCount(counts.b)} only in B
          {view.omitted > 0 && `; ${formatCount(view.omitted)} not drawn`}
        </span>
        <label className={styles.choice}>
          <input type="checkbox" checked={shown} onChange={(event) => setTools(event.target.checked)} />
          Tools
        </label>
      </div>
      <div ref={ref} className={styles.space}>
        {placed && size && <MergedPicture placed={placed} pane={size} chosen={chosen} lit={lit} onEdge={onEdge} />}
      </div>
    </div>
  );
}
