/** What crossed an edge of the graph: every crossing with its payloads, each a way to its span. */
import { useState } from 'react';
import { ArrowRight, CornerDownLeft, CornerDownRight, Target, X } from 'lucide-react';
import type { AgentGraph, EdgeCrossing, GraphEdge, GraphEdgeKind } from '#shared/graph.ts';
import { useEngine } from '../../../data/engine.ts';
import { useSelection, type SelectedEdge } from '../../../state/selection.ts';
import { StatusIcon } from '../../../theme/kind-icon.tsx';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { AgentChip, Chip } from '../../../widgets/chip.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { EmptyState, ErrorState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import type { SpanTree } from '../model/use-span-tree.ts';
import { ContentList } from './content-list.tsx';
import { EdgeAnnotations } from '../annotations/edge-annotations.tsx';
import { HandoffSection } from '../handoff/handoff-section.tsx';
import { edgeEnd, type EdgeEnd } from './edge-end.ts';
import { afterStart } from './exact-time.ts';
import { ReadingToggle, useReading } from './choice.tsx';
import type { Reading } from './rich-text.tsx';
import styles from './inspector.module.css';

const PAGE = 20;

const KINDS: Readonly<Record<GraphEdgeKind, string>> = {
  handoff: 'Handoff',
  agent_call: 'Agent called as a tool',
  return: 'Return',
  message: 'Message',
  tool_call: 'Tool call',
  guardrail: 'Guardrail check',
};

export function EdgeInspector({
  traceId,
  edge,
  tree,
  startNs,
}: {
  traceId: string;
  edge: SelectedEdge;
  tree: SpanTree;
  startNs: string | null;
}) {
  const [limit, setLimit] = useState(PAGE);
  const [reading, setReading] = useReading();
  const selectEdge = useSelection((state) => state.selectEdge);
  const graph = useEngine('trace.graph', { traceId, expanded: false });
  const plain = findEdge(graph.data, edge);
  // An edge between agent instances is in the expanded graph only.
  const expanded = edge.among?.expanded ?? (graph.data !== undefined && !plain);
  const detailed = useEngine('trace.graph', { traceId, expanded: true }, { enabled: expanded });
  const known = plain ?? findEdge(detailed.data, edge);
  const query = useEngine(
    'trace.edge',
    {
      traceId,
      from: edge.among?.from ?? edge.from,
      to: edge.among?.to ?? edge.to,
      kind: edge.kind,
      expanded,
      limit,
      offset: 0,
    },
    { enabled: graph.data !== undefined || graph.error !== null, keepPrevious: true },
  );
  return (
    <div className={styles.span}>
      <header className={`${styles.head} ${styles.ruled}`}>
        <div className={styles.kind}>
          <span>{KINDS[edge.kind]}</span>
          {known && <Chip title="How often it happened">×{formatCount(known.count)}</Chip>}
          {known && known.errors > 0 && (
            <Chip tone="error">
              {known.errors} {known.errors === 1 ? 'error' : 'errors'}
            </Chip>
          )}
          {known?.inferred && (
            <Chip tone="warn" title="No span states it; it was concluded from order or nesting.">
              inferred
            </Chip>
          )}
          <span className={styles.end}>
            <IconButton label="Close" icon={<X size={14} />} onClick={() => selectEdge(null)} />
          </span>
        </div>
        <div className={styles.ends}>
          {edge.among ? <Chip>{edge.among.fromName}</Chip> : <End end={edgeEnd(edge.from, expanded)} />}
          <ArrowRight size={15} aria-label="to" />
          {edge.among ? <Chip>{edge.among.toName}</Chip> : <End end={edgeEnd(edge.to, expanded)} />}
        </div>
      </header>
      <div className={styles.panel} tabIndex={0} role="region" aria-label="What crossed">
        <EdgeAnnotations edge={edge} tree={tree} />
        {query.error && !query.data ? (
          <ErrorState error={query.error} onRetry={query.refetch} />
        ) : !query.data ? (
          <Spinner label="Loading what crossed" />
        ) : query.data.crossings.length === 0 ? (
          <EmptyState title="Nothing is recorded for this edge" />
        ) : (
          <section className={styles.section}>
            <ReadingToggle value={reading} onChange={setReading} />
            {query.data.crossings.map((crossing, index) => (
              <Crossing
                traceId={traceId}
                key={`${crossing.spanId}:${index}`}
                crossing={crossing}
                number={index + 1}
                total={query.data?.total ?? 0}
                kind={edge.kind}
                startNs={startNs}
                reading={reading}
              />
            ))}
            {query.data.crossings.length < query.data.total && (
              <Button onClick={() => setLimit(limit + 2 * PAGE)}>Show more of {formatCount(query.data.total)}</Button>
            )}
          </section>
        )}
      </div>
    </div>
  );
}

