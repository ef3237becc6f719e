/** The agent graph of one trace: who did what to whom, each edge with the spans that prove it. */
import type { ContentView } from './trace.ts';
import type { CostBasis } from './prices.ts';
import type { Usage } from './record.ts';

export type GraphNodeKind = 'agent' | 'tool' | 'guardrail' | 'user';
export type ContactKind = 'handoff' | 'agent_call' | 'return' | 'message' | 'tool_call';
/** `guardrail` leads from an agent to the guardrail that checked it. */
export type GraphEdgeKind = ContactKind | 'guardrail';

export type GraphNode = {
  /** `agent:<name>`, `tool:<name>`, `guardrail:<name>`, `user`. In the expanded graph an agent instance is `agent:<name>#<span id>`. */
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
  /**
   * Milliseconds of wall time. Of an agent: in which something of its own was going on, without waiting for others, as
   * in its lane. Of a tool or guardrail: in which one of its calls was open.
   */
  readonly busyMs: number | null;
  /** Of a guardrail: how often its span says that it was triggered. */
  readonly triggered: number;
  /** Id of the agent inside whose work this one always worked (agent as a tool, sub-agent, crew); null = of none. */
  readonly team: string | null;
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
  /** True when it leads back to an agent that was there before, and from which this one was reached. */
  readonly loop: boolean;
  /** Those of `evidence` that repeat a call by the same agent instance right after it had failed. */
  readonly retries: readonly string[];
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
