/** Small graphs for tests. */
import type { AgentGraph, GraphEdge, GraphEdgeKind, GraphNode } from '#shared/graph.ts';

export function graphNode(id: string, more: Partial<GraphNode> = {}): GraphNode {
  const kind =
    id === 'user' ? 'user' : id.startsWith('tool:') ? 'tool' : id.startsWith('guardrail:') ? 'guardrail' : 'agent';
  return {
    id,
    kind,
    name: id.slice(id.indexOf(':') + 1),
    spans: 1,
    generations: 0,
    toolCalls: 0,
    errors: 0,
    tokens: { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null },
    cost: null,
    costBasis: null,
    busyMs: null,
    triggered: 0,
    team: null,
    spanIds: [`span of ${id}`],
    ...more,
  };
}

export function graphEdge(
  from: string,
  to: string,
  kind: GraphEdgeKind = 'handoff',
  more: Partial<GraphEdge> = {},
): GraphEdge {
  return {
    from,
    to,
    kind,
    count: 1,
    errors: 0,
    inferred: false,
    loop: false,
    retries: [],
    evidence: [`${from} ${kind} ${to}`],
    ...more,
  };
}

/** Triage hands to Planner, Planner calls Researcher, who uses two tools; the user asks and is answered. */
export function sampleGraph(): AgentGraph {
  return {
    nodes: ['user', 'agent:Triage', 'agent:Planner', 'agent:Researcher', 'tool:search', 'tool:fetch'].map((id) =>
      graphNode(id),
    ),
    edges: [
      graphEdge('user', 'agent:Triage', 'message'),
      graphEdge('agent:Triage', 'agent:Planner', 'handoff', { count: 2 }),
      graphEdge('agent:Planner', 'agent:Researcher', 'agent_call'),
      graphEdge('agent:Researcher', 'agent:Planner', 'return'),
      graphEdge('agent:Researcher', 'tool:search', 'tool_call', { count: 14 }),
      graphEdge('agent:Researcher', 'tool:fetch', 'tool_call', { errors: 1 }),
      graphEdge('agent:Planner', 'user', 'message'),
    ],
  };
}
