/** Counts failures by category, agent, step, time and workflow in one pass over the labels; pure. */
import type {
  AgentCount,
  CategoryCount,
  FailureCount,
  Overview,
  OverviewPick,
  OverviewTrace,
  OverviewTraces,
  Period,
} from '#shared/overview.ts';
import { wilson } from '#shared/wilson.ts';
import type { Category, Facts, Failure } from './failures.ts';
import { decileOf, isElsewhere, isFailure, periodOf, picks, readFailures } from './failures.ts';

const MOST_SPELLINGS = 20;
const MOST_ROWS = 500;
/** Without gaps, a time series is as long as the time that it spans. */
const MOST_PERIODS = 400;

/** Labels come trace by trace, so that remembering the last trace is enough to count each once. */
type Bucket = { labels: number; traces: number; last: number };

export function overviewOf(given: Facts, taxonomy?: string, by?: Period): Overview {
  const facts = reviewedWith(given, taxonomy);
  const period = by ?? fittingPeriod(facts);
  const all = bucket();
  const byCategory: Bucket[] = [];
  const spellings: Map<string, number>[] = [];
  const agents = new Map<string, AgentBucket>();
  const heat = new Map<string, Map<number, number>>();
  const steps = new Map<number, Bucket>();
  const deciles = Array.from({ length: 10 }, bucket);
  const times = new Map<string | null, Bucket>();
  const workflows = new Map<string | null, Bucket>();
  const periods = new Map<number, string | null>();
  let [unplaced, blamedElsewhere] = [0, 0];

  function count(failure: Failure): void {
    const { trace, category, blamed, actor, blamedKey, actorKey, place } = failure;
    const key = trace[0];
    add(all, key);
    if (category) {
      add((byCategory[category.index] ??= bucket()), key);
      const written = (spellings[category.index] ??= new Map<string, number>());
      if (failure.spelling !== null) written.set(failure.spelling, (written.get(failure.spelling) ?? 0) + 1);
    }
    const elsewhere = isElsewhere(failure);
    if (elsewhere) blamedElsewhere++;
    if (blamed !== null) countAgent(blamedKey, blamed, key, { blamed: 1, elsewhere: elsewhere ? 1 : 0, acted: 0 });
    if (actor !== null) {
      const same = actorKey === blamedKey;
      countAgent(actorKey, actor, same ? null : key, { blamed: 0, elsewhere: 0, acted: 1 });
    }
    const row = blamedKey || actorKey;
    let cells = heat.get(row);
    if (!cells) heat.set(row, (cells = new Map<number, number>()));
    const column = category?.index ?? -1;
    cells.set(column, (cells.get(column) ?? 0) + 1);
    if (place === null) unplaced++;
    else {
      addTo(steps, place.step, key);
      const decile = deciles[decileOf(place)];
      if (decile) add(decile, key);
    }
    let from = periods.get(key);
    if (from === undefined) periods.set(key, (from = periodOf(trace[4], period)));
    addTo(times, from, key);
    addTo(workflows, trace[3], key);
  }

  /** `key` null = this label counts for the agent already. */
  function countAgent(
    agent: string,
    spelling: string,
    key: number | null,
    more: { readonly blamed: number; readonly acted: number; readonly elsewhere: number },
  ): void {
    let found = agents.get(agent);
    if (!found) agents.set(agent, (found = { ...bucket(), blamed: 0, acted: 0, elsewhere: 0, spellings: new Map() }));
    if (key !== null) add(found, key);
    found.blamed += more.blamed;
    found.acted += more.acted;
    found.elsewhere += more.elsewhere;
    found.spellings.set(spelling, (found.spellings.get(spelling) ?? 0) + 1);
  }

  const resolved = readFailures(facts, taxonomy, count);
  const reviewed = facts.reviewed.length;
  const of = (one: Bucket | undefined, among = reviewed): FailureCount => ({
    labels: one?.labels ?? 0,
    traces: wilson(one?.traces ?? 0, among),
  });
  const categories = sortedCategories(resolved, byCategory, spellings, of);
  const agentRows = [...agents].sort(([a, x], [b, y]) => y.labels - x.labels || (a < b ? -1 : 1));
  const agentIndex = new Map(agentRows.map(([key], index) => [key, index]));
  const categoryIndex = new Map(categories.map(({ index }, at) => [index, at]));
  const among = reviewedBy(facts, period);
  return {
    traceCount: facts.traceCount,
    reviewed,
    annotations: facts.labels.length,
    failures: of(all),
    verdicts: verdictsOf(facts),
    blamedAgents: agentRows.filter(([, { blamed }]) => blamed > 0).length,
    blamedElsewhere,
    taxonomies: labelSets(facts),
    categories: categories.map(({ index: _, ...category }) => category),
    agents: agentRows.map(([, agent]): AgentCount => {
      const [most] = byCount(agent.spellings);
      const { blamed, acted, elsewhere } = agent;
      return { agent: most?.[0] ?? '', blamed, acted, elsewhere, ...of(agent) };
    }),
    heat: [...heat].flatMap(([agent, cells]) =>
      [...cells].map(([category, labels]) => ({
        agent: agentIndex.get(agent) ?? -1,
        category: categoryIndex.get(category) ?? -1,
        labels,
      })),
    ),
    steps: [...steps].sort(([a], [b]) => a - b).map(([step, { labels, traces }]) => ({ step, labels, traces })),
    deciles: deciles.map(({ labels, traces }) => ({ labels, traces })),
    unplaced,
    period,
    time: series([...among.times.keys()], period).map((from) => ({
      from,
      ...of(times.get(from), among.times.get(from) ?? 0),
    })),
    untimed: of(times.get(null), among.untimed),
    workflows: [...among.workflows]
      .map(([workflow, traces]) => ({ workflow, ...of(workflows.get(workflow), traces) }))
      .sort(
        (a, b) =>
          b.labels - a.labels || b.traces.of - a.traces.of || ((a.workflow ?? '') < (b.workflow ?? '') ? -1 : 1),
      ),
  };
}

