/** Each crossing of an edge of the agent graph, in the order of the sequence: what graders and patterns look at. */
import type { SubjectEdge } from '#shared/grader.ts';
import type { Arcs } from './graph.ts';
import { guardrailArcs } from './graph-arcs.ts';
import { crossingsInOrder } from './sequence.ts';

/** @param arcs of agents that are not expanded; `from` and `to` of an edge are ids of nodes: `agent:Planner` */
export function subjectEdges({ scene, ids, arcs }: Pick<Arcs, 'scene' | 'ids' | 'arcs'>): SubjectEdge[] {
  return crossingsInOrder(scene, [...arcs, ...guardrailArcs(scene, ids)]).map(
    ({ kind, from, to, span, inferred }, step) => ({ span_id: span.spanId, kind, from, to, inferred, step }),
  );
}
