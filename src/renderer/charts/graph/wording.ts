/** What the graph says: labels, sentences for those who cannot see it, and widths of text where nothing can be measured. */
import type { GraphEdge, GraphEdgeKind, GraphNode } from '#shared/graph.ts';
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
export function edgeLabel(edge: GraphEdge): string {
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
      return times;
  }
}

export const EDGE_WORDS: { readonly [K in GraphEdgeKind]: string } = {
  handoff: 'handoff',
  agent_call: 'agent called as a tool',
  return: 'return',
  message: 'message',
  tool_call: 'tool call',
};

type Edge = Pick<GraphEdge, 'from' | 'to' | 'kind' | 'count' | 'errors' | 'inferred'>;

/** "Planner hands off to Writer, twice." `nameOf` gives what a node is called. */
export function edgeSentence(edge: Edge, nameOf: (id: string) => string): string {
  const from = nameOf(edge.from);
  const to = nameOf(edge.to);
  const failed = edge.errors > 0 ? `, ${formatCount(edge.errors)} failed` : '';
  const guess = edge.inferred ? ' (inferred from order or nesting)' : '';
  return `${capital(deed(edge.kind, from, to))}, ${often(edge.count)}${failed}${guess}.`;
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
  }
}

/** "Agent Planner: 3 generations, 2 tool calls, 1 error, 1,240 tokens, busy 4.2 s." */
export function nodeSentence(kind: GraphNode['kind'] | 'tools', name: string, members: readonly GraphNode[]): string {
  const total = sum(members);
  const facts = [
    counted(total.generations, 'generation'),
    counted(total.toolCalls, kind === 'agent' || kind === 'user' ? 'tool call' : 'call'),
    counted(total.errors, 'error'),
    total.tokens === null ? '' : `${formatCount(total.tokens)} tokens`,
    costWords(total),
    total.busyMs === null ? '' : `busy ${formatDuration(total.busyMs * 1e6)}`,
  ].filter((fact) => fact !== '');
  const head =
    kind === 'agent' ? `Agent ${name}` : kind === 'tool' ? `Tool ${name}` : kind === 'tools' ? name : 'The user';
  return facts.length === 0 || kind === 'user' ? `${head}.` : `${head}: ${facts.join(', ')}.`;
}

function costWords({ cost, costBasis }: NodeTotals): string {
  if (cost === null) return '';
  return costBasis === 'stated' ? formatCost(cost) : `about ${formatCost(cost)}, estimated`;
}

export type NodeTotals = {
  readonly generations: number;
  readonly toolCalls: number;
  readonly errors: number;
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
      generations: total.generations + node.generations,
      toolCalls: total.toolCalls + node.toolCalls,
      errors: total.errors + node.errors,
      tokens: plus(plus(total.tokens, node.tokens.input), node.tokens.output),
      busyMs: plus(total.busyMs, node.busyMs),
      cost: plus(total.cost, node.cost),
      costBasis: joinCostBases([total.costBasis, node.costBasis]),
    }),
    { generations: 0, toolCalls: 0, errors: 0, tokens: null, busyMs: null, cost: null, costBasis: null },
  );
}

/** "once", "twice", "14 times". */
export function often(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${formatCount(count)} times`;
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