/** The traces behind a bar or a cell, those with the most labels first. */
export function overviewTraces(
  facts: Facts,
  pick: OverviewPick,
  { taxonomy, by }: { readonly taxonomy?: string; readonly by?: Period },
): OverviewTraces {
  const period = by ?? fittingPeriod(reviewedWith(facts, taxonomy));
  const found = new Map<number, { -readonly [K in keyof OverviewTrace]: OverviewTrace[K] }>();
  const names = new Map(facts.reviewed.map((trace) => [trace[0], trace]));
  function put(traceKey: number, spanId: string | null): void {
    const trace = names.get(traceKey);
    if (!trace) return;
    const before = found.get(traceKey);
    if (before) before.labels++;
    else found.set(traceKey, { traceId: trace[1], name: trace[2], spanId, labels: 1 });
  }
  if (pick.traceIds !== undefined) {
    const wanted = new Set(pick.traceIds);
    for (const [, key, , , , , spanId] of facts.labels) if (wanted.has(names.get(key)?.[1] ?? '')) put(key, spanId);
  } else if (pick.passed !== undefined) {
    for (const [, key, kind, , , , spanId, , passed] of facts.labels)
      if (kind === 'verdict' && passed === Number(pick.passed)) put(key, spanId);
  } else {
    readFailures(facts, taxonomy, (failure) => {
      if (picks(failure, pick, period)) put(failure.trace[0], failure.spanId);
    });
  }
  const rows = [...found.values()].sort((a, b) => b.labels - a.labels);
  return { rows: rows.slice(0, MOST_ROWS), total: rows.length };
}

/** Shares are of the traces that somebody looked at with that taxonomy: not of those that only have labels of others. */
function reviewedWith(facts: Facts, taxonomy: string | undefined): Facts {
  if (taxonomy === undefined) return facts;
  const keys = new Set<number>();
  for (const [, key, kind, of] of facts.labels) if (of === taxonomy || !isFailure(kind)) keys.add(key);
  return { ...facts, reviewed: facts.reviewed.filter(([key]) => keys.has(key)) };
}

