/**
 * From the agent graph of a trace to what is drawn: toggles applied, many tools folded into one node per agent,
 * sizes and labels decided. Pure; the order of nodes is the engine's (first evidence first) and stays.
 */
import type { AgentGraph, GraphEdge, GraphEdgeKind, GraphNode } from '#shared/graph.ts';
import { displayName, edgeLabel, textWidth } from './wording.ts';

export type ViewNode = {
  readonly id: string;
  readonly kind: GraphNode['kind'] | 'tools';
  /** As shown: control characters made harmless, one line. */
  readonly name: string;
  /** Number of this instance among those with the same name, from 1; null in the aggregated graph. */
  readonly instance: number | null;
  /** The nodes that it stands for; one, except for `tools`. */
  readonly members: readonly GraphNode[];
  readonly width: number;
  readonly height: number;
  readonly gap: number;
};

export type ViewEdge = {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  readonly count: number;
  readonly errors: number;
  readonly inferred: boolean;
  readonly evidence: readonly string[];
  readonly label: string;
  /** Pixels that the label needs, 0 = no label. */
  readonly labelWidth: number;
};

export type ViewGraph = {
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  /** Nodes that the toggles allow and the limit left out; never hidden without being said. */
  readonly omitted: number;
  readonly omittedEdges: number;
};

export type ViewOptions = {
  readonly tools: boolean;
  readonly user: boolean;
  readonly returns: boolean;
  /** Ids of `tools` nodes that the person opened. */
  readonly openGroups: ReadonlySet<string>;
  /** The node to keep in sight when there are too many to draw. */
  readonly focus: string | null;
};

/** Above this many nodes the tools of an agent are drawn as one. */
export const FOLD_TOOLS_ABOVE = 300;
/** A folded group of fewer tools than this would hide more than it saves. */
const SMALLEST_GROUP = 3;
/** More than this on one picture is neither readable nor quick. */
export const MOST_NODES = 600;
export const MOST_EDGES = 1500;

const AGENT_HEIGHT = 56;
const TOOL_HEIGHT = 30;
const USER_HEIGHT = 38;

export function edgeKey(edge: { readonly from: string; readonly to: string; readonly kind: GraphEdgeKind }): string {
  return `${edge.from}→${edge.to}:${edge.kind}`;
}

/** What a picture shows before the person chose: agents alone, or all there is when agents alone would say nothing. */
export function defaultToggles(graph: AgentGraph): { tools: boolean; user: boolean; returns: boolean } {
  const few = graph.nodes.filter((node) => node.kind === 'agent').length < 2;
  return { tools: few, user: few, returns: true };
}

export function viewGraph(graph: AgentGraph, options: ViewOptions): ViewGraph {
  const allowed = graph.nodes.filter(
    (node) => node.kind === 'agent' || (node.kind === 'tool' ? options.tools : options.user),
  );
  const edges = uniqueEdges(graph.edges).filter((edge) => options.returns || edge.kind !== 'return');
  const fold = allowed.length > FOLD_TOOLS_ABOVE;
  const groups = fold ? foldTools(allowed, edges, options.openGroups) : null;
  const nodes = groups ? groups.nodes : numberInstances(allowed);
  const folded = groups ? groups.edges : edges;
  const kept = limit(nodes, folded, options.focus);
  const ids = new Set(kept.map((node) => node.id));
  const possible = folded.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  const drawn = strongest(possible);
  return {
    nodes: kept,
    edges: drawn.map(viewEdge),
    omitted: nodes.length - kept.length,
    omittedEdges: possible.length - drawn.length,
  };
}

/** Two edges with the same ends and kind cannot be told apart by a selection, so they are one. */
function uniqueEdges(edges: readonly GraphEdge[]): GraphEdge[] {
  const byKey = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = edgeKey(edge);
    const known = byKey.get(key);
    byKey.set(key, known ? merge(known, edge) : edge);
  }
  return [...byKey.values()];
}

function merge(a: GraphEdge, b: GraphEdge): GraphEdge {
  return {
    ...a,
    count: a.count + b.count,
    errors: a.errors + b.errors,
    inferred: a.inferred && b.inferred,
    evidence: [...a.evidence, ...b.evidence],
  };
}

/** Instances are told apart by numbers where there are several of one name. */
function numberInstances(nodes: readonly GraphNode[]): ViewNode[] {
  const isInstance = (node: GraphNode): boolean => node.kind === 'agent' && node.id !== `agent:${node.name}`;
  const counts = new Map<string, number>();
  for (const node of nodes) if (isInstance(node)) counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return nodes.map((node) => {
    if (!isInstance(node) || counts.get(node.name) === 1) return viewNode(node, null);
    const number = (seen.get(node.name) ?? 0) + 1;
    seen.set(node.name, number);
    return viewNode(node, number);
  });
}

