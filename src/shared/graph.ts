/** The agent graph of one trace: who did what to whom, each edge with the spans that prove it. */
import type { ContentView } from './trace.ts';
import type { CostBasis } from './prices.ts';
import type { Usage } from './record.ts';

export type GraphNodeKind = 'agent' | 'tool' | 'user';
export type GraphEdgeKind = 'handoff' | 'agent_call' | 'return' | 'message' | 'tool_call';

export type GraphNode = {
  /** `agent:<name>`, `tool:<name>`, `user`. In the expanded graph an agent instance is `agent:<name>#<span id>`. */
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
  readonly spans: number;
  readonly generations: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly tokens: Usage;
  readonly cost: number | null;
  /** Where `cost` comes from; null without one. */
  readonly costBasis: CostBasis | null;
  /** Milliseconds of wall time in which at least one of its spans was open. */
  readonly busyMs: number | null;
  /** Spans that prove the node, the first in time order first. */
  readonly spanIds: readonly string[];
};

export type GraphEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: GraphEdgeKind;
  readonly count: number;
  readonly errors: number;
  /** True when no span states it and it was concluded from order or nesting. */
  readonly inferred: boolean;
  /** Span ids, in time order; one per crossing. */
  readonly evidence: readonly string[];
};

export type AgentGraph = { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] };

/** One crossing of an edge: what was passed. */
export type EdgeCrossing = {
  readonly spanId: string;
  readonly startNs: string | null;
  readonly label: string;
  readonly status: 'unset' | 'ok' | 'error' | 'running';
  readonly passed: readonly ContentView[];
  readonly returned: readonly ContentView[];
};

/** The conversation of a trace as a person reads it: generations, tool calls and handoffs in time order, history folded. */
export type ConversationEntry = {
  readonly spanId: string;
  readonly agent: string | null;
  readonly kind: 'generation' | 'tool' | 'handoff' | 'guardrail';
  readonly name: string;
  readonly depth: number;
  readonly startNs: string | null;
  readonly status: 'unset' | 'ok' | 'error' | 'running';
  readonly error: string | null;
  /** Input items that were not already shown earlier for the same agent. */
  readonly input: readonly ContentView[];
  /** How many earlier items were left out because they were shown before. */
  readonly repeated: number;
  readonly output: readonly ContentView[];
};

export type ConversationPage = {
  readonly entries: readonly ConversationEntry[];
  readonly nextCursor: number | null;
  readonly total: number;
};
