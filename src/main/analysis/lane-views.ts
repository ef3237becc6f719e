/** Lanes, waits, critical path and the table of agents of one trace, as they leave the engine. */
import type { AgentRow, AgentTable, LanePieces, TraceLanes } from '#shared/lanes.ts';
import type { Usage } from '#shared/record.ts';
import type { CostEstimator } from './costs.ts';
import type { Segment } from './critical-path.ts';
import type { Scene } from './graph-stays.ts';
import type { Intervals } from './intervals.ts';
import type { Lanes, Piece } from './lanes.ts';
import type { SpanTree } from './tree.ts';
import type { EffectiveAgents } from './agents.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';
import { criticalPath } from './critical-path.ts';
import { findHandoffs } from './graph-handoffs.ts';
import { setScene } from './graph-stays.ts';
import { spanIntervals } from './intervals.ts';
import { findLanes } from './lanes.ts';
import { summarise } from './totals.ts';
import { findWaits } from './waiting.ts';

/** What all of these answers rest on; the engine keeps it for the open trace. */
export type LaneFacts = {
  readonly scene: Scene;
  readonly intervals: Intervals;
  readonly lanes: Lanes;
  readonly path: readonly Segment[];
};

export function laneFacts(spans: readonly SpanFact[], tree: SpanTree, agents: EffectiveAgents): LaneFacts {
  const scene = setScene(spans, tree, agents);
  const intervals = spanIntervals(spans, tree);
  const lanes = findLanes(scene, intervals, findHandoffs(scene));
  return { scene, intervals, lanes, path: criticalPath(tree, intervals) };
}

/** More than a screen can show ten times over; a message of this size crosses a port in a few milliseconds. */
const MOST_PIECES = 400_000;

export function toTraceLanes({ scene, intervals, lanes, path }: LaneFacts): TraceLanes {
  const { spans, tree } = scene;
  const kept = keepLongest(lanes.pieces, MOST_PIECES);
  return {
    timed: intervals.timed,
    from: intervals.from,
    to: intervals.to,
    running: intervals.running,
    untimed: intervals.untimed,
    skewed: intervals.skewed,
    omitted: lanes.pieces.length - kept.length,
    lanes: lanes.names.map((agent, lane) => ({
      agent,
      rows: at(lanes.rows, lane),
      stays: at(lanes.stays, lane) || 0,
      times: lanes.times?.[lane] ?? null,
    })),
    pieces: toPieces(kept, tree),
    critical: intervals.timed
      ? {
          count: path.length,
          from: Float64Array.from(path, ({ from }) => from),
          to: Float64Array.from(path, ({ to }) => to),
          span: Int32Array.from(path, ({ span }) => (span < 0 ? -1 : i32(tree.row, span))),
        }
      : null,
    waits: findWaits(spans, lanes),
    ids: Array.from(tree.order, (i) => at(spans, i).spanId),
  };
}

function toPieces(pieces: readonly Piece[], tree: SpanTree): LanePieces {
  return {
    count: pieces.length,
    lane: Uint32Array.from(pieces, ({ lane }) => lane),
    row: Uint16Array.from(pieces, ({ row }) => row),
    state: Uint8Array.from(pieces, ({ state }) => state),
    from: Float64Array.from(pieces, ({ from }) => from),
    to: Float64Array.from(pieces, ({ to }) => to),
    span: Uint32Array.from(pieces, ({ span }) => i32(tree.row, span)),
    peer: Int32Array.from(pieces, ({ peer }) => peer),
  };
}

function keepLongest(pieces: readonly Piece[], most: number): readonly Piece[] {
  if (pieces.length <= most) return pieces;
  const lengths = Float64Array.from(pieces, ({ from, to }) => to - from).sort();
  const least = lengths[lengths.length - most] ?? 0;
  let room = most;
  return pieces.filter(({ from, to }) => to - from >= least && room-- > 0);
}

