/** The agent graphs and sequences of many runs as one: with the share of runs, in each group, that have each part. */
import type {
  BehaviourEdge,
  BehaviourMap,
  BehaviourNode,
  BehaviourStep,
  GroupShare,
  MappedTrace,
} from '#shared/behaviour.ts';
import type { GraphNodeKind } from '#shared/graph.ts';
import { MOST_MAPPED_EDGES, MOST_MAPPED_NODES, MOST_MAPPED_STEPS } from '#shared/behaviour.ts';
import { fisherExact } from '../statistics/fisher.ts';
import { benjaminiHochberg } from '../statistics/several-tests.ts';
import { wilson } from '#shared/wilson.ts';
import { at } from '../at.ts';
import type { Member } from './fold-sequence.ts';
import { foldSequences } from './fold-sequence.ts';
import type { DigestEdge, RunDigest } from './run-digest.ts';
import { edgeId } from './run-digest.ts';

/** @param digest of the trace that stands at the same place in the list */
export type MappedRun = { readonly trace: MappedTrace; readonly digest: RunDigest };

/** A step is shown when this share of the runs of a group has it, and more than one run where there are several. */
const COMMON = 0.1;

type Shares = { readonly groups: readonly GroupShare[]; readonly traces: readonly (readonly number[])[] };

/** What is counted of one node, edge or step: of each run that has it, how often and for how much. */
type Tally = {
  /** Ascending. */
  readonly runs: number[];
  times: number[];
  cost: (number | null)[];
};

type Folded = Pick<
  BehaviourMap,
  'groups' | 'traces' | 'nodes' | 'edges' | 'steps' | 'othersAfter' | 'moreNodes' | 'moreEdges'
>;

/** @param check called now and then; throws to give up */
export function foldRuns(labels: readonly string[], runs: readonly MappedRun[], check: () => void): Folded {
  const traces = runs.map(({ trace }) => trace);
  const sizes = labels.map((_, group) => traces.filter((trace) => trace.group === group).length);

  const nodes = new Map<string, { readonly kind: GraphNodeKind; readonly name: string; readonly tally: Tally }>();
  const edges = new Map<string, { readonly edge: DigestEdge; readonly place: number; readonly tally: Tally }>();
  const symbols: Int32Array[] = [];
  runs.forEach(({ digest }, run) => {
    check();
    for (const { id, kind, name, spans, cost } of digest.nodes) {
      let node = nodes.get(id);
      if (!node) nodes.set(id, (node = { kind, name, tally: newTally() }));
      count(node.tally, run, spans, cost);
    }
    const places = digest.edges.map((edge) => {
      const id = edgeId(edge);
      let known = edges.get(id);
      if (!known) edges.set(id, (known = { edge, place: edges.size, tally: newTally() }));
      count(known.tally, run, edge.count, edge.cost);
      return known.place;
    });
    symbols.push(digest.steps.map((edge) => places[edge] ?? 0));
  });

  const keptNodes = strongest([...nodes], ([, { tally }]) => tally.runs.length, MOST_MAPPED_NODES);
  const ids = new Set(keptNodes.map(([id]) => id));
  const between = [...edges.values()].filter(({ edge }) => ids.has(edge.from) && ids.has(edge.to));
  const keptEdges = strongest(between, ({ tally }) => tally.runs.length, MOST_MAPPED_EDGES);
  const { steps, othersAfter } = foldSteps(runs, symbols, [...edges.values()], sizes, nodes, check);
  return {
    groups: labels.map((label, group) => {
      const mine = traces.filter((trace) => trace.group === group);
      return {
        label,
        runs: mine.length,
        passed: mine.filter(({ passed }) => passed === true).length,
        failed: mine.filter(({ passed }) => passed === false).length,
      };
    }),
    traces,
    nodes: keptNodes.map(([id, { kind, name, tally }]): BehaviourNode => ({
      id,
      kind,
      name,
      ...sharesOf(tally, traces, sizes),
    })),
    edges: separate(
      keptEdges.map(({ edge: { from, to, kind }, tally }) => ({ from, to, kind, ...sharesOf(tally, traces, sizes) })),
      // Those that are not told were looked at all the same.
      [...edges.values()].map(({ tally }) => countsOf(tally, traces, sizes)),
      sizes,
    ),
    steps,
    othersAfter,
    moreNodes: nodes.size - keptNodes.length,
    moreEdges: edges.size - keptEdges.length,
  };
}

