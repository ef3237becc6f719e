/** The item table of a pair of runs: columns, the most regressed first. */
import { MOST_COMPARED, type ComparedItems } from '#shared/comparison.ts';
import { sharedCriteria } from './compare-runs.ts';
import { changesOf, tellingTrials, unitValues, worstFirst } from './items.ts';
import { pairedBy, unitsOf } from './pairing.ts';
import type { RunScores } from './run-scores.ts';

export type NamesOfTraces = (traceIds: readonly string[]) => {
  readonly agents: ReadonlyMap<string, readonly string[]>;
  readonly tools: ReadonlyMap<string, readonly string[]>;
};

/** @param namesOf looks up the agents and tools of traces, in one query */
export function comparedItems(a: RunScores, b: RunScores, namesOf: NamesOfTraces): ComparedItems {
  const units = unitsOf(a, b, pairedBy(a, b));
  const shared = sharedCriteria(a, b);
  const changes = changesOf(a, b, units, shared);
  const allA = unitValues(a, units, shared, 'a');
  const allB = unitValues(b, units, shared, 'b');
  const order = worstFirst(units, changes, allA, allB, shared).subarray(0, MOST_COMPARED);
  const rows = Array.from(order, (at) => {
    const unit = units[at] ?? { key: '', a: [], b: [] };
    return { unit, at, telling: tellingTrials(a, b, unit, changes, at) };
  });
  const traceA = rows.map(({ telling }) => a.traceIds[telling.a] ?? null);
  const traceB = rows.map(({ telling }) => b.traceIds[telling.b] ?? null);
  const names = namesOf([...new Set([...traceA, ...traceB].filter((id) => id !== null))]);
  const both = (known: ReadonlyMap<string, readonly string[]>, row: number): readonly string[] => {
    const [one, other] = [known.get(traceA[row] ?? '') ?? [], known.get(traceB[row] ?? '') ?? []];
    return one === other || other.length === 0 ? one : one.length === 0 ? other : [...new Set([...one, ...other])];
  };
  const width = shared.length;
  const inOrder = (values: Float32Array): Float32Array => {
    const sorted = new Float32Array(order.length * width);
    order.forEach((at, row) => {
      sorted.set(values.subarray(at * width, (at + 1) * width), row * width);
    });
    return sorted;
  };
  return {
    criteria: shared.map(({ name }) => name),
    keys: rows.map(({ unit }) => unit.key),
    titles: rows.map(({ telling }) => a.titles[telling.a] || b.titles[telling.b] || ''),
    change: Uint8Array.from(order, (at) => changes.change[at] ?? 0),
    itemA: Float64Array.from(rows, ({ telling }) => a.ids[telling.a] ?? -1),
    itemB: Float64Array.from(rows, ({ telling }) => b.ids[telling.b] ?? -1),
    traceA,
    traceB,
    trialsA: Uint16Array.from(rows, ({ unit }) => Math.min(unit.a.length, 65_535)),
    trialsB: Uint16Array.from(rows, ({ unit }) => Math.min(unit.b.length, 65_535)),
    valuesA: inOrder(allA),
    valuesB: inOrder(allB),
    outcomeA: Float32Array.from(order, (at) => changes.before[at] ?? NaN),
    outcomeB: Float32Array.from(order, (at) => changes.after[at] ?? NaN),
    agents: rows.map((_, row) => both(names.agents, row)),
    tools: rows.map((_, row) => both(names.tools, row)),
    cut: units.length > order.length,
  };
}