/** One row per agent and one for what belongs to none: together they are what the trace consumed and how long it took. */
export function toAgentTable({ scene, intervals, lanes, path }: LaneFacts, estimate?: CostEstimator): AgentTable {
  const { spans, tree } = scene;
  const summary = summarise(spans, estimate);
  const first = lanes.names.map((): string | null => null);
  for (const i of tree.order) first[i32(lanes.laneOf, i)] ??= at(spans, i).spanId;
  const critical = lanes.names.map(() => 0);
  let unowned = 0;
  for (const { span, from, to } of path) {
    if (span < 0) unowned += to - from;
    else critical[i32(lanes.laneOf, span)] = at(critical, i32(lanes.laneOf, span)) + to - from;
  }
  const named = new Map(summary.byAgent.map((totals) => [totals.name, totals]));
  const rows = lanes.names.flatMap((agent, lane): AgentRow[] => {
    const totals = named.get(agent);
    if (agent === '' || !totals) return [];
    const { spans: count, generations, toolCalls, errors, tokens, cost, costBasis } = totals;
    return [
      {
        agent,
        stays: at(lanes.stays, lane),
        spans: count,
        generations,
        toolCalls,
        errors,
        tokens,
        cost,
        costBasis,
        ...timesOf(lanes, lane),
        critical: intervals.timed ? at(critical, lane) : null,
        spanId: first[lane] ?? null,
      },
    ];
  });
  const rest = restRow(summary, rows);
  const nobody = lanes.names.indexOf('');
  const unownedPath = unowned + (critical[nobody] ?? 0);
  if (rest || nobody >= 0 || unownedPath > 0) {
    rows.push({
      ...(rest ?? NOTHING),
      ...(nobody >= 0
        ? timesOf(lanes, nobody)
        : { busy: intervals.timed ? 0 : null, waiting: intervals.timed ? 0 : null }),
      critical: intervals.timed ? unownedPath : null,
      spanId: first[nobody] ?? null,
    });
  }
  const { tokens, cost, costBasis } = summary;
  return { rows, duration: intervals.timed ? intervals.to - intervals.from : null, tokens, cost, costBasis };
}

function timesOf({ times }: Lanes, lane: number): Pick<AgentRow, 'busy' | 'waiting'> {
  const mine = times?.[lane];
  if (!mine) return { busy: null, waiting: null };
  return { busy: mine.generation + mine.tool + mine.handoff + mine.other, waiting: mine.waiting };
}

type Counts = Omit<AgentRow, 'busy' | 'waiting' | 'critical' | 'spanId'>;

const NO_TOKENS: Usage = { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null };
const NOTHING: Counts = {
  agent: '',
  stays: 0,
  spans: 0,
  generations: 0,
  toolCalls: 0,
  errors: 0,
  tokens: NO_TOKENS,
  cost: null,
  costBasis: null,
};

/**
 * What the trace has and no agent: also the difference where a source reports a total that its own parts do not add up to
 * (then it may be negative). Null when there is none.
 */
function restRow(summary: ReturnType<typeof summarise>, rows: readonly AgentRow[]): Counts | null {
  const left = (total: number, of: (row: AgentRow) => number): number =>
    rows.reduce((rest, row) => rest - of(row), total);
  const tokens = {
    input: leftTokens(summary, rows, 'input'),
    output: leftTokens(summary, rows, 'output'),
    cacheRead: leftTokens(summary, rows, 'cacheRead'),
    cacheWrite: leftTokens(summary, rows, 'cacheWrite'),
    reasoning: leftTokens(summary, rows, 'reasoning'),
  };
  const usd = summary.cost === null ? null : left(summary.cost, ({ cost }) => cost ?? 0);
  // Sums of fractions differ in the last digits.
  const cost = usd === null || Math.abs(usd) < 1e-9 ? null : usd;
  const rest: Counts = {
    agent: '',
    stays: 0,
    spans: left(summary.spans, (row) => row.spans),
    generations: left(summary.generations, (row) => row.generations),
    toolCalls: left(summary.toolCalls, (row) => row.toolCalls),
    errors: left(summary.errors, (row) => row.errors),
    tokens,
    cost,
    costBasis: cost === null ? null : summary.costBasis,
  };
  const something = rest.spans > 0 || cost !== null || Object.values(tokens).some((count) => count !== null);
  return something ? rest : null;
}

function leftTokens(
  summary: ReturnType<typeof summarise>,
  rows: readonly AgentRow[],
  field: keyof Usage,
): number | null {
  const known = rows.some((row) => row.tokens[field] !== null);
  const total = summary.tokens[field];
  if (total === null && !known) return null;
  const rest = rows.reduce((left, row) => left - (row.tokens[field] ?? 0), total ?? 0);
  return rest === 0 ? null : rest;
}
