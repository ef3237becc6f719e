/** From the map to what is drawn: which nodes and edges, how big, with which words. Pure. */
import type { BehaviourEdge, BehaviourMap, BehaviourNode } from '#shared/behaviour.ts';
import type { GraphEdgeKind } from '#shared/graph.ts';
import type { LayoutInput } from '../../../../charts/graph/layout-types.ts';
import { textWidth } from '../../../../charts/graph/wording.ts';
import { edgeKey } from '../../../../charts/graph/view-graph.ts';
import { formatCount } from '../../../../widgets/format.ts';
import { LETTERS, type Lean, leanOf, mostShare, nodeName, percent, timesEach } from './words.ts';

export type DrawnNode = BehaviourNode & {
  readonly title: string;
  /** The line below the name. */
  readonly about: string;
  readonly width: number;
  readonly height: number;
};

/** A part of a label that belongs to one group; null = to neither. */
type LabelPart = { readonly text: string; readonly group: number | null };

export type DrawnEdge = BehaviourEdge & {
  readonly key: string;
  readonly lean: Lean;
  readonly parts: readonly LabelPart[];
  /** Pixels of the words, and of the words with the bars of the pass rates. */
  readonly wordsWidth: number;
  readonly labelWidth: number;
  /** Pixels of the line. */
  readonly thick: number;
};

export type DrawnMap = {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** Edges that the slider lets through and the picture has no room for. */
  readonly omitted: number;
};

type MapOptions = {
  /** Least share of traces, in the group that has it most, 0…1. */
  readonly least: number;
  readonly tools: boolean;
  readonly returns: boolean;
  /** Whether pass rates are drawn. */
  readonly passes: boolean;
};

/** More than this is neither readable nor quick. */
export const MOST_DRAWN = 250;
/** A picture starts with about so many edges at most. */
const AT_FIRST = 48;
export const BAR = 30;
const PER_LETTER = 6.7;

export function drawnMap(map: BehaviourMap, { least, tools, returns, passes }: MapOptions): DrawnMap {
  const ids = new Set(map.nodes.filter(({ kind }) => tools || kind !== 'tool').map(({ id }) => id));
  const fitting = map.edges.filter(
    (edge) =>
      ids.has(edge.from) && ids.has(edge.to) && (returns || edge.kind !== 'return') && mostShare(edge) >= least - 1e-9,
  );
  const kept =
    fitting.length <= MOST_DRAWN
      ? fitting
      : new Set(fitting.toSorted((a, b) => mostShare(b) - mostShare(a)).slice(0, MOST_DRAWN));
  const edges = Array.isArray(kept) ? kept : fitting.filter((edge) => (kept as ReadonlySet<BehaviourEdge>).has(edge));
  const touched = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes = map.nodes
    .filter(
      (node) => touched.has(node.id) || (ids.has(node.id) && node.kind === 'agent' && mostShare(node) >= least - 1e-9),
    )
    .slice(0, MOST_DRAWN);
  const there = new Set(nodes.map(({ id }) => id));
  const drawn = edges.filter(({ from, to }) => there.has(from) && there.has(to));
  return {
    nodes: nodes.map((node) => drawnNode(node, map)),
    edges: drawn.map((edge) => drawnEdge(edge, map, passes)),
    omitted: fitting.length - drawn.length,
  };
}

/** The least share, in steps of 5 %, with which a picture is readable. */
export function leastAtFirst(map: BehaviourMap): number {
  for (let step = 0; step < 20; step++) {
    if (map.edges.filter((edge) => mostShare(edge) >= step / 20).length <= AT_FIRST) return step / 20;
  }
  return 0.95;
}

function drawnNode(node: BehaviourNode, map: BehaviourMap): DrawnNode {
  const title = nodeName(node);
  const [first, second] = node.groups;
  const about = second
    ? node.groups.map(({ share }, group) => `${LETTERS[group] ?? ''} ${percent(share)}`).join(' · ')
    : `${formatCount(first?.runs ?? 0)} of ${formatCount(map.groups[0]?.runs ?? 0)} · ${percent(first?.share ?? 0)}`;
  const wide = Math.max(textWidth(title, 7.8), textWidth(about, 6.6)) + 42;
  return { ...node, title, about, width: Math.round(Math.min(260, Math.max(108, wide))), height: 44 };
}

function drawnEdge(edge: BehaviourEdge, map: BehaviourMap, passes: boolean): DrawnEdge {
  const parts = labelParts(edge);
  const wordsWidth = parts.reduce((sum, { text }) => sum + textWidth(text, PER_LETTER), 0);
  const bars = passes && edge.groups.some(({ passRate }) => passRate !== null) ? BAR + 8 : 0;
  return {
    ...edge,
    key: edgeKey(edge),
    lean: map.groups.length > 1 ? leanOf(edge) : 'both',
    parts,
    wordsWidth,
    labelWidth: Math.ceil(wordsWidth + bars + 12),
    thick: 1 + 4.5 * mostShare(edge),
  };
}

/** "62 % · ×1.4", or of two groups "A 62 % · B 31 %". */
function labelParts({ groups }: BehaviourEdge): LabelPart[] {
  const [first, second] = groups;
  if (!first) return [];
  if (second)
    return groups.flatMap(({ share }, group): LabelPart[] => [
      ...(group > 0 ? [{ text: ' · ', group: null }] : []),
      { text: `${LETTERS[group] ?? ''} ${percent(share)}`, group },
    ]);
  const times = timesEach(first);
  return [{ text: times === '' ? percent(first.share) : `${percent(first.share)} · ${times}`, group: null }];
}

const WEIGHTS: { readonly [K in GraphEdgeKind]: number } = {
  handoff: 3,
  agent_call: 2,
  message: 1,
  tool_call: 1,
  return: 1,
  guardrail: 1,
};

export function layoutInputOf({ nodes, edges }: DrawnMap): LayoutInput {
  return {
    nodes: nodes.map(({ id, kind, width, height }) => ({
      id,
      width,
      height,
      gap: kind === 'agent' || kind === 'user' ? 9 : 4,
    })),
    edges: edges.map(({ key, from, to, kind, labelWidth }) => ({
      key,
      from,
      to,
      back: kind === 'return',
      weight: WEIGHTS[kind],
      labelWidth,
    })),
  };
}

/** As much of a text as fits so many pixels, with an ellipsis where it was cut. */
export function cutToWidth(text: string, width: number, perLetter: number): string {
  if (textWidth(text, perLetter) <= width) return text;
  let cut = '';
  let used = perLetter;
  for (const { segment } of new Intl.Segmenter('en').segment(text.slice(0, 400))) {
    used += textWidth(segment, perLetter);
    if (used > width) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}
