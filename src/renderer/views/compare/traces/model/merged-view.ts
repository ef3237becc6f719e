/** Both agent graphs as one picture: sizes and words of what is drawn. */
import type { MergedGraph } from '#shared/alignment.ts';
import type { GraphEdgeKind, GraphNodeKind } from '#shared/graph.ts';
import type { LayoutInput } from '../../../../charts/graph/layout-types.ts';
import { displayName, textWidth } from '../../../../charts/graph/wording.ts';
import { formatCompact } from '../../../../widgets/format.ts';

/** Which of the two has it. */
export type In = 'a' | 'b' | 'both';

export type MergedNode = {
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
  readonly in: In;
  readonly a: number;
  readonly b: number;
  readonly width: number;
  readonly height: number;
};

export type MergedEdge = {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  readonly in: In;
  readonly a: number;
  readonly b: number;
  readonly label: string;
  readonly labelWidth: number;
  readonly spansA: readonly string[];
  readonly spansB: readonly string[];
};

export type MergedView = {
  readonly nodes: readonly MergedNode[];
  readonly edges: readonly MergedEdge[];
  /** Left out, because more are neither readable nor quick. */
  readonly omitted: number;
};

const MOST_NODES = 250;
const MOST_EDGES = 800;
/** With more nodes than this, tools begin hidden. */
const FEW = 12;

export const KIND_WORDS: Readonly<Record<GraphEdgeKind, string>> = {
  handoff: 'hands to',
  agent_call: 'calls',
  return: 'returns to',
  message: 'writes to',
  tool_call: 'calls tool',
  guardrail: 'is checked by',
};

export function showsTools({ nodes }: MergedGraph): boolean {
  return nodes.length <= FEW || nodes.filter(({ kind }) => kind === 'agent').length < 2;
}

export function mergedView(graph: MergedGraph, tools: boolean): MergedView {
  const wanted = graph.nodes.filter(({ kind }) => tools || (kind !== 'tool' && kind !== 'guardrail'));
  const kept =
    wanted.length <= MOST_NODES ? wanted : wanted.toSorted((x, y) => y.a + y.b - (x.a + x.b)).slice(0, MOST_NODES);
  const ids = new Set(kept.map(({ id }) => id));
  const edges = graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return {
    nodes: kept.map((node) => {
      const name = node.kind === 'user' ? 'User' : displayName(node.name) || '(no name)';
      const big = node.kind === 'agent';
      const width = Math.round(
        Math.min(big ? 220 : 190, Math.max(big ? 116 : 84, textWidth(name, big ? 8 : 6.6) + 54)),
      );
      return { ...node, name, in: inOf(node), width, height: big ? 44 : 30 };
    }),
    edges: edges.slice(0, MOST_EDGES).map((edge) => {
      const label = edgeLabel(edge);
      const key = `${edge.kind} ${edge.from} → ${edge.to}`;
      return {
        ...edge,
        key,
        in: inOf(edge),
        label,
        labelWidth: label === '' ? 0 : Math.ceil(textWidth(label, 6.4)) + 12,
      };
    }),
    omitted: wanted.length - kept.length + Math.max(0, edges.length - MOST_EDGES),
  };
}

export function mergedLayoutInput({ nodes, edges }: MergedView): LayoutInput {
  return {
    nodes: nodes.map(({ id, kind, width, height }) => ({ id, width, height, gap: kind === 'agent' ? 9 : 3 })),
    edges: edges.map(({ key, from, to, kind, labelWidth }) => ({
      key,
      from,
      to,
      back: kind === 'return',
      weight: kind === 'handoff' ? 3 : kind === 'agent_call' ? 2 : 1,
      labelWidth,
    })),
  };
}

function inOf({ a, b }: { readonly a: number; readonly b: number }): In {
  return a > 0 && b > 0 ? 'both' : a > 0 ? 'a' : 'b';
}

/** "3 → 5" = three times in A, five times in B; once in both needs no words. */
function edgeLabel({ a, b }: { readonly a: number; readonly b: number }): string {
  if (a === b) return a === 1 ? '' : `×${formatCompact(a)}`;
  if (a > 0 && b > 0) return `${formatCompact(a)} → ${formatCompact(b)}`;
  return a > 0 ? `A ×${formatCompact(a)}` : `B ×${formatCompact(b)}`;
}

export function edgeSentence({ from, to, kind, a, b }: MergedEdge, nameOf: (id: string) => string): string {
  const times = (count: number): string => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);
  return `${nameOf(from)} ${KIND_WORDS[kind]} ${nameOf(to)}: ${times(a)} in A, ${times(b)} in B`;
}
