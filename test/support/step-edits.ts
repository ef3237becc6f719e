/**
 * Traces as alignment sees them, with edits of known place: what a run that differs in one thing looks like. The same seed
 * gives the same traces and edits.
 */
import type { StepFacts } from '../../src/main/analysis/alignment/align-steps.ts';
import { random } from './make-trace.ts';

/** Symbols as in StepFacts; 0 = nothing recorded. */
export type StepNode = {
  readonly kind: number;
  readonly key: number;
  readonly input: number;
  readonly output: number;
  readonly inside: readonly StepNode[];
  /** The one that an edit put here. */
  readonly isNew?: boolean;
};

export const EDITS = ['insert', 'delete', 'change', 'move', 'repeat'] as const;
export type Edit = (typeof EDITS)[number];

export type Edited = {
  readonly a: StepFacts;
  readonly b: StepFacts;
  /** The first row, depth first, at which both differ: it is the same number in both. */
  readonly differsAt: number;
  /** The step that was edited: its row in A, and in B; -1 = not there. */
  readonly editedA: number;
  readonly editedB: number;
};

/**
 * Whether a step is where both part: the edited step itself, or else the row at which both differ when read in order. Of
 * equal neighbours nobody can tell which one is gone; and what holds the edited steps may be equal to what stood there.
 */
export function isWhere(step: { readonly a: number; readonly b: number } | undefined, edited: Edited): boolean {
  if (!step) return false;
  const { a, b } = step;
  const own = (edited.editedA >= 0 && a === edited.editedA) || (edited.editedB >= 0 && b === edited.editedB);
  // Up to here both are one: the row is the same place in both. A step that goes before its neighbour, or that after this.
  const place = edited.editedA < 0 || edited.editedB < 0 ? -2 : Math.min(edited.editedA, edited.editedB);
  return own || [place, edited.differsAt].some((row) => a === row || b === row);
}

type Flat = { readonly node: StepNode; readonly parent: number; readonly depth: number; end: number };

