/**
 * What the views of one trace draw (graph, sequence, lanes, table of agents, waste, findings), as its calls answer; as
 * text that a person can review; and what in it contradicts itself or the trace.
 */
import { createHash } from 'node:crypto';
import type { AgentGraph, GraphEdge, GraphNode } from '#shared/graph.ts';
import type { Detection } from '#shared/detect.ts';
import type { AgentTable, TraceLanes, TraceWaste } from '#shared/lanes.ts';
import { SPAN_STATUSES } from '#shared/record.ts';
import type { Sequence } from '#shared/sequence.ts';
import { SEQUENCE_KINDS } from '#shared/sequence.ts';
import type { TraceDetail } from '#shared/trace.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';

export type Picture = {
  readonly detail: {
    readonly trace: Pick<TraceDetail['trace'], 'name' | 'status' | 'tokens' | 'cost' | 'durationNs'>;
    readonly columns: Pick<TraceDetail['columns'], 'count' | 'ids'>;
  };
  readonly graph: AgentGraph;
  readonly sequence: Sequence;
  readonly lanes: TraceLanes;
  readonly agents: AgentTable;
  readonly waste: TraceWaste;
  readonly detection: Detection;
};

export async function takePicture({ call }: Pick<Engine, 'call'>, traceId: string): Promise<Picture> {
  return {
    detail: await call('trace.open', { traceId }),
    graph: await call('trace.graph', { traceId }),
    sequence: await call('trace.sequence', { traceId }),
    lanes: await call('trace.lanes', { traceId }),
    agents: await call('trace.agents', { traceId }),
    waste: await call('trace.waste', { traceId }),
    detection: await call('trace.detect', { traceId }),
  };
}

type Message = {
  readonly kind: (typeof SEQUENCE_KINDS)[number];
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly spanId: string;
  readonly status: (typeof SPAN_STATUSES)[number];
  readonly inferred: boolean;
};

function messagesOf(sequence: Sequence): Message[] {
  const { participants, labels, spanIds } = sequence;
  return Array.from({ length: sequence.count }, (_, k) => ({
    kind: SEQUENCE_KINDS[sequence.kind[k] ?? -1] ?? 'message',
    from: participants[sequence.from[k] ?? -1]?.id ?? '?',
    to: participants[sequence.to[k] ?? -1]?.id ?? '?',
    label: labels[sequence.label[k] ?? -1] ?? '?',
    spanId: spanIds[sequence.span[k] ?? -1] ?? '?',
    status: SPAN_STATUSES[sequence.status[k] ?? -1] ?? 'unset',
    inferred: sequence.inferred[k] === 1,
  }));
}

/** So many spans are named for one edge; so many nodes, edges and messages are listed one by one. */
const NAMED_SPANS = 4;
const LISTED = 60;

/**
 * Lines: nodes, edges, messages with what repeats told once, findings, and what makes the picture less than certain. A
 * digest stands for every node, edge and message with all of its proofs.
 */
export function describePicture(picture: Picture): string[] {
  const { detail, graph, sequence, detection } = picture;
  return [
    `trace ${quoted(detail.trace.name)}: ${detail.trace.status}, ${detail.columns.count} spans`,
    ...cut(graph.nodes.map((node) => `  ${nameOf(node.id)}${nodeFigures(node)}`)),
    ...(graph.edges.length > 0 ? ['edges'] : []),
    ...cut(graph.edges.map(edgeLine)),
    ...(sequence.total > 0 ? ['sequence'] : []),
    ...sequenceLines(sequence),
    ...(detection.findings.length > 0 ? ['findings'] : []),
    ...counted(detection.findings.map(({ severity, detector }) => `${severity} ${detector}`)),
    ...doubtLines(picture),
    `digest ${digestOf(picture)}`,
  ];
}

/** Of all that graph and sequence draw and rest on. Changes with whatever describePicture leaves out. */
export function digestOf({ graph, sequence }: Pick<Picture, 'graph' | 'sequence'>): string {
  const { participants, folds, activations } = sequence;
  const drawn = [
    graph.nodes.map(({ id, kind, spanIds }) => [id, kind, spanIds]),
    graph.edges.map(({ from, to, kind, inferred, evidence }) => [from, to, kind, inferred, evidence]),
    participants.map(({ id }) => id),
    messagesOf(sequence).map((message, k) => [...Object.values(message), sequence.time[k]]),
    [...Object.values(folds), ...Object.values(activations)].map((column) => Array.from(column)),
  ];
  return createHash('sha256').update(JSON.stringify(drawn)).digest('hex').slice(0, 16);
}

