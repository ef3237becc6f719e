/** Reads a node id of the graph; the forms are in src/shared/graph.ts. */
export type EdgeEnd = {
  readonly kind: 'agent' | 'tool' | 'guardrail' | 'user';
  readonly name: string;
  /** Span id of an agent instance in the expanded graph, else null. */
  readonly instance: string | null;
};

/** Only ids of the expanded graph hold instances: an agent may itself be called "Worker #2". */
export function edgeEnd(id: string, expanded: boolean): EdgeEnd {
  if (id.startsWith('tool:')) return { kind: 'tool', name: id.slice(5), instance: null };
  if (id.startsWith('guardrail:')) return { kind: 'guardrail', name: id.slice(10), instance: null };
  if (!id.startsWith('agent:')) return { kind: 'user', name: id, instance: null };
  const mark = expanded ? id.lastIndexOf('#') : -1;
  return mark < 0
    ? { kind: 'agent', name: id.slice(6), instance: null }
    : { kind: 'agent', name: id.slice(6, mark), instance: id.slice(mark + 1) };
}
