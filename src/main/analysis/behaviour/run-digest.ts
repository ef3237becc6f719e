/** What a behaviour map needs to know of one trace: small, so that the facts of one trace at a time are in memory. */
import type { GraphEdgeKind, GraphNodeKind } from '#shared/graph.ts';
import type { EffectiveAgents } from '../agents.ts';
import type { CostEstimator } from '../costs.ts';
import type { SpanTree } from '../tree.ts';
import type { SpanFact } from '../types.ts';
import { f64, i32 } from '../at.ts';
import { guardrailArcs } from '../graph-arcs.ts';
import { buildGraph, findArcs } from '../graph.ts';
import { crossingsInOrder } from '../sequence.ts';
import { attributeUsage } from '../usage.ts';

type DigestNode = {
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
  readonly spans: number;
  /** USD; null = unknown. */
  readonly cost: number | null;
};

export type DigestEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  readonly count: number;
  readonly cost: number | null;
};

export type RunDigest = {
  readonly nodes: readonly DigestNode[];
  readonly edges: readonly DigestEdge[];
  /** The crossings in order: indices into `edges`. */
  readonly steps: Int32Array;
  /** USD of each crossing; NaN = unknown. */
  readonly costs: Float64Array;
  /** Crossings beyond MOST_STEPS. */
  readonly cut: number;
};

/** The beginning of a run of more than this many crossings is folded; its graph counts all of them. */
export const MOST_STEPS = 2_000;

export function digestRun(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
  estimate: CostEstimator,
): RunDigest {
  const arcs = findArcs(spans, { expanded: false }, tree, agents);
  const graph = buildGraph(spans, { expanded: false }, estimate, arcs);
  const below = costsBelow(spans, tree, agents, estimate);
  const indexOf = new Map(spans.map((span, index) => [span.spanId, index]));
  const costOf = (spanIds: readonly string[]): number | null => {
    // What is inside another proof of the same is counted with that one.
    const rows = spanIds.map((id) => i32(tree.row, indexOf.get(id) ?? 0)).sort((a, b) => a - b);
    let sum: number | null = null;
    let end = 0;
    for (const row of rows) {
      if (row < end) continue;
      const index = i32(tree.order, row);
      end = i32(tree.subtreeEnd, index);
      const cost = f64(below, index);
      if (!Number.isNaN(cost)) sum = (sum ?? 0) + cost;
    }
    return sum;
  };
  const edges = graph.edges.map(({ from, to, kind, count, evidence }): DigestEdge => ({
    from,
    to,
    kind,
    count,
    cost: costOf(evidence),
  }));
  const places = new Map(edges.map((edge, index) => [edgeId(edge), index]));
  const crossings = crossingsInOrder(arcs.scene, [...arcs.arcs, ...guardrailArcs(arcs.scene, arcs.ids)]);
  const kept = crossings.slice(0, MOST_STEPS);
  return {
    nodes: graph.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      name: node.name,
      spans: node.spans,
      cost: node.kind === 'agent' ? node.cost : node.kind === 'user' ? null : costOf(node.spanIds),
    })),
    edges,
    steps: Int32Array.from(kept, (crossing) => places.get(edgeId(crossing)) ?? 0),
    costs: Float64Array.from(kept, ({ span }) => f64(below, indexOf.get(span.spanId) ?? 0)),
    cut: crossings.length - kept.length,
  };
}

/** Ids may hold anything: the length says where the first one ends. */
export function edgeId({ from, to, kind }: Pick<DigestEdge, 'from' | 'to' | 'kind'>): string {
  return `${kind} ${from.length} ${from} ${to}`;
}

/** What each span cost with all that is below it; NaN = unknown. */
function costsBelow(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
  estimate: CostEstimator,
): Float64Array {
  const { costOfSpan } = attributeUsage(spans, tree, agents, estimate);
  const below = Float64Array.from(spans, (_, index) => costOfSpan(index) ?? NaN);
  for (let row = spans.length - 1; row >= 0; row--) {
    const index = i32(tree.order, row);
    const up = i32(tree.parent, index);
    const cost = f64(below, index);
    if (up >= 0 && !Number.isNaN(cost)) below[up] = (Number.isNaN(f64(below, up)) ? 0 : f64(below, up)) + cost;
  }
  return below;
}
