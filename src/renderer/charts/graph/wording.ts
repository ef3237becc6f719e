/** What the graph says: labels, sentences for those who cannot see it, and widths of text where nothing can be measured. */
import type { GraphEdge, GraphEdgeKind, GraphNode } from '#shared/graph.ts';
import type { Unit } from './fold.ts';
import { joinCostBases, type CostBasis } from '#shared/prices.ts';
import { formatDuration } from '#shared/time.ts';
import { formatCost, formatCount } from '../../widgets/format.ts';
import { safeCut } from '../../widgets/text-chunks.ts';
import { visibleString } from '../../widgets/visible-text.ts';

const LONGEST_NAME = 300;

/** A name from a trace on one line: what hides or re-orders text is made visible, and it is not endless. */
export function displayName(name: string): string {
  const cut = name.length > LONGEST_NAME ? `${name.slice(0, safeCut(name, LONGEST_NAME))}…` : name;
  return visibleString(cut.replace(/\s+/g, ' ').trim());
}

/**
 * Pixels that a text needs at most, with `perCharacter` for a usual letter. The layout runs where there is no font to
 * measure (a worker, a test), so this errs on the wide side; the drawing cuts with an ellipsis.
 */
export function textWidth(text: string, perCharacter: number): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x1100 && isWide(code)) width += perCharacter * 2;
    else if (code >= 0x0300 && code <= 0x036f) width += 0;
    else width += code >= 0x41 && code <= 0x5a ? perCharacter * 1.15 : perCharacter;
  }
  return width;
}

function isWide(code: number): boolean {
  return (
    code <= 0x115f ||
    (code >= 0x2600 && code <= 0x27bf) ||
    (code >= 0x2e80 && code <= 0xd7ff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xff00 && code <= 0xff60) ||
    code >= 0x1f000
  );
}

/** The few words on an edge; empty when its shape says it all. */
export function edgeLabel(edge: Pick<GraphEdge, 'kind' | 'count'>): string {
  const times = edge.count > 1 ? `×${formatCount(edge.count)}` : '';
  switch (edge.kind) {
    case 'handoff':
      return times === '' ? 'handoff' : `handoff ${times}`;
    case 'agent_call':
      return times === '' ? 'call' : `call ${times}`;
    case 'return':
      return '';
    case 'message':
    case 'tool_call':
    case 'guardrail':
      return times;
  }
}

/** Its bare count, where there is no room for its words; empty when it happened once. */
export function shortLabel({ count }: Pick<GraphEdge, 'count'>): string {
  return count > 1 ? `×${formatCount(count)}` : '';
}

/** Pixels at full size, marks included; 0 = it can be no shorter. */
export function shortWidth(edge: Pick<GraphEdge, 'count' | 'errors' | 'loop'> & { readonly retries: number }): number {
  const marks = markCount(edge) * MARK;
  // At the time cursor, "2 of 5" stands there.
  return edge.count > 1 ? Math.ceil(textWidth(countAt(edge.count, edge.count), 6.1)) + marks + 4 : marks;
}

/** Pixels of one mark on a label: a failure, a loop, retries. */
export const MARK = 15;

export function markCount(edge: { readonly errors: number; readonly loop: boolean; readonly retries: number }): number {
  return (edge.errors > 0 ? 1 : 0) + (edge.loop ? 1 : 0) + (edge.retries > 0 ? 1 : 0);
}

/** How many crossings of an edge have begun. */
export function countAt(begun: number, count: number): string {
  return `${formatCount(begun)} of ${formatCount(count)}`;
}

export const EDGE_WORDS: { readonly [K in GraphEdgeKind]: string } = {
  handoff: 'handoff',
  agent_call: 'agent called as a tool',
  return: 'return',
  message: 'message',
  tool_call: 'tool call',
  guardrail: 'guardrail check',
};

type Edge = Pick<GraphEdge, 'from' | 'to' | 'kind' | 'count' | 'errors' | 'inferred' | 'loop'> & {
  readonly retries: number;
};

