/** The nodes of the agent graph and what each did. */
import type { GraphNode, GraphNodeKind } from '#shared/graph.ts';
import type { Arc, Contacts, NodeIds } from './graph-arcs.ts';
import type { Scene } from './graph-stays.ts';
import type { Consumed, UsageFacts } from './usage.ts';
import { at, compareText, i32 } from './at.ts';
import { guardrailId, USER } from './graph-arcs.ts';
import { knownTime } from './tree.ts';
import { NO_USAGE } from './usage-table.ts';

type Input = {
  readonly scene: Scene;
  readonly ids: NodeIds;
  readonly usage: UsageFacts;
  /** Milliseconds by id of an agent's node. */
  readonly busy: ReadonlyMap<string, number>;
  /** Leading agent by id of an agent's node. */
  readonly teams: ReadonlyMap<string, string>;
  readonly arcs: readonly Arc[];
  readonly contacts: Contacts;
  readonly expanded: boolean;
};

/** A node under way. Its spans come in order of start, so that busy time is one running union. */
type Draft = {
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
  spans: number;
  generations: number;
  toolCalls: number;
  errors: number;
  /** Nanoseconds; null until a time is known. */
  busy: number | null;
  busyUntil: number;
  triggered: number;
  readonly proofs: number[];
};

export function buildNodes(input: Input): GraphNode[] {
  const { scene, ids, usage, expanded } = input;
  const { calledTools, handoffs } = input.contacts;
  const { spans, agents, stays, place } = scene;
  const compare = (a: number, b: number): number => i32(place, a) - i32(place, b);
  const drafts = new Map<string, Draft>();
  const tokensOf = new Map<string, Consumed>();
  const stayDrafts = stays.map((stay) => {
    const id = ids.stay(stay);
    const consumed = expanded ? usage.ofInstance(stay.index) : usage.byAgent.get(stay.name);
    if (consumed) tokensOf.set(id, consumed);
    return draft(drafts, id, 'agent', stay.name);
  });
  const roots = new Set(stays.map((stay) => stay.root));
  const latest = latestTime(scene);

  for (const i of scene.order) {
    const span = at(spans, i);
    const stay = i32(agents.instance, i);
    if (stay >= 0) {
      const actor = at(stayDrafts, stay);
      count(actor, scene, i, latest);
      if (roots.has(i)) actor.proofs.push(i);
    }
    if (span.kind === 'tool' && calledTools[i] !== 1 && scene.echo[i] !== 1) {
      const tool = draft(drafts, ids.tool(span), 'tool', span.tool || span.name);
      count(tool, scene, i, latest);
      tool.proofs.push(i);
    }
    if (span.kind === 'guardrail') {
      const rail = draft(drafts, guardrailId(span), 'guardrail', span.name);
      count(rail, scene, i, latest);
      if (span.subtype === 'triggered') rail.triggered++;
      rail.proofs.push(i);
    }
  }
  for (const { span, from, fromName, to, toName } of handoffs) {
    if (from < 0) prove(draft(drafts, ids.absent(fromName, span), 'agent', fromName), span);
    if (to < 0) prove(draft(drafts, ids.absent(toName, span), 'agent', toName), span);
  }
  for (const arc of input.arcs) {
    if (arc.from === USER || arc.to === USER) draft(drafts, USER, 'user', 'User').proofs.push(arc.evidence);
  }
  return [...drafts.values()]
    .map((node) => ({ node, proofs: node.proofs.sort(compare) }))
    .sort((a, b) => compare(at(a.proofs, 0), at(b.proofs, 0)) || compareText(sortKey(a.node), sortKey(b.node)))
    .map(({ node, proofs }) => ({
      id: node.id,
      kind: node.kind,
      name: node.name,
      spans: node.spans,
      generations: node.generations,
      toolCalls: node.toolCalls,
      errors: node.errors,
      tokens: tokensOf.get(node.id)?.tokens ?? NO_USAGE,
      cost: tokensOf.get(node.id)?.cost ?? null,
      costBasis: tokensOf.get(node.id)?.costBasis ?? null,
      busyMs: node.kind === 'agent' ? (input.busy.get(node.id) ?? null) : node.busy === null ? null : node.busy / 1e6,
      triggered: node.triggered,
      team: input.teams.get(node.id) ?? null,
      spanIds: proofs.map((i) => at(spans, i).spanId),
    }));
}

/** The user's first proof is the agent that was asked; who asked stands first. */
function sortKey({ id, kind }: Draft): string {
  return kind === 'user' ? '' : id;
}

function draft(drafts: Map<string, Draft>, id: string, kind: GraphNodeKind, name: string): Draft {
  const known = drafts.get(id);
  if (known) return known;
  const counts = { spans: 0, generations: 0, toolCalls: 0, errors: 0, busy: null, busyUntil: -Infinity, triggered: 0 };
  const fresh: Draft = { id, kind, name, ...counts, proofs: [] };
  drafts.set(id, fresh);
  return fresh;
}

/** An agent that has spans of its own needs no handoff to prove it. */
function prove(node: Draft, handoff: number): void {
  if (node.spans === 0) node.proofs.push(handoff);
}

function count(node: Draft, { spans, wrapper, echo }: Scene, index: number, latest: number): void {
  const span = at(spans, index);
  node.spans++;
  if (span.kind === 'generation' && wrapper[index] !== 1) node.generations++;
  if (span.kind === 'tool' && echo[index] !== 1) node.toolCalls++;
  if (span.status === 'error') node.errors++;
  const start = knownTime(span.start);
  if (start === null) return;
  // What still runs has been open at least until the last time that anything is known of.
  const end = knownTime(span.end) ?? (span.status === 'running' ? latest : start);
  node.busy = (node.busy ?? 0) + Math.max(0, end - Math.max(start, node.busyUntil));
  node.busyUntil = Math.max(node.busyUntil, end);
}

function latestTime({ spans }: Scene): number {
  return spans.reduce((latest, span) => Math.max(latest, knownTime(span.end) ?? knownTime(span.start) ?? latest), 0);
}
