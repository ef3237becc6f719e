/** What many runs have in common. Traces are read one at a time; what a map needs of each is kept while it does not change. */
import type { BehaviourGroup, BehaviourMap, BehaviourSource, MappedTrace } from '#shared/behaviour.ts';
import type { PriceBook } from '#shared/estimate.ts';
import type { JsonObject } from '#shared/json.ts';
import { MOST_MAPPED } from '#shared/behaviour.ts';
import { AppFailure } from '#shared/result.ts';
import type { MappedRun } from '../../analysis/behaviour/fold-runs.ts';
import type { RunDigest } from '../../analysis/behaviour/run-digest.ts';
import { foldRuns } from '../../analysis/behaviour/fold-runs.ts';
import { digestRun } from '../../analysis/behaviour/run-digest.ts';
import { humanLabels } from '../../review/grader-labels.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Reader } from '../../store/database.ts';
import { humanRows } from '../../store/human-labels.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import { listTraces } from '../../store/trace-queries.ts';
import type { Prices } from '../prices.ts';
import { loadAt, locate } from './load-trace.ts';
import type { Handlers, ReadContext } from './types.ts';

/** Of the traces that were mapped last; a digest holds a few numbers for each crossing. */
const MOST_KEPT = 2 * MOST_MAPPED;
const BREATH_MS = 25;
/** Scores of these names say by themselves whether a run passed; others only together. */
const DECIDING: ReadonlySet<string> = new Set(['reward', 'score', 'success', 'passed', 'correct', 'resolved']);

type Chosen = { readonly ids: readonly string[]; readonly left: number };

export function behaviourReads(prices: Pick<Prices, 'book' | 'estimator'>): Pick<Handlers, 'behaviour.map'> {
  const kept = new Map<string, RunDigest>();
  let madeWith: PriceBook | null = null;

  /** Null when the trace does not exist, or was deleted meanwhile. */
  function digestOf(reader: Reader, traceId: string): RunDigest | null {
    try {
      const place = locate(reader, traceId);
      const key = `${place.stamp} ${place.traceKeys.join(' ')}`;
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const { spans, tree, agents } = loadAt(reader, traceId, place);
      const digest = digestRun(spans, tree, agents, prices.estimator());
      kept.set(key, digest);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
      return digest;
    } catch (cause) {
      if (cause instanceof AppFailure && cause.error.code === 'not_found') return null;
      throw cause;
    }
  }

  async function map(
    { reader, signal }: ReadContext,
    groups: readonly BehaviourGroup[],
    runId: string | undefined,
    split: boolean,
  ): Promise<BehaviourMap> {
    if (groups.length < 1 || groups.length > 2 || (split && groups.length !== 1)) throw new AppFailure(wrongGroups);
    if (prices.book() !== madeWith) {
      kept.clear();
      madeWith = prices.book();
    }
    const chosen = bounded(groups.map(({ source }) => choose(reader, source)));
    let left = chosen.reduce((sum, { left: more }) => sum + more, 0);
    const found: { trace: Omit<MappedTrace, 'group'>; group: number; digest: RunDigest }[] = [];
    const tasks = new Map<string, string>();
    let breath = performance.now();
    for (const [group, { ids }] of chosen.entries()) {
      const source = groups[group]?.source;
      const verdict = verdicts(reader, ids, source?.kind === 'run' ? source.runId : (runId ?? null));
      for (const id of ids) {
        const digest = digestOf(reader, id);
        if (digest === null) left++;
        else {
          const { name, task } = describe(reader, id);
          tasks.set(id, task);
          found.push({ trace: { id, name, passed: verdict(id) }, group, digest });
        }
        if (performance.now() - breath < BREATH_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) throw new AppFailure(cancelled);
        breath = performance.now();
      }
    }
    const labels = split ? ['Passed', 'Failed'] : groups.map(({ label }) => label);
    const runs = found.flatMap(({ trace, group, digest }): MappedRun[] => {
      if (!split) return [{ trace: { ...trace, group }, digest }];
      return trace.passed === null ? [] : [{ trace: { ...trace, group: trace.passed ? 0 : 1 }, digest }];
    });
    // In the order of the groups, so that lists of one are together.
    runs.sort((a, b) => a.trace.group - b.trace.group);
    const distinct = new Set(runs.map(({ trace }) => trace.id));
    const folded = foldRuns(labels, runs, () => {
      if (signal.aborted) throw new AppFailure(cancelled);
    });
    return {
      ...folded,
      left,
      undecided: found.length - runs.length,
      shared: runs.length - distinct.size,
      tasks: new Set([...distinct].map((id) => tasks.get(id) ?? id)).size,
    };
  }

  return {
    'behaviour.map': (context, { groups, runId, split }) => map(context, groups, runId, split === true),
  };
}

