/** A pattern in hand: what the canvas does to a drawing. Pure; nothing here knows how it looks. */
import type { PatternDrawing, PatternEdge, PatternNode } from '#shared/pattern-drawing.ts';
import { drawPattern, patternOf } from '#shared/pattern-drawing.ts';
import { parsePattern } from '#shared/pattern-parse.ts';
import type { PatternNames, PatternProblem, PatternVerb } from '#shared/pattern.ts';
import { MOST_STEPS, MOST_TIMES, printName, printPattern } from '#shared/pattern.ts';

/** What a text draws, with the nodes that no arrow reaches: those are in no text. */
export type Sketch = { readonly drawing: PatternDrawing; readonly problems: readonly PatternProblem[] };

/** Null = the text is not understood, and draws nothing. An empty one is an empty drawing. */
export function sketchOf(text: string): Sketch | { readonly drawing: null; readonly problems: Sketch['problems'] } {
  if (text.trim() === '') return { drawing: { nodes: [], edges: [] }, problems: [] };
  const { pattern, problems } = parsePattern(text);
  return pattern ? { drawing: drawPattern(pattern), problems } : { drawing: null, problems };
}

/** With the nodes that stand alone; one of a name that is drawn already is that one. */
export function withLoose(drawing: PatternDrawing, loose: readonly PatternNode[]): PatternDrawing {
  const known = new Set(drawing.nodes.map(keyOf));
  const added: PatternNode[] = [];
  for (const node of loose) {
    if (known.has(keyOf(node))) continue;
    known.add(keyOf(node));
    added.push({ ...node, id: `loose${added.length + 1}` });
  }
  return { nodes: [...drawing.nodes, ...added], edges: drawing.edges };
}

export function textOf(drawing: PatternDrawing): string {
  return drawing.edges.length === 0 ? '' : printPattern(patternOf(drawing));
}

export function looseOf({ nodes, edges }: PatternDrawing): readonly PatternNode[] {
  const used = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return nodes.filter(({ id }) => !used.has(id));
}

/** A node stays the same one while text and drawing follow each other: its names tell it, ids do not. */
export function keyOf({ names }: Pick<PatternNode, 'names'>): string {
  return JSON.stringify(names.map(({ text, like }) => [text, like]));
}

export function nodeTitle({ names, kind }: PatternNode): string {
  if (names.length === 0) return kind === 'agent' ? 'anyone' : 'anything';
  return names.map(({ text }) => text).join(' or ');
}

/** As it is typed in the field of a node. */
export function printNodeNames(names: PatternNames): string {
  return names.length === 0 ? 'anyone' : names.map(printName).join(' or ');
}

/** "Planner or Writer", `*search*`, "anyone"; what reads as anything else is the name as it stands. Null = says nothing. */
export function readNodeNames(typed: string): PatternNames | null {
  const text = typed.trim().slice(0, 1_000);
  if (text === '') return null;
  const steps = parsePattern(`anyone reaches ${text}`).pattern?.steps ?? [];
  const [step] = steps;
  const plain = step?.type === 'step' && steps.length === 1 && step.least === 1 && step.most === null;
  return plain ? step.to : [{ text, like: false }];
}

export function addNode(
  drawing: PatternDrawing,
  kind: PatternNode['kind'],
  names: PatternNames,
): { readonly drawing: PatternDrawing; readonly key: string } {
  const key = keyOf({ names });
  if (drawing.nodes.some((node) => keyOf(node) === key)) return { drawing, key };
  return { drawing: { ...drawing, nodes: [...drawing.nodes, { id: `new${drawing.nodes.length}`, names, kind }] }, key };
}

/** The first known name that is not drawn, else a number behind the kind. */
export function freshName(
  drawing: PatternDrawing,
  kind: 'agent' | 'tool' | 'guardrail',
  known: readonly string[],
): string {
  const taken = new Set(drawing.nodes.flatMap(({ names }) => names.map(({ text }) => text.toLowerCase())));
  const next = known.find((name) => name.trim() !== '' && !taken.has(name.toLowerCase()));
  if (next !== undefined) return next;
  const word = kind.charAt(0).toUpperCase() + kind.slice(1);
  for (let n = 1; ; n++) if (!taken.has(`${kind} ${n}`)) return `${word} ${n}`;
}

