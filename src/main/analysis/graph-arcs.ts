/** Each proof of contact in a trace as one arc of its graph, before arcs between the same two nodes become an edge. */
import type { ContactKind, GraphEdgeKind } from '#shared/graph.ts';
import type { Handoff } from './graph-handoffs.ts';
import type { Chain, Message, Reach } from './graph-reach.ts';
import type { Scene, Stay } from './graph-stays.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';
import { handsOnAtEnd } from './graph-handoffs.ts';

/** One side of one span's content; index -1 = that span is not there. */
export type Place = { readonly index: number; readonly side: 'input' | 'output' };

/** One crossing, before it is told which edge it belongs to. */
export type Arc<Kind extends GraphEdgeKind = ContactKind> = {
  readonly kind: Kind;
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

export function guardrailId({ name }: SpanFact): string {
  return `guardrail:${name}`;
}

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
  const isPlayed = scene.stays.some(({ name }) => USER_NAME.test(name));
  const heard: Heard = {
    calls: new Set(messages.map(({ linked }) => linked)),
    stays: new Set(
      handoffs.flatMap(({ span, to }) => (to >= 0 && holds(scene, span, at(scene.stays, to)) ? [to] : [])),
    ),
    followed: callersAfter(scene),
  };
  return [
    ...handoffs.map((handoff) => handoffArc(scene, ids, handoff)),
    ...messages.map((message) => messageArc(scene, ids, message)),
    ...orderArcs(scene, ids, reach, expanded),
    ...replyArcs(scene, ids, handoffs),
    ...chains.flatMap((chain) => (chain.by === 'start' && !isPlayed ? userArcs(scene, chain, ids, heard) : [])),
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

/** Tool calls that hold another agent, or are all that is known of it: drawn as calls between agents. */
export function findCalledTools({ spans, tree, agents, stays }: Scene): Uint8Array {
  const called = new Uint8Array(spans.length);
  const seen = new Uint8Array(spans.length);
  for (const { root, caller } of stays) {
    if (caller < 0) continue;
    // The call itself may name the agent that it calls.
    if (at(spans, root).kind === 'tool' && at(spans, i32(tree.parent, root)).kind !== 'handoff') called[root] = 1;
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

/** An agent whose work is all inside the handoff to it works for who handed off, who goes on when it is done. */
function replyArcs(scene: Scene, ids: NodeIds, handoffs: readonly Handoff[]): Arc[] {
  const { spans, stays, place } = scene;
  return handoffs.flatMap(({ span, from, to }): Arc[] => {
    if (from < 0 || to < 0 || from === to || !holds(scene, span, at(stays, to))) return [];
    const sender = at(stays, from);
    const receiver = at(stays, to);
    const evidence = receiver.lastCall < 0 ? receiver.root : receiver.lastCall;
    const goesOn = sender.lastAct >= 0 && i32(place, sender.lastAct) > i32(place, evidence);
    if (!goesOn || receiver.running || !isDone(at(spans, evidence))) return [];
    const payload = { passed: [output(evidence), output(receiver.root)], returned: [] };
    return [
      {
        kind: 'return',
        from: ids.stay(receiver),
        to: ids.stay(sender),
        fromStay: to,
        toStay: from,
        evidence,
        moment: 'end',
        inferred: true,
        payload,
      },
    ];
  });
}

/** True when a stay is inside that handoff span. */
function holds({ spans, tree }: Scene, span: number, { root }: Stay): boolean {
  if (at(spans, span).kind !== 'handoff') return false;
  const row = i32(tree.row, root);
  return row > i32(tree.row, span) && row < i32(tree.subtreeEnd, span);
}

/** Agents that stand for the user, who then is not told a second time: simulated ones, and people in the log of a chat. */
const USER_NAME = /^(?:user|human)$/i;

/** What an agent said and another one heard, which is no answer to the user: model calls, and all that these stays said. */
type Heard = {
  readonly calls: ReadonlySet<number>;
  readonly stays: ReadonlySet<number>;
  /** The stays whose last model call was followed by a call of another agent. */
  readonly followed: ReadonlySet<number>;
};

function callersAfter({ stays, tree, place }: Scene): Set<number> {
  const followed = new Set<number>();
  for (const { caller, root, tool } of stays) {
    // A tool call that holds another agent is an act of its own.
    const call = caller < 0 || tool >= 0 ? -1 : at(stays, caller).lastCall;
    if (call < 0 || i32(place, root) < i32(place, call)) continue;
    // Inside of the model call, it is a part of it.
    if (i32(tree.row, root) >= i32(tree.subtreeEnd, call) || i32(tree.row, root) < i32(tree.row, call))
      followed.add(caller);
  }
  return followed;
}

function userArcs({ spans }: Scene, { first, last }: Chain, ids: NodeIds, heard: Heard): Arc[] {
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
  const answered =
    call >= 0 &&
    call === last.lastAct &&
    !last.running &&
    !last.failed &&
    isDone(at(spans, call)) &&
    !heard.calls.has(call) &&
    !heard.stays.has(last.index) &&
    !heard.followed.has(last.index);
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

/** Which agent each guardrail checked. One that belongs to no agent has no edge. */
export function guardrailArcs({ spans, agents, stays, order }: Scene, ids: NodeIds): Arc<'guardrail'>[] {
  const arcs: Arc<'guardrail'>[] = [];
  for (const i of order) {
    const span = at(spans, i);
    const stay = i32(agents.instance, i);
    if (span.kind !== 'guardrail' || stay < 0) continue;
    arcs.push({
      kind: 'guardrail',
      from: ids.stay(at(stays, stay)),
      to: guardrailId(span),
      fromStay: stay,
      toStay: -1,
      evidence: i,
      moment: 'start',
      inferred: false,
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
