/**
 * From the agent graph of a trace to what is drawn: toggles applied, many tools folded into one node per agent,
 * sizes and labels decided. Pure; the order of nodes is the engine's (first evidence first) and stays.
 */
import type { AgentGraph, GraphEdgeKind, GraphNode } from '#shared/graph.ts';
import { type Choices, fold, type Link, type Team, type Unit } from './fold.ts';
import { countAt, displayName, edgeLabel, MARK, markCount, textWidth } from './wording.ts';

export type ViewNode = Unit & {
  /** Of what folds others: how many it stands for, tools and guardrails of a team not counted. */
  readonly folds: number;
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
  readonly loop: boolean;
  readonly retries: number;
  readonly evidence: readonly string[];
  /** The nodes that it joins: more than two where several edges are drawn as one. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly label: string;
  /** Pixels that the label needs, 0 = no label. */
  readonly labelWidth: number;
};

export type ViewTeam = Team & { readonly members: readonly string[] };

export type ViewGraph = {
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  /** Open teams, outer ones first, with the nodes drawn inside them. */
  readonly teams: readonly ViewTeam[];
  /** Which node of the picture stands for a node of the graph, where that is another one. */
  readonly home: ReadonlyMap<string, string>;
  /** Nodes that the toggles allow and the limit left out; never hidden without being said. */
  readonly omitted: number;
  readonly omittedEdges: number;
};