export function renameNode(drawing: PatternDrawing, id: string, names: PatternNames): PatternDrawing {
  return { ...drawing, nodes: drawing.nodes.map((node) => (node.id === id ? { ...node, names } : node)) };
}

export function removeNode({ nodes, edges }: PatternDrawing, id: string): PatternDrawing {
  return {
    nodes: nodes.filter((node) => node.id !== id),
    edges: renumbered(edges.filter((edge) => edge.from !== id && edge.to !== id)),
  };
}

/** Why no arrow may begin or end there; null = it may. */
export function whyNot(drawing: PatternDrawing, from: PatternNode, to?: PatternNode): string | null {
  if (from.kind !== 'agent') return `A ${from.kind} begins nothing: draw from an agent.`;
  if (to && to.kind !== 'agent' && to.id === from.id) return 'Nothing calls itself.';
  if (drawing.edges.length >= MOST_STEPS) return `A pattern has at most ${MOST_STEPS} steps.`;
  return null;
}

/** A new last step, of the verb that fits where it leads. */
export function connect(drawing: PatternDrawing, from: PatternNode, to: PatternNode): PatternDrawing {
  const verb: PatternVerb = to.kind === 'tool' ? 'calls' : to.kind === 'guardrail' ? 'checked' : 'hands';
  const order = drawing.edges.length;
  const edge = { from: from.id, to: to.id, verb, order, never: false, least: 1, most: null, next: false };
  return { ...drawing, edges: [...renumbered(drawing.edges), edge] };
}

export function changeEdge(drawing: PatternDrawing, order: number, change: Partial<PatternEdge>): PatternDrawing {
  return {
    ...drawing,
    edges: drawing.edges.map((edge) => (edge.order === order ? { ...edge, ...change, order } : edge)),
  };
}

export function removeEdge(drawing: PatternDrawing, order: number): PatternDrawing {
  return { ...drawing, edges: renumbered(drawing.edges.filter((edge) => edge.order !== order)) };
}

/** Earlier or later by one place. */
export function moveEdge(drawing: PatternDrawing, order: number, by: -1 | 1): PatternDrawing {
  const other = order + by;
  if (!drawing.edges.some((edge) => edge.order === other)) return drawing;
  const edges = drawing.edges.map((edge) =>
    edge.order === order ? { ...edge, order: other } : edge.order === other ? { ...edge, order } : edge,
  );
  return { ...drawing, edges: edges.sort((a, b) => a.order - b.order) };
}

function renumbered(edges: readonly PatternEdge[]): PatternEdge[] {
  return [...edges].sort((a, b) => a.order - b.order).map((edge, order) => ({ ...edge, order }));
}

/** Whether "immediately" means anything there: a step that must happen stands before it, and it must happen itself. */
export function mayBeNext({ edges }: PatternDrawing, { order, never, least }: PatternEdge): boolean {
  const before = edges.filter((edge) => edge.order < order && !edge.never).sort((a, b) => b.order - a.order)[0];
  return !never && least > 0 && before !== undefined && before.least > 0;
}

/** How often, in as few signs as a canvas has room for: "3+ ×". */
export function shortTimes({ never, least, most }: PatternEdge): string {
  if (never || (least === 1 && most === null)) return '';
  if (most === null) return `${least}+ ×`;
  if (least === most) return `${least} ×`;
  return least === 0 ? `≤ ${most} ×` : `${least}–${most} ×`;
}

/** Times that can be counted; the second is no less than the first. */
export function boundTimes(
  least: number,
  most: number | null,
): { readonly least: number; readonly most: number | null } {
  const low = Math.min(MOST_TIMES, Math.max(0, Math.floor(least) || 0));
  if (most === null) return { least: low, most };
  return { least: low, most: Math.min(MOST_TIMES, Math.max(low, 1, Math.floor(most) || 0)) };
}