/** All findings with their proofs, and who is suspected. */
export function foundIn({ detection }: Picture): string {
  const { findings, suspects } = detection;
  return JSON.stringify([
    findings.map(({ detector, severity, spanIds, agent }) => [detector, severity, spanIds, agent]),
    suspects.map(({ agent, spanId }) => [agent, spanId]),
  ]);
}

function cut(lines: readonly string[]): string[] {
  return lines.length > LISTED ? [...lines.slice(0, LISTED), `  … ${lines.length - LISTED} more`] : [...lines];
}

function nodeFigures({ kind, team, spans, generations, toolCalls, errors, tokens }: GraphNode): string {
  if (kind === 'user') return '';
  const figures = [
    plural(spans, 'span'),
    kind === 'agent' ? plural(generations, 'generation') : '',
    kind === 'agent' ? plural(toolCalls, 'tool call') : '',
    errors > 0 ? plural(errors, 'error') : '',
    tokens.input === null && tokens.output === null ? '' : `${tokens.input ?? '?'}+${tokens.output ?? '?'} tokens`,
    team === null ? '' : `in ${nameOf(team)}`,
  ];
  return `: ${figures.filter((figure) => figure !== '').join(', ')}`;
}

function edgeLine({ from, to, kind, count, errors, inferred, evidence, loop, retries }: GraphEdge): string {
  const line = inferred ? '..' : '==';
  const named = evidence.slice(0, NAMED_SPANS).map(short);
  const more = evidence.length > named.length ? ` +${evidence.length - named.length}` : '';
  const failed = errors > 0 ? `, ${errors} failed` : '';
  const marks = `${loop ? ' loop' : ''}${retries.length > 0 ? ` ${retries.length} again` : ''}`;
  return `  ${nameOf(from)} ${line}${kind} x${count}${failed}${line}> ${nameOf(to)} [${named.join(' ')}${more}]${marks}`;
}

/** Of what repeats only the first time is listed. */
function sequenceLines(sequence: Sequence): string[] {
  const messages = messagesOf(sequence);
  const { folds } = sequence;
  const lines: string[] = [];
  let listed = 0;
  let fold = 0;
  function tell(from: number, to: number, depth: number): void {
    for (let k = from; k < to;) {
      if (fold < folds.start.length && folds.start[fold] === k) {
        const period = folds.period[fold] ?? 1;
        const count = folds.count[fold] ?? 1;
        const end = k + period * count;
        fold++;
        lines.push(`${'  '.repeat(depth)}${count} times, ${plural(period, 'message')} each:`);
        tell(k, k + period, depth + 1);
        while (fold < folds.start.length && (folds.start[fold] ?? 0) < end) fold++;
        k = end;
        continue;
      }
      const message = messages[k];
      if (message && ++listed <= LISTED) lines.push(`${'  '.repeat(depth)}${messageLine(message)}`);
      k++;
    }
  }
  tell(0, messages.length, 1);
  return listed > LISTED ? [...lines, `  … ${listed - LISTED} more of ${messages.length}`] : lines;
}

const ARROWS = { handoff: '=>>', tool_result: '-->', return: '-->' } as const;

function messageLine({ kind, from, to, label, spanId, status, inferred }: Message): string {
  const arrow = kind in ARROWS ? ARROWS[kind as keyof typeof ARROWS] : '->';
  const marks = `${inferred ? ' (inferred)' : ''}${status === 'error' || status === 'running' ? ` ${status}` : ''}`;
  return `${nameOf(from)} ${arrow} ${nameOf(to)}: ${kind} ${quoted(label)}${marks} [${short(spanId)}]`;
}

