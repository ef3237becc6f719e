/**
 * Who consumed what, without counting anything twice. Sources: the Agents SDK's usage fields (the totals of a task and
 * of a turn include the runs nested below them) and OpenTelemetry GenAI (the total of an agent is a fallback).
 *
 * - A task or turn that reports a total is believed: its total stands for everything below it.
 * - Elsewhere leaf model calls are summed; a model call around another model call is a wrapper and not added.
 * - A total on any other span counts only where nothing below it says anything.
 * - What a believed total holds beyond everything known below it belongs to its one silent model call, else to its agent.
 * - A cost that the source states is taken as it is, and stands for what is below it; tokens without one are estimated
 *   (`costs.ts`).
 */
import type { CostBasis } from '#shared/prices.ts';
import type { Usage } from '#shared/record.ts';
import type { EffectiveAgents } from './agents.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import type { CostEstimator, Rest } from './costs.ts';
import type { UsageTable } from './usage-table.ts';
import { isTask, isTurn } from './agents-sdk.ts';
import { at, f64, i32 } from './at.ts';
import { NO_ESTIMATES, NO_REST, basisOf, countCosts } from './costs.ts';
import {
  NO_USAGE,
  addRow,
  fillRow,
  getUsage,
  hasUsage,
  newUsageTable,
  nullIfNaN,
  plus,
  putUsage,
  takeRow,
} from './usage-table.ts';

export type Consumed = {
  readonly tokens: Usage;
  /** USD. */
  readonly cost: number | null;
  /** Where `cost` comes from; null without one. */
  readonly costBasis: CostBasis | null;
};

export const NOTHING_CONSUMED: Consumed = { tokens: NO_USAGE, cost: null, costBasis: null };

export type UsageFacts = {
  readonly total: Consumed;
  /** What a span itself consumed, also where only its turn's total tells. Summing these counts nothing twice. */
  readonly ofSpan: (index: number) => Usage | null;
  readonly costOfSpan: (index: number) => number | null;
  readonly isEstimated: (index: number) => boolean;
  /** What an agent instance consumed without the instances below it. Sums to `total` where all have an agent. */
  readonly ofInstance: (instance: number) => Consumed;
  /** The same for each agent name. */
  readonly byAgent: ReadonlyMap<string, Consumed>;
  /** 1 where a model call only wraps other model calls. */
  readonly wrapper: Uint8Array;
};

/** @param estimate what tokens of a model would cost; without it, only stated costs count */
export function attributeUsage(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
  estimate: CostEstimator = NO_ESTIMATES,
): UsageFacts {
  const wrapper = findWrappers(spans, tree);
  const sums = sumUpwards(spans, tree, wrapper);
  const rest = findRest(spans, tree, agents, sums, wrapper);
  const costs = countCosts(spans, tree, wrapper, { counted: sums.counted, rest }, estimate);

  // The last row holds what belongs to no agent.
  const nobody = agents.instances.length;
  const sheet = newSheet(nobody + 1);
  const total = newSheet(1);
  // In tree order: sums of fractions depend on their order, and must not on that of arrival.
  for (const i of tree.order) {
    const mine = i32(agents.instance, i);
    const place = mine < 0 ? nobody : mine;
    addRow(sheet.tokens, place, sums.counted, i);
    const bits = costs.basis[i] ?? 0;
    for (const [to, row] of [[sheet, place] as const, [total, 0] as const]) addCost(to, row, f64(costs.own, i), bits);
    const owner = i32(rest.owner, i);
    if (owner === NO_REST) continue;
    const restPlace = owner < 0 ? nobody : owner;
    addRow(sheet.tokens, restPlace, rest.table, i);
    const restBits = costs.restBasis[i] ?? 0;
    for (const [to, row] of [[sheet, restPlace] as const, [total, 0] as const])
      addCost(to, row, f64(costs.ofRest, i), restBits);
  }
  return {
    total: { ...consumed(total, 0), tokens: getUsage(sums.total, 0) ?? NO_USAGE },
    ofSpan: (index) => getUsage(sums.counted, index),
    costOfSpan: (index) => nullIfNaN(f64(costs.own, index)),
    isEstimated: (index) => basisOf(costs.basis[index] ?? 0) === 'estimated',
    ofInstance: (index) => consumed(sheet, index),
    byAgent: groupByName(agents, sheet),
    wrapper,
  };
}

/** Model calls that hold another model call without a tool or an agent in between. */
export function findWrappers(spans: readonly SpanFact[], tree: SpanTree): Uint8Array {
  const holdsCall = new Uint8Array(spans.length);
  const wrapper = new Uint8Array(spans.length);
  for (let row = spans.length - 1; row >= 0; row--) {
    const i = i32(tree.order, row);
    const { kind } = at(spans, i);
    if (kind === 'generation' && holdsCall[i] === 1) wrapper[i] = 1;
    const up = i32(tree.parent, i);
    if (up < 0 || kind === 'tool' || kind === 'agent') continue;
    if (kind === 'generation' || holdsCall[i] === 1) holdsCall[up] = 1;
  }
  return wrapper;
}

type Sums = {
  /** What each span itself adds to the total. */
  readonly counted: UsageTable;
  /** Each span with everything below it. */
  readonly inclusive: UsageTable;
  /** 1 where `inclusive` is what the span reports. */
  readonly reports: Uint8Array;
  /** One row. */
  readonly total: UsageTable;
};