type CrossingProps = {
  readonly traceId: string;
  readonly crossing: EdgeCrossing;
  readonly number: number;
  readonly total: number;
  readonly kind: GraphEdgeKind;
  readonly startNs: string | null;
  readonly reading: Reading;
};

function Crossing({ traceId, crossing, number, total, kind, startNs, reading }: CrossingProps) {
  const selectSpan = useSelection((state) => state.selectSpan);
  const hover = useSelection((state) => state.hover);
  const { passed, returned } = crossing;
  return (
    <article
      className={styles.crossing}
      data-source-span={crossing.spanId}
      onMouseEnter={() => hover(crossing.spanId)}
      onMouseLeave={() => hover(null)}
    >
      <button
        type="button"
        className={styles.crossingHead}
        onClick={() => selectSpan(crossing.spanId)}
        title="Go to its span"
      >
        {total > 1 && <span className={styles.number}>{formatCount(number)}</span>}
        <StatusIcon status={crossing.status} size={13} />
        <span className={styles.crossingLabel}>
          {crossing.label === '' ? KINDS[kind] : visibleString(crossing.label.slice(0, 200))}
        </span>
        <span className={styles.quiet}>{afterStart(crossing.startNs, startNs) ?? 'no time'}</span>
        <Target size={13} aria-hidden />
      </button>
      {(kind === 'handoff' || kind === 'agent_call') && (
        <HandoffSection traceId={traceId} spanId={crossing.spanId} open={total <= 3} />
      )}
      {passed.length > 0 && (
        <div className={styles.payload}>
          <h4>
            <CornerDownRight size={12} aria-hidden /> Passed
          </h4>
          <ContentList items={passed} reading={reading} empty="" />
        </div>
      )}
      {returned.length > 0 && (
        <div className={styles.payload}>
          <h4>
            <CornerDownLeft size={12} aria-hidden /> Returned
          </h4>
          <ContentList items={returned} reading={reading} empty="" />
        </div>
      )}
      {passed.length === 0 && returned.length === 0 && (
        <p className={styles.explain}>The source recorded no content for this crossing.</p>
      )}
    </article>
  );
}

function End({ end }: { end: EdgeEnd }) {
  if (end.kind === 'agent') return <AgentChip name={end.name} />;
  return (
    <Chip title={end.name.slice(0, 600)}>{end.kind === 'user' ? 'User' : visibleString(end.name.slice(0, 200))}</Chip>
  );
}

type Known = Pick<GraphEdge, 'count' | 'errors' | 'inferred'>;

function findEdge(graph: AgentGraph | undefined, edge: SelectedEdge): Known | undefined {
  const from = new Set(edge.among?.from ?? [edge.from]);
  const to = new Set(edge.among?.to ?? [edge.to]);
  const found = graph?.edges.filter((one) => one.kind === edge.kind && from.has(one.from) && to.has(one.to)) ?? [];
  if (found.length === 0) return undefined;
  return {
    count: found.reduce((sum, one) => sum + one.count, 0),
    errors: found.reduce((sum, one) => sum + one.errors, 0),
    inferred: found.every((one) => one.inferred),
  };
}