/** "Planner hands off to Writer, twice." `nameOf` gives what a node is called. */
export function edgeSentence(edge: Edge, nameOf: (id: string) => string): string {
  const from = nameOf(edge.from);
  const to = nameOf(edge.to);
  const failed = edge.errors > 0 ? `, ${formatCount(edge.errors)} failed` : '';
  const guess = edge.inferred ? ' (inferred from order or nesting)' : '';
  const again = edge.retries > 0 ? `, ${formatCount(edge.retries)} right after a failure` : '';
  const back = edge.loop ? ', which closes a loop' : '';
  return `${capital(deed(edge.kind, from, to))}, ${often(edge.count)}${failed}${again}${back}${guess}.`;
}

function deed(kind: GraphEdgeKind, from: string, to: string): string {
  switch (kind) {
    case 'handoff':
      return `${from} hands off to ${to}`;
    case 'agent_call':
      return `${from} calls ${to} as a tool`;
    case 'return':
      return `${from} returns to ${to}`;
    case 'message':
      return to === 'the user' ? `${from} answers ${to}` : `${from} sends a message to ${to}`;
    case 'tool_call':
      return `${from} calls the tool ${to}`;
    case 'guardrail':
      return `${from} is checked by ${to}`;
  }
}

/** "Agent Planner: 3 generations, 2 tool calls, 1 error, 1,240 tokens, busy 4.2 s." */
export function nodeSentence(kind: Unit['kind'], name: string, members: readonly GraphNode[]): string {
  const total = sum(members);
  const facts = [
    counted(total.generations, 'generation'),
    counted(total.toolCalls, kind === 'tool' || kind === 'tools' ? 'call' : 'tool call'),
    kind === 'guardrail' ? counted(total.spans, 'check') : '',
    counted(total.triggered, 'time triggered', 'times triggered'),
    counted(total.errors, 'error'),
    total.tokens === null ? '' : `${formatCount(total.tokens)} tokens`,
    costWords(total),
    total.busyMs === null ? '' : `busy ${formatDuration(total.busyMs * 1e6)}`,
  ].filter((fact) => fact !== '');
  const head = headOf(kind, name, members.length);
  return facts.length === 0 || kind === 'user' ? `${head}.` : `${head}: ${facts.join(', ')}.`;
}

function headOf(kind: Unit['kind'], name: string, count: number): string {
  switch (kind) {
    case 'agent':
      return `Agent ${name}`;
    case 'tool':
      return `Tool ${name}`;
    case 'guardrail':
      return `Guardrail ${name}`;
    case 'tools':
      return name;
    case 'team':
      return `Team of ${name}, ${counted(count, 'agent')}, folded`;
    case 'several':
      return `${name}, ${formatCount(count)} of a kind, folded`;
    case 'user':
      return 'The user';
  }
}

function costWords({ cost, costBasis }: NodeTotals): string {
  if (cost === null) return '';
  return costBasis === 'stated' ? formatCost(cost) : `about ${formatCost(cost)}, estimated`;
}

export type NodeTotals = {
  readonly spans: number;
  readonly generations: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly triggered: number;
  /** Input and output together; null = no span says. */
  readonly tokens: number | null;
  readonly busyMs: number | null;
  /** USD; null = not known. */
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
};

export function sum(members: readonly GraphNode[]): NodeTotals {
  const plus = (a: number | null, b: number | null): number | null => (b === null ? a : (a ?? 0) + b);
  return members.reduce<NodeTotals>(
    (total, node) => ({
      spans: total.spans + node.spans,
      triggered: total.triggered + node.triggered,
      generations: total.generations + node.generations,
      toolCalls: total.toolCalls + node.toolCalls,
      errors: total.errors + node.errors,
      tokens: plus(plus(total.tokens, node.tokens.input), node.tokens.output),
      busyMs: plus(total.busyMs, node.busyMs),
      cost: plus(total.cost, node.cost),
      costBasis: joinCostBases([total.costBasis, node.costBasis]),
    }),
    {
      spans: 0,
      triggered: 0,
      generations: 0,
      toolCalls: 0,
      errors: 0,
      tokens: null,
      busyMs: null,
      cost: null,
      costBasis: null,
    },
  );
}

/** "once", "twice", "14 times". */
export function often(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${formatCount(count)} times`;
}

function counted(count: number, word: string, words = `${word}s`): string {
  return count === 0 ? '' : `${formatCount(count)} ${count === 1 ? word : words}`;
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
