/** Each proof of contact in a trace as one arc of its graph, before arcs between the same two nodes become an edge. */
import type { GraphEdgeKind } from '#shared/graph.ts';
import type { Handoff } from './graph-handoffs.ts';
import type { Chain, Message, Reach } from './graph-reach.ts';
import type { Scene, Stay } from './graph-stays.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';
import { handsOnAtEnd } from './graph-handoffs.ts';

/** One side of one span's content; index -1 = that span is not there. */
export type Place = { readonly index: number; readonly side: 'input' | 'output' };

/** One crossing, before it is told which edge it belongs to. */
export type Arc = {
  readonly kind: GraphEdgeKind;
  /** Node ids. */
  readonly from: string;
  readonly to: string;
  /** Indices of the stays behind them; -1 = the user, a tool, or an agent that never ran. */
  readonly fromStay: number;
  readonly toStay: number;
  /** Span index of the proof. */
  readonly evidence: number;
  /** Whether it crossed when the proof began or when it ended. */
  readonly moment: 'start' | 'end';
  readonly inferred: boolean;
  /** Where what crossed may be, the best place first; null = the proof's own input went and its output came back. */
  readonly payload: { readonly passed: readonly Place[]; readonly returned: readonly Place[] } | null;
};

/** Ids of nodes; an agent that never ran is named by the handoff that should have led to it. */
export type NodeIds = {
  readonly stay: (stay: Stay) => string;
  readonly absent: (name: string, handoff: number) => string;
  readonly tool: (span: SpanFact) => string;
};

export const USER = 'user';

/** What was concluded about a trace, ready to be drawn. */
export type Contacts = {
  readonly handoffs: readonly Handoff[];
  readonly messages: readonly Message[];
  readonly reach: readonly Reach[];
  readonly chains: readonly Chain[];
  /** 1 for tool calls that hold another agent. */
  readonly calledTools: Uint8Array;
};

export function drawArcs(scene: Scene, contacts: Contacts, ids: NodeIds, expanded: boolean): Arc[] {
  const { handoffs, messages, reach, chains, calledTools } = contacts;
  return [
    ...handoffs.map((handoff) => handoffArc(scene, ids, handoff)),
    ...messages.map((message) => messageArc(scene, ids, message)),
    ...orderArcs(scene, ids, reach, expanded),
    ...chains.flatMap((chain) => (chain.by === 'start' ? userArcs(scene, chain, ids) : [])),
    ...callArcs(scene, chains, ids),
    ...toolArcs(scene, ids, calledTools),
  ];
}

export function nodeIds({ spans, stays }: Scene, expanded: boolean): NodeIds {
  const stayIds = stays.map(({ name, root }) =>
    expanded ? `agent:${name}#${at(spans, root).spanId}` : `agent:${name}`,
  );
  const toolIds = new Map<string, string>();
  return {
    stay: (stay) => at(stayIds, stay.index),
    absent: (name, handoff) => (expanded ? `agent:${name}#${at(spans, handoff).spanId}` : `agent:${name}`),
    tool: (span) => {
      const name = span.tool || span.name;
      const id = toolIds.get(name) ?? `tool:${name}`;
      toolIds.set(name, id);
      return id;
    },
  };
}

/** Tool calls that hold another agent: drawn as calls between agents. */
export function findCalledTools({ spans, tree, agents, stays }: Scene): Uint8Array {
  const called = new Uint8Array(spans.length);
  const seen = new Uint8Array(spans.length);
  for (const { root, caller } of stays) {
    if (caller < 0) continue;
    for (
      let i = i32(tree.parent, root);
      i >= 0 && seen[i] !== 1 && agents.instance[i] === caller;
      i = i32(tree.parent, i)
    ) {
      seen[i] = 1;
      if (at(spans, i).kind === 'tool') called[i] = 1;
    }
  }
  return called;
}

function handoffArc(
  { spans, stays }: Scene,
  ids: NodeIds,
  { span, from, fromName, to, toName, askedBy, inferred }: Handoff,
): Arc {
  const target = to < 0 ? null : at(stays, to);
  return {
    kind: 'handoff',
    from: from < 0 ? ids.absent(fromName, span) : ids.stay(at(stays, from)),
    to: target ? ids.stay(target) : ids.absent(toName, span),
    fromStay: from,
    toStay: to,
    evidence: span,
    moment: handsOnAtEnd(at(spans, span)) ? 'end' : 'start',
    inferred,
    payload: {
      passed: [input(span), input(target?.firstCall ?? -1), output(span), output(askedBy)],
      returned: [],
    },
  };
}