type AgentBucket = Bucket & {
  blamed: number;
  acted: number;
  elsewhere: number;
  readonly spellings: Map<string, number>;
};

function bucket(): Bucket {
  return { labels: 0, traces: 0, last: -1 };
}

function add(to: Bucket, traceKey: number): void {
  to.labels++;
  if (to.last === traceKey) return;
  to.last = traceKey;
  to.traces++;
}

function addTo<K>(buckets: Map<K, Bucket>, at: K, traceKey: number): void {
  let found = buckets.get(at);
  if (!found) buckets.set(at, (found = bucket()));
  add(found, traceKey);
}

function sortedCategories(
  resolved: readonly Category[],
  counts: readonly (Bucket | undefined)[],
  spellings: readonly (ReadonlyMap<string, number> | undefined)[],
  of: (one: Bucket | undefined) => FailureCount,
): (CategoryCount & { readonly index: number })[] {
  return resolved
    .map((category) => ({
      ...category,
      ...of(counts[category.index]),
      spellings: byCount(spellings[category.index] ?? new Map<string, number>())
        .slice(0, MOST_SPELLINGS)
        .map(([spelling, labels]) => ({ spelling, labels })),
    }))
    .sort((a, b) => b.labels - a.labels || (a.title < b.title ? -1 : 1));
}

function verdictsOf({ labels }: Facts): Overview['verdicts'] {
  let [passed, annotations] = [0, 0];
  for (const [, , kind, , , , , , pass] of labels) {
    if (kind !== 'verdict' || pass === null) continue;
    annotations++;
    if (pass === 1) passed++;
  }
  return { ...wilson(passed, annotations), annotations };
}

function labelSets({ labels, taxonomies }: Facts): Overview['taxonomies'] {
  const counts = new Map<string | null, number>();
  for (const [, , kind, taxonomy] of labels) if (isFailure(kind)) counts.set(taxonomy, (counts.get(taxonomy) ?? 0) + 1);
  return [...counts]
    .sort(([, n], [, m]) => m - n)
    .map(([id, count]) => ({
      id,
      title: taxonomies.find((each) => each.id === id)?.title ?? id ?? 'Without a taxonomy',
      labels: count,
    }));
}

/** How many traces were reviewed in each period and workflow: what shares are of. */
function reviewedBy({ reviewed }: Facts, period: Period) {
  const times = new Map<string, number>();
  const workflows = new Map<string | null, number>();
  let untimed = 0;
  for (const [, , , workflow, start] of reviewed) {
    const from = periodOf(start, period);
    if (from === null) untimed++;
    else times.set(from, (times.get(from) ?? 0) + 1);
    workflows.set(workflow, (workflows.get(workflow) ?? 0) + 1);
  }
  return { times, workflows, untimed };
}

function fittingPeriod({ reviewed }: Facts): Period {
  let [first, last] = [Infinity, -Infinity];
  for (const [, , , , start] of reviewed) {
    if (start === null) continue;
    first = Math.min(first, start);
    last = Math.max(last, start);
  }
  const days = (last - first) / 86_400_000;
  return days > 500 ? 'month' : days > 60 ? 'week' : 'day';
}

/** Every period from the first to the last; only those that occur where that would be too many. */
function series(occurring: readonly string[], period: Period): string[] {
  const sorted = [...new Set(occurring)].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all: string[] = [];
  for (let at = first; at <= last; at = following(at, period)) {
    all.push(at);
    if (all.length > MOST_PERIODS) return sorted;
  }
  return all;
}

function following(from: string, period: Period): string {
  const date = new Date(from);
  if (period === 'month') date.setUTCMonth(date.getUTCMonth() + 1);
  else date.setUTCDate(date.getUTCDate() + (period === 'week' ? 7 : 1));
  return date.toISOString().slice(0, -14);
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