const cancelled = { code: 'cancelled', message: 'Cancelled.' } as const;
const wrongGroups = {
  code: 'bad_request',
  message: 'A behaviour map is of one group of traces, or of two.',
  hint: 'Only one group can be split into passed and failed.',
} as const;
const noRun = {
  code: 'not_found',
  message: 'This eval run does not exist, or was deleted.',
  hint: 'Choose another one.',
} as const;

function choose(reader: Reader, source: BehaviourSource): Chosen {
  switch (source.kind) {
    case 'traces': {
      const ids = [...new Set(source.traceIds)];
      return { ids: ids.slice(0, MOST_MAPPED), left: Math.max(0, ids.length - MOST_MAPPED) };
    }
    case 'query': {
      const { rows, total, nextCursor } = listTraces(reader, { query: source.query, limit: MOST_MAPPED });
      const more = total === null ? (nextCursor === null ? 0 : 1) : total - rows.length;
      return { ids: rows.map(({ id }) => id), left: Math.max(0, more) };
    }
    case 'run': {
      const run = reader.get<{ run_key: number }>('SELECT run_key FROM eval_run WHERE run_id = ?', [source.runId]);
      if (!run) throw new AppFailure(noRun);
      const ids = reader
        .rows<[string]>(
          'SELECT trace_id FROM eval_item WHERE run_key = ? AND trace_id IS NOT NULL GROUP BY trace_id ORDER BY min(position)',
          [run.run_key],
        )
        .map(([id]) => id);
      return { ids: ids.slice(0, MOST_MAPPED), left: Math.max(0, ids.length - MOST_MAPPED) };
    }
  }
}

/** Two large groups share the room evenly. */
function bounded(chosen: readonly Chosen[]): readonly Chosen[] {
  const [a, b] = chosen;
  if (!a || !b || a.ids.length + b.ids.length <= MOST_MAPPED) return chosen;
  const half = MOST_MAPPED / 2;
  return [a, b].map(({ ids, left }, group) => {
    const other = (group === 0 ? b : a).ids.length;
    const most = Math.max(half, MOST_MAPPED - other);
    return { ids: ids.slice(0, most), left: left + Math.max(0, ids.length - most) };
  });
}

/** The task of a trace that names none is the trace itself. */
function describe(reader: Reader, traceId: string): { readonly name: string; readonly task: string } {
  const row = reader.get<{ name: string; metadata: string | null }>(
    'SELECT coalesce(name, root_name, trace_id) AS name, metadata FROM trace WHERE trace_id = ?',
    [traceId],
  );
  if (!row) return { name: getTraceOrSession(reader, traceId)?.name ?? traceId, task: `trace ${traceId}` };
  const task = row.metadata === null ? null : taskOf(JSON.parse(row.metadata) as JsonObject);
  return { name: row.name, task: task === null ? `trace ${traceId}` : `task ${task}` };
}

/** Whether a trace passed: as the run's item says, else most people, else what came with the data. */
function verdicts(reader: Reader, ids: readonly string[], runId: string | null): (traceId: string) => boolean | null {
  const wanted = new Set(ids);
  const items = new Map(
    runId === null
      ? []
      : reader
          .rows<[string, string]>(
            `SELECT i.trace_id, i.status FROM eval_item i JOIN eval_run r USING (run_key)
             WHERE r.run_id = ? AND i.trace_id IS NOT NULL ORDER BY i.position`,
            [runId],
          )
          .map(([id, status]) => [id, status === 'passed' ? true : status === 'failed' ? false : null] as const),
  );
  const people = humanLabels(
    humanRows(reader, 'verdict').filter(({ traceId }) => wanted.has(traceId)),
    { kind: 'verdict' },
    [],
  );
  return (traceId) => {
    const item = items.get(traceId);
    if (item !== undefined) return item;
    const said = people.get(traceId);
    if (said !== undefined) return said === 'disputed' ? null : said === 'pass';
    return toldBy(reader, traceId);
  };
}

/** By its scores as they came: one that is named for it decides, else all must have passed. Verdicts of graders are no part of the data. */
function toldBy(reader: Reader, traceId: string): boolean | null {
  const scores = reader.rows<[string, number]>(
    `SELECT name, passed FROM score WHERE trace_key = (SELECT trace_key FROM trace WHERE trace_id = ?)
     AND span_id = '' AND passed IS NOT NULL AND source NOT LIKE 'grader:%' ORDER BY score_key`,
    [traceId],
  );
  if (scores.length === 0) return null;
  const deciding = scores.filter(([name]) => DECIDING.has(name.toLowerCase()));
  return (deciding.length > 0 ? deciding : scores).every(([, passed]) => passed === 1);
}
