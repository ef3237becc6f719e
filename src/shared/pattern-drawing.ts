/** A pattern as nodes and numbered edges, for a canvas; both directions lose nothing. */
import type { Pattern, PatternNames, PatternVerb } from './pattern.ts';

export type PatternNode = {
  readonly id: string;
  /** What it is called: any of these; none = whoever. */
  readonly names: PatternNames;
  /** As far as its edges tell. */
  readonly kind: 'agent' | 'tool' | 'guardrail';
};

export type PatternEdge = {
  readonly from: string;
  readonly to: string;
  readonly verb: PatternVerb;
  /** Place among all edges: the order in which they happen. */
  readonly order: number;
  /** It must not happen at its place. */
  readonly never: boolean;
  readonly least: number;
  readonly most: number | null;
  readonly next: boolean;
};

export type PatternDrawing = { readonly nodes: readonly PatternNode[]; readonly edges: readonly PatternEdge[] };

export function drawPattern({ steps }: Pattern): PatternDrawing {
  const nodes = new Map<string, { id: string; names: PatternNames; kind: PatternNode['kind'] }>();
  const node = (names: PatternNames, kind: PatternNode['kind']): string => {
    const key = JSON.stringify(names);
    const known = nodes.get(key) ?? { id: `n${nodes.size + 1}`, names, kind };
    // Who acts, or is handed to, is an agent, whatever else it is called by.
    if (kind === 'agent') known.kind = kind;
    nodes.set(key, known);
    return known.id;
  };
  const edges = steps.map((step, order): PatternEdge => ({
    from: node(step.from, 'agent'),
    to: node(step.to, step.verb === 'calls' ? 'tool' : step.verb === 'checked' ? 'guardrail' : 'agent'),
    verb: step.verb,
    order,
    never: step.type === 'never',
    least: step.type === 'never' ? 1 : step.least,
    most: step.type === 'never' ? null : step.most,
    next: step.type !== 'never' && step.next,
  }));
  return { nodes: [...nodes.values()], edges };
}

/** Edges to or from a node that is not there are left out. */
export function patternOf({ nodes, edges }: PatternDrawing): Pattern {
  const names = new Map(nodes.map((node) => [node.id, node.names]));
  let follows = false;
  const steps = [...edges]
    .sort((a, b) => a.order - b.order)
    .flatMap((edge): Pattern['steps'][number][] => {
      const { verb, least, most } = edge;
      const [from, to] = [names.get(edge.from), names.get(edge.to)];
      if (!from || !to) return [];
      if (edge.never) return [{ type: 'never', from, verb, to }];
      // As in text: what need not happen has no moment, and nothing can follow it at once.
      const next = edge.next && follows && least > 0;
      follows = least > 0;
      return [{ type: 'step', from, verb, to, least, most, next }];
    });
  return { steps };
}