function doubtLines({ sequence, lanes }: Picture): string[] {
  const doubts = Object.entries({ ...sequence.doubts, steps: lanes.timed ? 0 : 1 });
  const told = doubts.flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${count}`]));
  return told.length > 0 ? [`doubts: ${told.join(', ')}`] : [];
}

function counted(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => `  ${line}${count > 1 ? ` x${count}` : ''}`);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** On one line, whatever it holds. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Tools with their prefix, agents without. */
function nameOf(id: string): string {
  return id === 'user' ? 'User' : quoted(id.replace(/^agent:/, '')).slice(1, -1);
}

function short(id: string): string {
  const text = id.replace(/^span_/, '');
  return text.length <= 16 ? text : `${text.slice(0, 6)}…${text.slice(-6)}`;
}

/** Empty for a picture that agrees with itself and with its trace. */
export function contradictions(picture: Picture): string[] {
  return [
    ...graphFaults(picture),
    ...sequenceFaults(picture),
    ...findingFaults(picture),
    ...laneFaults(picture),
    ...totalFaults(picture),
    ...wasteFaults(picture),
  ];
}

function graphFaults({ detail, graph }: Picture): string[] {
  const spans = new Set(detail.columns.ids);
  const nodes = new Set(graph.nodes.map(({ id }) => id));
  const faults: string[] = [];
  if (nodes.size !== graph.nodes.length) faults.push('two nodes with one id');
  for (const { id, spanIds } of graph.nodes) {
    if (spanIds.length === 0 || !spanIds.every((spanId) => spans.has(spanId))) faults.push(`node ${id} without proof`);
  }
  for (const edge of graph.edges) {
    const { from, to, count, evidence } = edge;
    if (!nodes.has(from) || !nodes.has(to)) faults.push(`an end of ${edgeLine(edge)} is no node`);
    if (count === 0 || evidence.length !== count || new Set(evidence).size !== count)
      faults.push(`count of ${edgeLine(edge)}`);
    if (!evidence.every((spanId) => spans.has(spanId))) faults.push(`evidence of ${edgeLine(edge)} is no span`);
  }
  return faults;
}

function sequenceFaults({ detail, graph, sequence }: Picture): string[] {
  const faults: string[] = [];
  const spans = new Set(detail.columns.ids);
  const messages = messagesOf(sequence);
  const proofs = new Map<string, string[]>();
  const certain = new Set<string>();
  const called = new Set<string>();
  messages.forEach((message, k) => {
    const { kind, from, to, spanId, inferred } = message;
    if (!spans.has(spanId)) faults.push(`message ${k} names no span`);
    if (kind === 'tool_result') {
      if (!called.has(`${to} ${from} ${spanId}`)) faults.push(`result ${k} without a call`);
      return;
    }
    if (kind === 'tool_call') called.add(`${from} ${to} ${spanId}`);
    const key = JSON.stringify([kind, from, to]);
    proofs.set(key, [...(proofs.get(key) ?? []), spanId]);
    if (!inferred) certain.add(key);
  });
  for (const edge of graph.edges) {
    // What a guardrail checks goes to nobody: the graph alone draws it.
    if (edge.kind === 'guardrail') continue;
    const key = JSON.stringify([edge.kind, edge.from, edge.to]);
    if (String(proofs.get(key)?.sort()) !== String([...edge.evidence].sort()))
      faults.push(`graph and sequence differ on ${edgeLine(edge)}`);
    if (edge.inferred === certain.has(key)) faults.push(`graph and sequence differ on how certain ${key} is`);
    proofs.delete(key);
  }
  for (const key of proofs.keys()) faults.push(`no edge for the messages ${key}`);
  const { folds, activations } = sequence;
  folds.start.forEach((start, k) => {
    if (start + (folds.period[k] ?? 0) * (folds.count[k] ?? 0) > messages.length) faults.push('repeats past the end');
  });
  activations.from.forEach((from, k) => {
    const to = activations.to[k] ?? -1;
    if (from > to || to >= messages.length) faults.push('activation outside of the messages');
  });
  const drawn = new Set(sequence.participants.map(({ id }) => id));
  for (const { id, kind } of graph.nodes)
    if (!drawn.has(id) && kind !== 'guardrail') faults.push(`${id} has no life line`);
  return faults;
}

function findingFaults({ detail, detection }: Picture): string[] {
  const spans = new Set(detail.columns.ids);
  const named = [
    ...detection.findings.map(({ detector, spanIds }) => ({ who: detector, spanIds })),
    ...detection.suspects.map(({ agent, spanId }) => ({ who: agent, spanIds: [spanId] })),
  ];
  return named.flatMap(({ who, spanIds }) =>
    spanIds.length > 0 && spanIds.every((id) => spans.has(id)) ? [] : [`${who} names no span`],
  );
}

function laneFaults({ lanes, agents, detail }: Picture): string[] {
  const faults: string[] = [];
  const duration = lanes.to - lanes.from;
  const { trace, columns } = detail;
  if (!columns.ids.every((id, row) => lanes.ids[row] === id)) faults.push('lanes stand on other spans than the tree');
  const { pieces } = lanes;
  for (let k = 0; k < pieces.count; k++) {
    const lane = lanes.lanes[pieces.lane[k] ?? -1];
    const outside = (pieces.from[k] ?? 0) < lanes.from || (pieces.to[k] ?? 0) > lanes.to;
    if (!lane || outside || (pieces.from[k] ?? 0) > (pieces.to[k] ?? 0)) faults.push(`piece ${k} is out of place`);
    if (lanes.ids[pieces.span[k] ?? -1] === undefined) faults.push(`piece ${k} names no span`);
  }
  for (const { agent, times } of lanes.lanes) {
    const sum = times === null ? duration : total(Object.values(times));
    if (sum !== duration) faults.push(`lane ${agent} adds up to ${sum} of ${duration}`);
    const waited = total(lanes.waits.flatMap((wait) => (wait.agent === agent ? [wait.ns] : [])));
    if (times && waited !== times.waiting) faults.push(`waits of ${agent} are ${waited} of ${times.waiting}`);
  }
  if (lanes.timed && agents.duration !== duration) faults.push(`duration ${agents.duration} is not ${duration}`);
  if (trace.status !== 'running' && trace.durationNs !== null && trace.durationNs !== agents.duration)
    faults.push(`the trace took ${trace.durationNs}, its agents ${agents.duration}`);
  if (lanes.critical) {
    const { from, to } = lanes.critical;
    const path = total(Array.from(from, (begin, k) => (to[k] ?? 0) - begin));
    if (path !== duration) faults.push(`the critical path takes ${path} of ${duration}`);
  }
  return faults;
}

const TOKENS = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const;

function totalFaults({ detail, agents }: Picture): string[] {
  const faults: string[] = [];
  for (const kind of TOKENS) {
    const rows = total(agents.rows.map(({ tokens }) => tokens[kind] ?? 0));
    const whole = detail.trace.tokens[kind] ?? 0;
    if (rows !== whole || (agents.tokens[kind] ?? 0) !== whole)
      faults.push(`${kind}: rows ${rows}, table ${agents.tokens[kind]}, trace ${whole}`);
  }
  const spans = total(agents.rows.map((row) => row.spans));
  if (spans !== detail.columns.count) faults.push(`rows hold ${spans} of ${detail.columns.count} spans`);
  const cost = total(agents.rows.map((row) => row.cost ?? 0));
  if (!same(cost, detail.trace.cost ?? 0)) faults.push(`cost: rows ${cost}, trace ${detail.trace.cost}`);
  for (const { agent, busy, waiting } of agents.rows) {
    if ((busy ?? 0) + (waiting ?? 0) > (agents.duration ?? 0))
      faults.push(`${agent} worked longer than the trace took`);
  }
  return faults;
}

function wasteFaults({ detail, waste, agents }: Picture): string[] {
  const { tokens, cost } = detail.trace;
  const faults: string[] = [];
  if (waste.tokens.input > (tokens.input ?? 0) || waste.tokens.output > (tokens.output ?? 0))
    faults.push('more tokens were wasted than used');
  if ((waste.cost ?? 0) > (cost ?? 0) * (1 + 1e-9)) faults.push('more money was wasted than spent');
  if (waste.ns > (agents.duration ?? 0)) faults.push('more time was wasted than passed');
  const spans = new Set(detail.columns.ids);
  for (const { spanId } of waste.items) if (!spans.has(spanId)) faults.push(`waste names no span: ${spanId}`);
  return faults;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Dollars are fractions, whose sums differ in the last digits. */
function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