function messageArc({ stays }: Scene, ids: NodeIds, { span, linked, from, to }: Message): Arc {
  return {
    kind: 'message',
    from: ids.stay(at(stays, from)),
    to: ids.stay(at(stays, to)),
    fromStay: from,
    toStay: to,
    evidence: span,
    moment: 'start',
    inferred: false,
    payload: { passed: [output(linked), input(linked), input(span)], returned: [] },
  };
}

function orderArcs({ stays }: Scene, ids: NodeIds, reach: readonly Reach[], expanded: boolean): Arc[] {
  return reach.flatMap((how, k): Arc[] => {
    if (how.by !== 'order') return [];
    const from = at(stays, how.after);
    const to = at(stays, k);
    // An agent that goes on after itself handed nothing to anybody; as it ran, the order is still worth seeing.
    if (from.name === to.name && !expanded) return [];
    const payload = { passed: [input(to.root), input(to.firstCall)], returned: [] };
    return [
      {
        kind: 'handoff',
        from: ids.stay(from),
        to: ids.stay(to),
        fromStay: from.index,
        toStay: to.index,
        evidence: to.root,
        moment: 'start',
        inferred: true,
        payload,
      },
    ];
  });
}

function userArcs({ spans }: Scene, { first, last }: Chain, ids: NodeIds): Arc[] {
  const asked: Arc = {
    kind: 'message',
    from: USER,
    to: ids.stay(first),
    fromStay: -1,
    toStay: first.index,
    evidence: first.root,
    moment: 'start',
    inferred: false,
    payload: { passed: [input(first.root), input(first.firstCall)], returned: [] },
  };
  const call = last.lastCall;
  const answered = call >= 0 && call === last.lastAct && !last.running && !last.failed && isDone(at(spans, call));
  if (!answered) return [asked];
  const payload = { passed: [output(call), output(last.root)], returned: [] };
  const answer: Arc = {
    kind: 'message',
    from: ids.stay(last),
    to: USER,
    fromStay: last.index,
    toStay: -1,
    evidence: call,
    moment: 'end',
    inferred: false,
    payload,
  };
  return [asked, answer];
}

function isDone(span: SpanFact): boolean {
  return span.status !== 'running' && span.status !== 'error';
}

function callArcs({ spans, stays }: Scene, chains: readonly Chain[], ids: NodeIds): Arc[] {
  const proven = new Set<string>();
  return chains.flatMap(({ first, last, by }): Arc[] => {
    if (by !== 'call') return [];
    const caller = ids.stay(at(stays, first.caller));
    // A tool that calls the same agent twice proves one of the calls; the callee's own span proves the other.
    const key = `${first.tool} ${first.name}`;
    const evidence = first.tool >= 0 && !proven.has(key) ? first.tool : first.root;
    proven.add(key);
    const results = [output(evidence), output(last.root), output(last.lastCall)];
    const call: Arc = {
      kind: 'agent_call',
      from: caller,
      to: ids.stay(first),
      fromStay: first.caller,
      toStay: first.index,
      evidence,
      moment: 'start',
      inferred: false,
      payload: { passed: [input(evidence), input(first.root), input(first.firstCall)], returned: results },
    };
    if (at(spans, evidence).status === 'running' || last.running) return [call];
    const payload = { passed: results, returned: [] };
    const result: Arc = {
      kind: 'return',
      from: ids.stay(last),
      to: caller,
      fromStay: last.index,
      toStay: first.caller,
      evidence,
      moment: 'end',
      inferred: false,
      payload,
    };
    return [call, result];
  });
}

function toolArcs({ spans, agents, stays, order, echo }: Scene, ids: NodeIds, calledTools: Uint8Array): Arc[] {
  const arcs: Arc[] = [];
  for (const i of order) {
    const span = at(spans, i);
    const stay = i32(agents.instance, i);
    if (span.kind !== 'tool' || stay < 0 || calledTools[i] === 1 || echo[i] === 1) continue;
    const from = ids.stay(at(stays, stay));
    const inferred = span.dialect === 'messages';
    arcs.push({
      kind: 'tool_call',
      from,
      to: ids.tool(span),
      fromStay: stay,
      toStay: -1,
      evidence: i,
      moment: 'start',
      inferred,
      payload: null,
    });
  }
  return arcs;
}

function input(index: number): Place {
  return { index, side: 'input' };
}

function output(index: number): Place {
  return { index, side: 'output' };
}