function sumUpwards(spans: readonly SpanFact[], tree: SpanTree, wrapper: Uint8Array): Sums {
  const count = spans.length;
  const counted = newUsageTable(count);
  const inclusive = newUsageTable(count);
  const below = newUsageTable(count);
  const reports = new Uint8Array(count);
  const total = newUsageTable(1);
  for (let row = count - 1; row >= 0; row--) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const isCall = span.kind === 'generation';
    const quiet = !hasUsage(below, i);
    const own = span.usage ?? (isCall ? span.reportedUsage : null);
    if (span.reportedUsage && (isTask(span) || isTurn(span) || (quiet && own === null))) {
      putUsage(inclusive, i, span.reportedUsage);
      reports[i] = hasUsage(inclusive, i) ? 1 : 0;
    } else if (own && (quiet || (isCall && wrapper[i] !== 1))) {
      putUsage(counted, i, own);
      addRow(inclusive, i, counted, i);
      addRow(inclusive, i, below, i);
    }
    fillRow(inclusive, i, below, i);
    const up = i32(tree.parent, i);
    if (up < 0) addRow(total, 0, inclusive, i);
    else addRow(below, up, inclusive, i);
  }
  return { counted, inclusive, reports, total };
}

const NONE = -1;
const SEVERAL = -2;

/**
 * What each reporting span says beyond what is known inside it. It moves to `counted` of its one silent model call;
 * where there is none or several, it stays in the table, with the agent instance that owns it (-1 = nobody).
 */
function findRest(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
  sums: Sums,
  wrapper: Uint8Array,
): Rest {
  const count = spans.length;
  const silentModel = new Array<string | null>(count).fill(null);
  const inside = newUsageTable(count);
  const reporter = new Int32Array(count).fill(NONE);
  const silent = new Int32Array(count).fill(NONE);
  const silentInstance = new Int32Array(count).fill(NONE);
  for (let row = 0; row < count; row++) {
    const i = i32(tree.order, row);
    const up = i32(tree.parent, i);
    const holder = up < 0 ? NONE : sums.reports[up] === 1 ? up : i32(reporter, up);
    reporter[i] = holder;
    if (holder < 0) continue;
    if (sums.reports[i] === 1) addRow(inside, holder, sums.inclusive, i);
    else if (hasUsage(sums.counted, i)) addRow(inside, holder, sums.counted, i);
    else if (wrapper[i] !== 1 && isSilentCall(at(spans, i))) {
      const { model } = at(spans, i);
      silentModel[holder] = i32(silent, holder) === NONE || silentModel[holder] === model ? model : null;
      silent[holder] = i32(silent, holder) === NONE ? i : SEVERAL;
      const mine = i32(agents.instance, i);
      const before = i32(silentInstance, holder);
      silentInstance[holder] = before === NONE || before === mine ? mine : SEVERAL;
    }
  }
  const table = newUsageTable(count);
  const owner = new Int32Array(count).fill(NO_REST);
  for (let i = 0; i < count; i++) {
    const reported = at(spans, i).reportedUsage;
    if (sums.reports[i] !== 1 || !reported) continue;
    putUsage(table, i, reported);
    if (!takeRow(table, i, inside, i)) continue;
    const call = i32(silent, i);
    if (call >= 0) {
      addRow(sums.counted, call, table, i);
      continue;
    }
    const mine = i32(agents.instance, i);
    owner[i] = mine >= 0 ? mine : Math.max(NONE, i32(silentInstance, i));
  }
  return { table, owner, model: silentModel };
}

/** A failed call usually cost nothing, and a running one is in no total yet. */
function isSilentCall(span: SpanFact): boolean {
  return span.kind === 'generation' && span.status !== 'error' && span.status !== 'running';
}

/** Consumption of many, a row each. */
type Sheet = { readonly tokens: UsageTable; readonly cost: Float64Array; readonly basis: Uint8Array };

function newSheet(rows: number): Sheet {
  return { tokens: newUsageTable(rows), cost: new Float64Array(rows).fill(NaN), basis: new Uint8Array(rows) };
}

function addCost(sheet: Sheet, row: number, usd: number, bits: number): void {
  sheet.cost[row] = plus(f64(sheet.cost, row), usd);
  sheet.basis[row] = (sheet.basis[row] ?? 0) | bits;
}

function groupByName(agents: EffectiveAgents, sheet: Sheet): ReadonlyMap<string, Consumed> {
  const rowOf = new Map<string, number>();
  for (const { name } of agents.instances) if (!rowOf.has(name)) rowOf.set(name, rowOf.size);
  const named = newSheet(rowOf.size);
  agents.instances.forEach(({ name }, k) => {
    const row = rowOf.get(name) ?? 0;
    addRow(named.tokens, row, sheet.tokens, k);
    addCost(named, row, f64(sheet.cost, k), sheet.basis[k] ?? 0);
  });
  return new Map([...rowOf].map(([name, row]) => [name, consumed(named, row)]));
}

function consumed(sheet: Sheet, row: number): Consumed {
  return {
    tokens: getUsage(sheet.tokens, row) ?? NO_USAGE,
    cost: nullIfNaN(f64(sheet.cost, row)),
    costBasis: basisOf(sheet.basis[row] ?? 0),
  };
}