export type ViewOptions = {
  readonly tools: boolean;
  readonly guardrails: boolean;
  readonly user: boolean;
  readonly returns: boolean;
  /** What the person opened and closed. */
  readonly choices: Choices;
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
export function defaultToggles(graph: AgentGraph): Toggles {
  const agents = graph.nodes.filter((node) => node.kind === 'agent').length;
  // A field of cards without a line says no more than the list of agents does.
  const apart = agents <= MOST_APART && !graph.edges.some(({ from, to }) => isAgent(from) && isAgent(to));
  const few = agents < 2 || apart;
  return { tools: few, guardrails: agents < 2, user: few, returns: true };
}

const MOST_APART = 12;

function isAgent(id: string): boolean {
  return id.startsWith('agent:');
}

export type Toggles = Pick<ViewOptions, 'tools' | 'guardrails' | 'user' | 'returns'>;

export function viewGraph(graph: AgentGraph, options: ViewOptions): ViewGraph {
  const isAllowed = { agent: true, tool: options.tools, guardrail: options.guardrails, user: options.user };
  const allowed = graph.nodes.filter((node) => isAllowed[node.kind]);
  const ids = new Set(allowed.map((node) => node.id));
  const links = graph.edges
    .filter((edge) => (options.returns || edge.kind !== 'return') && ids.has(edge.from) && ids.has(edge.to))
    .map((edge): Link => ({ edge, from: edge.from, to: edge.to }));
  const single = numberInstances(allowed);
  const tools =
    allowed.length > FOLD_TOOLS_ABOVE ? foldTools(single, links, options.choices) : { units: single, links };
  const folded = fold(tools.units, tools.links, options.choices);
  const edges = joinLinks(
    tools.links,
    folded.home,
    new Set(folded.units.map(({ id, kind }) => (kind === 'team' ? id : ''))),
  );
  const kept = limit(folded.units, edges, options.focus);
  const drawnIds = new Set(kept.map((node) => node.id));
  const possible = edges.filter((edge) => drawnIds.has(edge.from) && drawnIds.has(edge.to));
  const drawn = strongest(possible);
  return {
    nodes: kept.map(viewNode),
    edges: drawn.map(viewEdge),
    teams: teamsWithMembers(folded.teams, kept),
    home: folded.home,
    omitted: folded.units.length - kept.length,
    omittedEdges: possible.length - drawn.length,
  };
}

/** The choices with everything open that hides a node of the graph. */
export function openTo(graph: AgentGraph, options: ViewOptions, id: string): Choices {
  const choices = new Map(options.choices);
  // Each fold opens into one that is smaller.
  for (let depth = 0; depth < 12; depth++) {
    const place = viewGraph(graph, { ...options, choices }).home.get(id);
    if (place === undefined || place === id || choices.get(place) === true) break;
    choices.set(place, true);
  }
  return choices;
}

function teamsWithMembers(teams: readonly Team[], units: readonly Unit[]): ViewTeam[] {
  const parents = new Map(teams.map(({ id, parent }) => [id, parent]));
  const members = new Map<string, string[]>(teams.map(({ id }) => [id, []]));
  for (const { id, team } of units) {
    for (let up = team; up !== null; up = parents.get(up) ?? null) members.get(up)?.push(id);
  }
  // A frame around one card says nothing.
  return teams
    .map((team) => ({ ...team, members: members.get(team.id) ?? [] }))
    .filter((team) => team.members.length > 1);
}

/** An edge on its way to the picture: what it collects grows in place, as ten thousand may become one. */
type Draft = Omit<ViewEdge, 'key' | 'label' | 'labelWidth' | 'sources' | 'targets' | 'evidence'> & {
  readonly evidence: string[];
  readonly sources: Set<string>;
  readonly targets: Set<string>;
};
type Growing = { -readonly [K in keyof Draft]: Draft[K] };

/**
 * One edge for all links of one kind between the same two units. What stays inside a closed team is not drawn; what
 * stays among several of one name is drawn as a loop, for the repetition is what is to be seen.
 */
function joinLinks(links: readonly Link[], home: ReadonlyMap<string, string>, teams: ReadonlySet<string>): Draft[] {
  const drafts = new Map<string, Growing>();
  for (const { edge, ...ends } of links) {
    const from = home.get(ends.from) ?? ends.from;
    const to = home.get(ends.to) ?? ends.to;
    if (from === to && teams.has(from)) continue;
    const key = edgeKey({ from, to, kind: edge.kind });
    const known = drafts.get(key);
    const draft: Growing = known ?? {
      from,
      to,
      kind: edge.kind,
      count: 0,
      errors: 0,
      inferred: true,
      loop: false,
      retries: 0,
      evidence: [],
      sources: new Set(),
      targets: new Set(),
    };
    if (!known) drafts.set(key, draft);
    draft.count += edge.count;
    draft.errors += edge.errors;
    draft.inferred &&= edge.inferred;
    draft.loop ||= edge.loop || (from === to && edge.from !== edge.to);
    draft.retries += edge.retries.length;
    for (const spanId of edge.evidence) draft.evidence.push(spanId);
    draft.sources.add(edge.from);
    draft.targets.add(edge.to);
  }
  return [...drafts.values()];
}

/** Instances are told apart by numbers where there are several of one name. */
function numberInstances(nodes: readonly GraphNode[]): Unit[] {
  const isInstance = (node: GraphNode): boolean => node.kind === 'agent' && node.id !== `agent:${node.name}`;
  const counts = new Map<string, number>();
  for (const node of nodes) if (isInstance(node)) counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return nodes.map((node) => {
    if (!isInstance(node) || counts.get(node.name) === 1) return singleUnit(node, null);
    const number = (seen.get(node.name) ?? 0) + 1;
    seen.set(node.name, number);
    return singleUnit(node, number);
  });
}

function singleUnit(node: GraphNode, instance: number | null): Unit {
  const name = node.kind === 'user' ? 'User' : displayName(node.name) || '(no name)';
  return { id: node.id, kind: node.kind, name, instance, members: [node], team: null };
}

function foldTools(
  units: readonly Unit[],
  links: readonly Link[],
  choices: Choices,
): { units: readonly Unit[]; links: readonly Link[] } {
  const tools = new Map(units.filter((unit) => unit.kind === 'tool').map((unit) => [unit.id, unit]));
  const byAgent = new Map<string, Set<Unit>>();
  for (const { edge, from, to } of links) {
    const tool = edge.kind === 'tool_call' ? tools.get(to) : undefined;
    if (!tool) continue;
    const list = byAgent.get(from);
    if (list) list.add(tool);
    else byAgent.set(from, new Set([tool]));
  }
  const groups = new Map<string, Unit>();
  for (const [agent, list] of byAgent) {
    const id = `tools:${agent}`;
    if (list.size < SMALLEST_GROUP || choices.get(id) === true) continue;
    const members = [...list].flatMap((tool) => tool.members);
    groups.set(agent, { id, kind: 'tools', name: `${members.length} tools`, instance: null, members, team: null });
  }
  const used = new Set<string>();
  const moved = links.map((link): Link => {
    const group = tools.has(link.to) && link.edge.kind === 'tool_call' ? groups.get(link.from) : undefined;
    if (group) return { ...link, to: group.id };
    used.add(link.to);
    return link;
  });
  const rest = units.filter((unit) => unit.kind !== 'tool' || used.has(unit.id));
  return { units: [...rest, ...groups.values()], links: moved };
}

/** Keeps the focus and what is near it, then the rest in the order of first evidence. */
function limit(nodes: readonly Unit[], edges: readonly Draft[], focus: string | null): readonly Unit[] {
  if (nodes.length <= MOST_NODES) return nodes;
  const near = focus === null ? new Set<string>() : neighbourhood(focus, edges, MOST_NODES);
  const kept = new Set<string>(near);
  for (const node of nodes) {
    if (kept.size >= MOST_NODES) break;
    kept.add(node.id);
  }
  return nodes.filter((node) => kept.has(node.id));
}

const KIND_ORDER = { handoff: 0, agent_call: 1, message: 2, tool_call: 3, return: 4, guardrail: 5 } as const;

/** Of too many edges, those between agents first, then the busiest. */
function strongest(edges: readonly Draft[]): readonly Draft[] {
  if (edges.length <= MOST_EDGES) return edges;
  const ranked = edges.toSorted((a, b) => KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || b.count - a.count);
  const kept = new Set(ranked.slice(0, MOST_EDGES));
  return edges.filter((edge) => kept.has(edge));
}

function neighbourhood(start: string, edges: readonly Draft[], most: number): Set<string> {
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

function viewNode(unit: Unit): ViewNode {
  const { kind, members } = unit;
  const triggered = members.some((node) => node.triggered > 0) ? 62 : 0;
  const mark = members.some(({ errors }) => errors > 0) && kind !== 'user' ? 30 : 0;
  const folds = kind === 'team' || kind === 'several' || kind === 'tools' ? members.length : 0;
  return { ...unit, folds, ...nodeSize(unit, mark + triggered + (kind === 'team' || kind === 'several' ? 34 : 0)) };
}

function nodeSize(
  { kind, name, instance, members }: Unit,
  /** Pixels that its marks need beside the name. */
  mark: number,
): Pick<ViewNode, 'width' | 'height' | 'gap'> {
  const isBig = kind === 'agent' || kind === 'team' || kind === 'several';
  const text = textWidth(name, isBig ? 8.6 : 6.6) + (instance === null ? 0 : 12 + 7 * `${instance}`.length) + mark;
  // Figures take a line of their own.
  const least = members.some(({ cost }) => cost !== null) ? 200 : 176;
  switch (kind) {
    case 'agent':
    case 'team':
    case 'several':
      return { width: clamp(text + 48, least, 246), height: AGENT_HEIGHT, gap: 9 };
    case 'tool':
    case 'tools':
    case 'guardrail':
      return { width: clamp(text + 42, 84, 200), height: TOOL_HEIGHT, gap: 2 };
    case 'user':
      return { width: 92, height: USER_HEIGHT, gap: 9 };
  }
}

function viewEdge(draft: Draft): ViewEdge {
  const label = edgeLabel(draft);
  const marks = markCount(draft) * MARK;
  // At the time cursor, "2 of 5" stands in the same place.
  const words = Math.max(
    textWidth(label, 6.1),
    draft.count > 1 ? textWidth(countAt(draft.count, draft.count), 6.1) : 0,
  );
  const width = label === '' && draft.count === 1 ? marks : words + marks + 12;
  return {
    ...draft,
    key: edgeKey(draft),
    sources: [...draft.sources],
    targets: [...draft.targets],
    label,
    labelWidth: Math.ceil(width),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
