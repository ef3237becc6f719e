/**
 * The agent graph of one trace: who handed off to, called, answered and messaged whom, and which tools each used. Every
 * edge rests on spans; the same spans give the same graph in whatever order they arrived.
 */
import type { AgentGraph, GraphEdge, GraphEdgeKind } from '#shared/graph.ts';
import type { EffectiveAgents } from './agents.ts';
import type { CostEstimator } from './costs.ts';
import type { Arc, Contacts, Place } from './graph-arcs.ts';
import type { Scene } from './graph-stays.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { effectiveAgents } from './agents.ts';
import { at, compareText, i32 } from './at.ts';
import { drawArcs, findCalledTools, guardrailArcs, nodeIds } from './graph-arcs.ts';
import { findBusy } from './graph-busy.ts';
import { findHandoffs } from './graph-handoffs.ts';
import { markLoops } from './graph-loops.ts';
import { buildNodes } from './graph-nodes.ts';
import { findMessages, findReach } from './graph-reach.ts';
import { setScene } from './graph-stays.ts';
import { findTeams } from './graph-teams.ts';
import { buildTree } from './tree.ts';
import { attributeUsage } from './usage.ts';

export type GraphOptions = {
  /** One node for each stay of an agent, as it ran, instead of one for each agent. */
  readonly expanded: boolean;
};

export function buildGraph(
  spans: readonly SpanFact[],
  options: GraphOptions,
  estimate?: CostEstimator,
  { scene, contacts, ids, arcs }: Arcs = findArcs(spans, options),
): AgentGraph {
  const usage = attributeUsage(spans, scene.tree, scene.agents, estimate);
  const busy = findBusy(scene, contacts.handoffs, ids);
  const teams = findTeams(scene, contacts, ids);
  const nodes = buildNodes({ scene, ids, usage, busy, teams, arcs, contacts, ...options });
  return { nodes, edges: markLoops(nodes, toEdges(scene, [...arcs, ...guardrailArcs(scene, ids)])) };
}

/** Where a payload is: one side of one span's content. */
export type ContentRef = { readonly spanId: string; readonly side: Place['side'] };

/** One crossing of an edge. Of `passed` and of `returned`, the first place that holds any content is meant. */
export type Crossing = {
  /** The span that proves it. */
  readonly spanId: string;
  readonly label: string;
  readonly inferred: boolean;
  readonly passed: readonly ContentRef[];
  readonly returned: readonly ContentRef[];
};

/** One edge of buildGraph, or all of one kind between two sets of nodes, as where several are drawn as one. */
export type EdgeEnds = {
  readonly from: string | readonly string[];
  readonly to: string | readonly string[];
  readonly kind: GraphEdgeKind;
};

type AnyArc = Arc<GraphEdgeKind>;

/** The crossings of one edge of buildGraph, in the order of its evidence; empty when there is no such edge. */
export function crossingsOf(
  spans: readonly SpanFact[],
  options: GraphOptions,
  edge: EdgeEnds,
  { scene, ids, arcs }: Arcs = findArcs(spans, options),
): Crossing[] {
  const all: AnyArc[] = edge.kind === 'guardrail' ? guardrailArcs(scene, ids) : arcs;
  const sources = new Set(typeof edge.from === 'string' ? [edge.from] : edge.from);
  const targets = new Set(typeof edge.to === 'string' ? [edge.to] : edge.to);
  const wanted = all.filter(({ kind, from, to }) => kind === edge.kind && sources.has(from) && targets.has(to));
  const resolve = (places: readonly Place[]): ContentRef[] =>
    places.filter(({ index }) => index >= 0).map(({ index, side }) => ({ spanId: at(spans, index).spanId, side }));
  return inOrder(scene, wanted).map(({ evidence, inferred, payload }) => {
    const { spanId, tool, name } = at(spans, evidence);
    return {
      spanId,
      label: tool || name,
      inferred,
      passed: resolve(payload?.passed ?? [{ index: evidence, side: 'input' }]),
      returned: resolve(payload?.returned ?? [{ index: evidence, side: 'output' }]),
    };
  });
}

export type Arcs = ReturnType<typeof findArcs>;

/** What the graph and the sequence of one trace are both drawn from; nobody changes it. */
export function findArcs(
  spans: readonly SpanFact[],
  { expanded }: GraphOptions,
  tree: SpanTree = buildTree(spans),
  agents: EffectiveAgents = effectiveAgents(spans, tree),
) {
  const scene = setScene(spans, tree, agents);
  const handoffs = findHandoffs(scene);
  const messages = findMessages(scene, handoffs);
  const calledTools = findCalledTools(scene);
  const contacts: Contacts = { handoffs, messages, calledTools, ...findReach(scene, handoffs, messages) };
  const ids = nodeIds(scene, expanded);
  return { scene, contacts, ids, arcs: drawArcs(scene, contacts, ids, expanded) };
}

function toEdges(scene: Scene, arcs: readonly AnyArc[]): Omit<GraphEdge, 'loop'>[] {
  const { spans, place } = scene;
  const groups = new Map<string, AnyArc[]>();
  for (const arc of arcs) {
    // Ids may hold anything: the length says where the first one ends.
    const key = `${arc.kind} ${arc.from.length} ${arc.from} ${arc.to}`;
    const group = groups.get(key);
    if (group) group.push(arc);
    else groups.set(key, [arc]);
  }
  const sorted = [...groups].map(([key, group]) => ({ key, group: inOrder(scene, group) }));
  sorted.sort((a, b) => firstPlace(a.group) - firstPlace(b.group) || compareText(a.key, b.key));
  return sorted.map(({ group }) => {
    const { from, to, kind } = at(group, 0);
    let errors = 0;
    for (const { evidence } of group) if (at(spans, evidence).status === 'error') errors++;
    const inferred = group.every((arc) => arc.inferred);
    return {
      from,
      to,
      kind,
      count: group.length,
      errors,
      inferred,
      retries: findRetries(scene, group),
      evidence: group.map((arc) => at(spans, arc.evidence).spanId),
    };
  });

  function firstPlace(group: readonly AnyArc[]): number {
    return i32(place, at(group, 0).evidence);
  }
}

/**
 * Calls that follow a failed one by the same agent instance; with what arguments is not looked at. One that began before the
 * other had failed is work done at once, not a second try.
 */
function findRetries({ spans }: Scene, inTime: readonly AnyArc[]): string[] {
  if (inTime[0]?.kind !== 'tool_call' && inTime[0]?.kind !== 'agent_call') return [];
  // When the first of the failures in a row was over; an unknown time is before all others.
  const failedAt = new Map<number, number>();
  const retries: string[] = [];
  for (const { fromStay, evidence } of inTime) {
    const span = at(spans, evidence);
    const before = failedAt.get(fromStay) ?? Infinity;
    if (before <= (span.start ?? Number.MAX_VALUE)) retries.push(span.spanId);
    if (span.status === 'error') failedAt.set(fromStay, Math.min(before, span.end ?? -Infinity));
    else failedAt.delete(fromStay);
  }
  return retries;
}

/** In time order. Two links of one span to the same agent are one contact. */
function inOrder<One extends AnyArc>({ place }: Scene, arcs: readonly One[]): One[] {
  const sorted = [...arcs].sort((a, b) => i32(place, a.evidence) - i32(place, b.evidence));
  return sorted.filter((arc, k) => k === 0 || arc.evidence !== at(sorted, k - 1).evidence);
}
