/** What the list of traces shows of a trace, from its spans alone. Ingest asks for it after each batch. */
import type { CostBasis } from '#shared/prices.ts';
import type { Usage } from '#shared/record.ts';
import type { TraceStatus } from '#shared/trace.ts';
import type { CostEstimator } from './costs.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { effectiveAgents } from './agents.ts';
import { AGENTS_SDK, isTask } from './agents-sdk.ts';
import { at, i32 } from './at.ts';
import { findEchoes } from './echoes.ts';
import { buildTree, knownTime } from './tree.ts';
import { NOTHING_CONSUMED, attributeUsage } from './usage.ts';

export type AgentTotals = {
  readonly name: string;
  readonly spans: number;
  readonly generations: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly tokens: Usage;
  /** USD. */
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
};

export type TraceSummary = {
  readonly status: TraceStatus;
  /** Nanoseconds after the trace's start: the first start and the last end among the spans; null = no span says. */
  readonly start: number | null;
  readonly end: number | null;
  /** Nanoseconds from `start` to `end`; null while a span runs or when either is unknown. */
  readonly duration: number | null;
  readonly spans: number;
  /** Spans with status error. */
  readonly errors: number;
  readonly running: number;
  readonly generations: number;
  readonly toolCalls: number;
  readonly handoffs: number;
  /** Distinct names in order of first appearance. */
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly models: readonly string[];
  readonly tokens: Usage;
  /** USD. */
  readonly cost: number | null;
  readonly costBasis: CostBasis | null;
  /** Name of the first root span: what to call a trace that nobody named. */
  readonly rootName: string | null;
  /** In the order of `agents`. */
  readonly byAgent: readonly AgentTotals[];
};

type Counts = Pick<AgentTotals, 'spans' | 'generations' | 'toolCalls' | 'errors'>;

const NO_COUNTS: Counts = { spans: 0, generations: 0, toolCalls: 0, errors: 0 };

export function summarise(spans: readonly SpanFact[], estimate?: CostEstimator): TraceSummary {
  const tree = buildTree(spans);
  const agents = effectiveAgents(spans, tree);
  const usage = attributeUsage(spans, tree, agents, estimate);
  const echo = findEchoes(spans, tree);
  const perAgent = new Map<string, Counts>();
  const agentNames = new Map<string, number>();
  const tools = new Map<string, number>();
  const models = new Map<string, number>();
  let start: number | null = null;
  let end: number | null = null;
  const totals = { errors: 0, running: 0, generations: 0, toolCalls: 0, handoffs: 0 };

  for (let row = 0; row < spans.length; row++) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const begins = knownTime(span.start);
    const ends = knownTime(span.end);
    if (begins !== null && (start === null || begins < start)) start = begins;
    if (ends !== null && (end === null || ends > end)) end = ends;
    const isError = span.status === 'error' ? 1 : 0;
    const isGeneration = span.kind === 'generation' && usage.wrapper[i] !== 1 ? 1 : 0;
    const isTool = span.kind === 'tool' && echo[i] !== 1 ? 1 : 0;
    totals.errors += isError;
    totals.running += span.status === 'running' ? 1 : 0;
    totals.generations += isGeneration;
    totals.toolCalls += isTool;
    totals.handoffs += span.kind === 'handoff' ? 1 : 0;
    if (isTool === 1) see(tools, span.tool || span.name, begins);
    if (span.model) see(models, span.model, begins);
    const name = at(agents.names, i);
    if (name === null) continue;
    see(agentNames, name, begins);
    const mine = perAgent.get(name) ?? NO_COUNTS;
    perAgent.set(name, {
      spans: mine.spans + 1,
      generations: mine.generations + isGeneration,
      toolCalls: mine.toolCalls + isTool,
      errors: mine.errors + isError,
    });
  }
  const names = inOrder(agentNames);
  return {
    ...totals,
    status: traceStatus(spans, tree),
    start,
    end,
    duration: totals.running > 0 || start === null || end === null ? null : Math.max(0, end - start),
    spans: spans.length,
    agents: names,
    tools: inOrder(tools),
    models: inOrder(models),
    tokens: usage.total.tokens,
    cost: usage.total.cost,
    costBasis: usage.total.costBasis,
    rootName: topSpans(spans, tree).find((span) => span.parentId === null)?.name ?? null,
    byAgent: names.map((name) => ({
      name,
      ...(perAgent.get(name) ?? NO_COUNTS),
      ...(usage.byAgent.get(name) ?? NOTHING_CONSUMED),
    })),
  };
}

/**
 * Failed when a root task or agent failed. Without root tasks, Agents SDK: also when the last root failed; else when any
 * root did, but for tools among other roots: in a flat log of turns a tool that failed is not the run. A root is a span without a parent. One whose parent never came counts as such only when it is a task
 * or agent (or, where no root came at all, a chain), so that a failed tool is not taken for a failed run while its parents
 * are on their way.
 */
export function traceStatus(spans: readonly SpanFact[], tree: SpanTree): TraceStatus {
  if (spans.length === 0) return 'unset';
  if (spans.some((span) => span.status === 'running')) return 'running';
  if (!spans.some((span) => span.status === 'error')) return 'ok';
  const tops = topSpans(spans, tree);
  const roots = tops.filter((span) => span.parentId === null);
  const failed = tops.filter((span) => span.status === 'error');
  if (failed.some((span) => isTask(span) || span.kind === 'agent')) return 'error';
  if (roots.length === 0) return failed.some((span) => span.kind === 'chain') ? 'error' : 'tool_errors';
  if (tops.some(isTask)) return 'tool_errors';
  // Root spans of the Agents SDK without task spans may fail without the run failing: a custom span that was caught.
  const deciding = roots.some((root) => root.dialect === AGENTS_SDK) ? roots.slice(-1) : withoutTools(roots);
  return deciding.some((root) => root.status === 'error') ? 'error' : 'tool_errors';
}

function withoutTools(roots: readonly SpanFact[]): readonly SpanFact[] {
  const others = roots.filter((root) => root.kind !== 'tool');
  return others.length > 0 ? others : roots;
}

/** Spans that hang below nothing, in row order. */
function topSpans(spans: readonly SpanFact[], tree: SpanTree): SpanFact[] {
  const tops: SpanFact[] = [];
  for (let row = 0; row < spans.length;) {
    const i = i32(tree.order, row);
    tops.push(at(spans, i));
    row = i32(tree.subtreeEnd, i);
  }
  return tops;
}

/** Distinct names with the earliest time that each was seen at, in row order. */
type FirstSeen = Map<string, number>;

function see(seen: FirstSeen, name: string, time: number | null): void {
  const known = seen.get(name);
  const when = time ?? Infinity;
  if (known === undefined || when < known) seen.set(name, when);
}

/** By time; a stable sort keeps row order where times are equal. */
function inOrder(seen: FirstSeen): string[] {
  return [...seen].sort(([, a], [, b]) => (a === b ? 0 : a < b ? -1 : 1)).map(([name]) => name);
}