function foldTools(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  open: ReadonlySet<string>,
): { nodes: ViewNode[]; edges: GraphEdge[] } {
  const tools = new Map(nodes.filter((node) => node.kind === 'tool').map((node) => [node.id, node]));
  const byAgent = new Map<string, GraphNode[]>();
  for (const edge of edges) {
    const tool = edge.kind === 'tool_call' ? tools.get(edge.to) : undefined;
    if (!tool) continue;
    const list = byAgent.get(edge.from);
    if (list) list.push(tool);
    else byAgent.set(edge.from, [tool]);
  }
  const folded = new Map<string, string>();
  const groups: ViewNode[] = [];
  for (const [agent, list] of byAgent) {
    const id = `tools:${agent}`;
    if (list.length < SMALLEST_GROUP || open.has(id)) continue;
    groups.push(toolsNode(id, list));
    folded.set(agent, id);
  }
  const result = new Map<string, GraphEdge>();
  const used = new Set<string>();
  for (const edge of edges) {
    const group = tools.has(edge.to) && edge.kind === 'tool_call' ? folded.get(edge.from) : undefined;
    if (group === undefined) {
      if (tools.has(edge.to)) used.add(edge.to);
      result.set(edgeKey(edge), edge);
      continue;
    }
    const moved = { ...edge, to: group };
    const known = result.get(edgeKey(moved));
    result.set(edgeKey(moved), known ? merge(known, moved) : moved);
  }
  const rest = nodes.filter((node) => node.kind !== 'tool' || used.has(node.id));
  return { nodes: [...numberInstances(rest), ...groups], edges: [...result.values()] };
}

/** Keeps the focus and what is near it, then the rest in the order of first evidence. */
function limit(nodes: readonly ViewNode[], edges: readonly GraphEdge[], focus: string | null): readonly ViewNode[] {
  if (nodes.length <= MOST_NODES) return nodes;
  const near = focus === null ? new Set<string>() : neighbourhood(focus, edges, MOST_NODES);
  const kept = new Set<string>(near);
  for (const node of nodes) {
    if (kept.size >= MOST_NODES) break;
    kept.add(node.id);
  }
  return nodes.filter((node) => kept.has(node.id));
}

const KIND_ORDER = { handoff: 0, agent_call: 1, message: 2, tool_call: 3, return: 4 } as const;

/** Of too many edges, those between agents first, then the busiest. */
function strongest(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  if (edges.length <= MOST_EDGES) return edges;
  const ranked = edges.toSorted((a, b) => KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || b.count - a.count);
  const kept = new Set(ranked.slice(0, MOST_EDGES));
  return edges.filter((edge) => kept.has(edge));
}

function neighbourhood(start: string, edges: readonly GraphEdge[], most: number): Set<string> {
  const next = new Map<string, string[]>();
  function connect(a: string, b: string): void {
    const list = next.get(a);
    if (list) list.push(b);
    else next.set(a, [b]);
  }
  for (const { from, to } of edges) {
    connect(from, to);
    connect(to, from);
  }
  const found = new Set([start]);
  for (const id of found) {
    for (const other of next.get(id) ?? []) {
      if (found.size >= most) return found;
      found.add(other);
    }
  }
  return found;
}

function viewNode(node: GraphNode, instance: number | null): ViewNode {
  const name = node.kind === 'user' ? 'User' : displayName(node.name) || '(no name)';
  const mark = node.errors > 0 ? 30 : 0;
  const size = nodeSize(node.kind, name, instance, mark, node.cost === null ? 176 : 200);
  return { id: node.id, kind: node.kind, name, instance, members: [node], ...size };
}

function toolsNode(id: string, members: readonly GraphNode[]): ViewNode {
  const name = `${members.length} tools`;
  return {
    id,
    kind: 'tools',
    name,
    instance: null,
    members,
    ...nodeSize('tools', name, null, members.some((tool) => tool.errors > 0) ? 30 : 0),
  };
}

function nodeSize(
  kind: ViewNode['kind'],
  name: string,
  instance: number | null,
  mark: number,
  /** Of an agent: its figures take a line of their own. */
  least = 176,
): Pick<ViewNode, 'width' | 'height' | 'gap'> {
  const text =
    textWidth(name, kind === 'agent' ? 8.6 : 6.6) + (instance === null ? 0 : 12 + 7 * `${instance}`.length) + mark;
  switch (kind) {
    case 'agent':
      return { width: clamp(text + 48, least, 246), height: AGENT_HEIGHT, gap: 9 };
    case 'tool':
    case 'tools':
      return { width: clamp(text + 42, 84, 200), height: TOOL_HEIGHT, gap: 2 };
    case 'user':
      return { width: 92, height: USER_HEIGHT, gap: 9 };
  }
}

function viewEdge(edge: GraphEdge): ViewEdge {
  const label = edgeLabel(edge);
  const mark = edge.errors > 0 ? 16 : 0;
  const width = label === '' ? mark : textWidth(label, 6.1) + mark + 12;
  return { ...edge, key: edgeKey(edge), label, labelWidth: Math.ceil(width) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