function flatten(roots: readonly StepNode[]): Flat[] {
  const rows: Flat[] = [];
  const stack: { node: StepNode; parent: number; depth: number }[] = [...roots]
    .reverse()
    .map((node) => ({ node, parent: -1, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const row = rows.push({ ...next, end: 0 }) - 1;
    for (let k = next.node.inside.length - 1; k >= 0; k--)
      stack.push({ node: next.node.inside[k]!, parent: row, depth: next.depth + 1 });
  }
  for (let row = rows.length - 1; row >= 0; row--) {
    const { parent, end } = rows[row]!;
    rows[row]!.end = Math.max(end, row + 1);
    if (parent >= 0) rows[parent]!.end = Math.max(rows[parent]!.end, rows[row]!.end);
  }
  return rows;
}

export function toFacts(roots: readonly StepNode[]): StepFacts {
  const rows = flatten(roots);
  const of = (number: (row: Flat) => number): Int32Array => Int32Array.from(rows, number);
  return {
    count: rows.length,
    parent: of(({ parent }) => parent),
    end: of(({ end }) => end),
    kind: of(({ node }) => node.kind),
    key: of(({ node }) => node.key),
    name: of(({ node }) => node.key),
    input: of(({ node }) => node.input),
    output: of(({ node }) => node.output),
    status: new Uint8Array(rows.length),
    agent: new Int32Array(rows.length),
    duration: new Float64Array(rows.length).fill(NaN),
    tokens: new Float64Array(rows.length).fill(NaN),
  };
}

export function toNodes(facts: StepFacts): StepNode[] {
  const made: (StepNode & { inside: StepNode[] })[] = [];
  const roots: StepNode[] = [];
  for (let row = 0; row < facts.count; row++) {
    const node = {
      kind: facts.kind[row]!,
      key: facts.key[row]!,
      input: facts.input[row]!,
      output: facts.output[row]!,
      inside: [],
    };
    made.push(node);
    const parent = facts.parent[row]!;
    (parent < 0 ? roots : made[parent]!.inside).push(node);
  }
  return roots;
}

const [AGENT, MODEL, TOOL] = [1, 2, 3];
const FRESH = 1_000_000;

/** Agents inside agents, model calls and tools, calls that are repeated, and words that several calls share. */
export function makeSteps(seed: number, spans: number): StepNode[] {
  const next = random(seed);
  const pick = (count: number): number => Math.floor(next() * count);
  let words = 1_000;
  let left = spans;
  function agent(depth: number): StepNode {
    const name = pick(5);
    const inside: StepNode[] = [];
    left--;
    const turns = 2 + pick(depth === 0 ? spans : 8);
    for (let turn = 0; turn < turns && left > 0; turn++) {
      inside.push({ kind: MODEL, key: 20 + name, input: words++, output: words++, inside: [] });
      left--;
      const calls = pick(4) === 0 ? 2 + pick(3) : pick(3);
      for (let call = 0; call < calls && left > 0; call++) {
        // Few arguments and few answers: many calls share one of them, and some share both.
        inside.push({ kind: TOOL, key: 30 + pick(6), input: 100 + pick(40), output: 200 + pick(30), inside: [] });
        left--;
      }
      if (depth < 4 && left > 4 && pick(4) === 0) inside.push(agent(depth + 1));
    }
    return { kind: AGENT, key: 10 + name, input: pick(2) === 0 ? 0 : words++, output: words++, inside };
  }
  const roots: StepNode[] = [];
  while (left > 0) roots.push(agent(0));
  return roots;
}

/** Rows that differ when read in order; what holds others gives what follows from those. */
function sameRow(a: Flat | undefined, b: Flat | undefined): boolean {
  if (!a || !b) return false;
  const holds = a.node.inside.length > 0 || b.node.inside.length > 0;
  return (
    a.depth === b.depth &&
    a.node.key === b.node.key &&
    a.node.input === b.node.input &&
    (holds || a.node.output === b.node.output)
  );
}

/**
 * One edit at a place of chance.
 * @param echo share of later steps that differ in their words as well, as they do when a run has parted
 * @returns null where the edit happened to change nothing
 */
export function edit(roots: readonly StepNode[], what: Edit, seed: number, echo: number): Edited | null {
  const next = random(seed);
  const pick = (count: number): number => Math.floor(next() * count);
  let words = FRESH;
  const rows = flatten(roots);
  const lists = new Map<number, number[]>();
  rows.forEach(({ parent }, row) => lists.set(parent, [...(lists.get(parent) ?? []), row]));
  const whole: StepNode = { kind: 0, key: 0, input: 0, output: 0, inside: roots };
  const nodeOf = (row: number): StepNode => (row < 0 ? whole : rows[row]!.node);
  const size = (row: number): number => rows[row]!.end - row;
  // A whole run that is another one has no single edit.
  const movable = rows.map((_, row) => row).filter((row) => rows[row]!.depth > 0 && size(row) <= rows.length / 3);
  if (movable.length < 2) return null;
  const chosen = movable[pick(movable.length)]!;
  const changed = new Map<StepNode, readonly StepNode[]>();
  let replaced: { from: StepNode; to: StepNode } | null = null;
  const insideOf = (node: StepNode): readonly StepNode[] => changed.get(node) ?? node.inside;
  const home = nodeOf(rows[chosen]!.parent);
  const place = home.inside.indexOf(nodeOf(chosen));
  const renewed = (node: StepNode): StepNode => ({
    ...node,
    input: node.input === 0 ? 0 : words++,
    output: words++,
    inside: node.inside.map(renewed),
  });
  switch (what) {
    case 'insert': {
      const model = nodeOf(movable[pick(movable.length)]!);
      const made = pick(2) === 0 ? renewed(model) : { ...renewed(model), key: words++ };
      changed.set(home, home.inside.toSpliced(place + pick(2), 0, { ...made, isNew: true }));
      break;
    }
    case 'delete':
      changed.set(home, home.inside.toSpliced(place, 1));
      break;
    case 'change': {
      const from = nodeOf(chosen);
      const kinds: StepNode[] = [{ ...from, input: words++ }];
      if (from.inside.length === 0)
        kinds.push({ ...from, output: words++ }, { ...from, input: words++, output: words++ });
      kinds.push({ ...from, key: words++ });
      replaced = { from, to: kinds[pick(kinds.length)]! };
      break;
    }
    case 'move': {
      const node = nodeOf(chosen);
      changed.set(home, home.inside.toSpliced(place, 1));
      const inside = new Set(rows.slice(chosen, rows[chosen]!.end).map((row) => row.node));
      const homes = [...lists.keys()].filter((row) => row >= 0 && !inside.has(nodeOf(row)));
      const target = pick(2) === 0 || homes.length === 0 ? home : nodeOf(homes[pick(homes.length)]!);
      const list = insideOf(target);
      changed.set(target, list.toSpliced(pick(list.length + 1), 0, { ...node, isNew: true }));
      break;
    }
    case 'repeat': {
      const block = home.inside.slice(Math.max(0, place - pick(4)), place + 1);
      const again = Array.from({ length: 1 + pick(3) }, () => block)
        .flat()
        .map((node, k) => (k === 0 ? { ...node, isNew: true } : node));
      changed.set(home, home.inside.toSpliced(place + 1, 0, ...again));
      break;
    }
  }
  const rebuild = (node: StepNode): StepNode => {
    const own = replaced && node === replaced.from ? replaced.to : node;
    return { ...own, inside: insideOf(node).map(rebuild) };
  };
  const edited = roots.length > 0 ? rebuild(whole).inside : [];
  const after = flatten(edited);
  let differsAt = 0;
  while (differsAt < Math.max(rows.length, after.length) && sameRow(rows[differsAt], after[differsAt])) differsAt++;
  if (differsAt >= Math.max(rows.length, after.length)) return null;
  let row = -1;
  const echoed = (node: StepNode): StepNode => {
    row++;
    const own = row > differsAt && next() < echo;
    const inside = node.inside.map(echoed);
    if (!own) return { ...node, inside };
    return { ...node, input: node.input === 0 ? 0 : words++, output: node.output === 0 ? 0 : words++, inside };
  };
  return {
    a: toFacts(roots),
    b: toFacts(echo === 0 ? edited : edited.map(echoed)),
    differsAt,
    editedA: what === 'insert' || what === 'repeat' ? -1 : chosen,
    editedB: after.findIndex(({ node }) => node.isNew === true),
  };
}