function foldSteps(
  runs: readonly MappedRun[],
  symbols: readonly Int32Array[],
  edges: readonly { readonly edge: DigestEdge }[],
  sizes: readonly number[],
  nodes: ReadonlyMap<string, { readonly name: string }>,
  check: () => void,
): { readonly steps: BehaviourStep[]; readonly othersAfter: number } {
  const traces = runs.map(({ trace }) => trace);
  const least = sizes.map((size) => Math.max(runs.length > 3 ? 2 : 1, Math.ceil(size * COMMON)));
  const isCommon = (members: readonly Member[]): boolean => {
    const counts = sizes.map(() => 0);
    for (const { run } of members) {
      const { group } = at(traces, run);
      counts[group] = (counts[group] ?? 0) + 1;
    }
    return counts.some((found, group) => found >= (least[group] ?? 1)) && members.length > 0;
  };
  const folded = foldSequences(symbols, { isCommon, most: MOST_MAPPED_STEPS, check });
  const cut = runs.reduce((sum, { digest }) => sum + digest.cut, 0);
  return {
    steps: folded.steps.map(({ symbol, members, othersBefore }) => {
      const { from, to, kind } = at(edges, symbol).edge;
      const tally = newTally();
      for (const { run, at: place } of members.toSorted((a, b) => a.run - b.run)) {
        const { digest } = at(runs, run);
        const cost = digest.costs[place] ?? NaN;
        count(tally, run, 1, Number.isNaN(cost) ? null : cost);
      }
      const label = nodes.get(to)?.name ?? to;
      return { from, to, kind, label, othersBefore, ...sharesOf(tally, traces, sizes) };
    }),
    othersAfter: folded.othersAfter + cut,
  };
}

function newTally(): Tally {
  return { runs: [], times: [], cost: [] };
}

function count(tally: Tally, run: number, times: number, cost: number | null): void {
  tally.runs.push(run);
  tally.times.push(times);
  tally.cost.push(cost);
}

function countsOf({ runs }: Tally, traces: readonly MappedTrace[], sizes: readonly number[]): number[] {
  const counts = sizes.map(() => 0);
  for (const run of runs) {
    const { group } = at(traces, run);
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
}

function sharesOf(tally: Tally, traces: readonly MappedTrace[], sizes: readonly number[]): Shares {
  const lists: number[][] = sizes.map(() => []);
  const drafts = sizes.map(() => ({ times: 0, cost: null as number | null, passed: 0, judged: 0 }));
  tally.runs.forEach((run, k) => {
    const { group, passed } = at(traces, run);
    const draft = at(drafts, group);
    at(lists, group).push(run);
    draft.times += tally.times[k] ?? 0;
    const cost = tally.cost[k] ?? null;
    if (cost !== null) draft.cost = (draft.cost ?? 0) + cost;
    if (passed === null) return;
    draft.judged++;
    if (passed) draft.passed++;
  });
  return {
    groups: drafts.map(({ times, cost, passed, judged }, group): GroupShare => {
      const runs = at(lists, group).length;
      const of = sizes[group] ?? 0;
      const { low, high } = wilson(runs, of);
      const rate = wilson(passed, judged);
      return {
        runs,
        share: of === 0 ? 0 : runs / of,
        range: { low, high },
        times,
        passRate: judged === 0 ? null : { passed, of: judged, range: { low: rate.low, high: rate.high } },
        cost,
      };
    }),
    traces: lists,
  };
}

/** Of two groups with runs in both, edge by edge; the adjustment is over all edges there are, also those beyond the bound. */
function separate(
  edges: readonly Omit<BehaviourEdge, 'separates'>[],
  all: readonly (readonly number[])[],
  sizes: readonly number[],
): BehaviourEdge[] {
  const [ofA = 0, ofB = 0] = sizes;
  if (sizes.length !== 2 || ofA === 0 || ofB === 0) return edges.map((edge) => ({ ...edge, separates: null }));
  // p depends on the two counts alone, and equal p have equal adjusted ones.
  const pOf = new Map<number, number>();
  const tested = all.map(([a = 0, b = 0]) => {
    const place = a * (ofB + 1) + b;
    const known = pOf.get(place);
    if (known !== undefined) return known;
    const p = fisherExact(a, ofA, b, ofB);
    pOf.set(place, p);
    return p;
  });
  const adjusted = benjaminiHochberg(tested);
  const adjustedOf = new Map(all.map(([a = 0, b = 0], k) => [a * (ofB + 1) + b, adjusted[k] ?? 1]));
  return edges.map((edge) => {
    const [a, b] = [edge.groups[0]?.runs ?? 0, edge.groups[1]?.runs ?? 0];
    const place = a * (ofB + 1) + b;
    return {
      ...edge,
      separates: { delta: b / ofB - a / ofA, p: pOf.get(place) ?? 1, pAdjusted: adjustedOf.get(place) ?? 1 },
    };
  });
}

/** The first in their order among those of the most; in the order given. */
function strongest<T>(list: readonly T[], weight: (one: T) => number, most: number): readonly T[] {
  if (list.length <= most) return list;
  const kept = new Set(list.toSorted((a, b) => weight(b) - weight(a)).slice(0, most));
  return list.filter((one) => kept.has(one));
}
