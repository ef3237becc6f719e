/** Runs as columns, for what compares thousands of items at once. */
import type { Direction } from '#shared/grader.ts';
import { DIRECTIONS } from '#shared/grader.ts';
import { DUE, ERRORED, GRADED, NOT_APPLICABLE, type RunScores } from '../analysis/comparison/run-scores.ts';
import type { Reader } from './database.ts';
import { frozenOf, runKeyOf } from './eval-store.ts';

type ItemRow = readonly [
  key: number,
  task: string,
  traceId: string | null,
  title: string,
  cost: number | null,
  durationMs: number | null,
];

const STATES = [GRADED, ERRORED, NOT_APPLICABLE];
/** State and verdict as one number: texts of every verdict take twice the time to read. `passed` is 2 where there is none. */
const SAID = "CASE r.status WHEN 'graded' THEN 0 WHEN 'errored' THEN 3 ELSE 6 END + coalesce(r.passed, 2)";

/** All that a run said so far; null when there is no such run. */
export function runScores(reader: Reader, runId: string): RunScores | null {
  const key = runKeyOf(reader, runId);
  const frozen = key === null ? null : frozenOf(reader, key);
  if (key === null || frozen === null) return null;
  const items = reader.rows<ItemRow>(
    'SELECT item_key, task, trace_id, title, cost, duration_ms FROM eval_item WHERE run_key = ? ORDER BY position',
    [key],
  );
  const width = frozen.criteria.length;
  const places = new Map(items.map(([itemKey], place) => [itemKey, place]));
  const states = new Uint8Array(items.length * width).fill(DUE);
  const scores = new Float64Array(items.length * width).fill(NaN);
  const passed = new Int8Array(items.length * width).fill(-1);
  for (const [itemKey, criterion, said, score] of reader.rows<readonly [number, number, number, number | null]>(
    `SELECT r.item_key, r.criterion, ${SAID}, r.score FROM eval_item i JOIN eval_result r USING (item_key)
     WHERE i.run_key = ?`,
    [key],
  )) {
    const place = places.get(itemKey);
    if (place === undefined || criterion >= width) continue;
    const at = place * width + criterion;
    const state = STATES[Math.floor(said / 3)] ?? DUE;
    states[at] = state;
    if (state !== GRADED) continue;
    scores[at] = score ?? NaN;
    passed[at] = said === 2 ? -1 : said;
  }
  return {
    criteria: frozen.criteria.map(({ name, versionHash, definition, weight }) => ({
      name,
      hash: versionHash,
      direction: directionOf(definition.direction),
      weight,
    })),
    ids: Float64Array.from(items, ([itemKey]) => itemKey),
    tasks: items.map(([, task]) => task),
    traceIds: items.map(([, , traceId]) => traceId),
    titles: items.map(([, , , title]) => title),
    cost: Float64Array.from(items, ([, , , , cost]) => cost ?? NaN),
    durationMs: Float64Array.from(items, ([, , , , , durationMs]) => durationMs ?? NaN),
    states,
    scores,
    passed,
  };
}

function directionOf(stated: unknown): Direction {
  return DIRECTIONS.find((each) => each === stated) ?? 'maximise';
}

/** Agents and tools of traces. Lists that are alike are one object. */
export function namesOfTraces(reader: Reader, traceIds: readonly string[]) {
  const agents = new Map<string, readonly string[]>();
  const tools = new Map<string, readonly string[]>();
  const known = new Map<string, readonly string[]>();
  const list = (text: string): readonly string[] => {
    let found = known.get(text);
    if (!found) known.set(text, (found = JSON.parse(text) as string[]));
    return found;
  };
  for (const [traceId, agentsText, toolsText] of reader.rows<readonly [string, string, string]>(
    'SELECT t.trace_id, t.agents, t.tools FROM json_each(?) wanted JOIN trace t ON t.trace_id = wanted.value',
    [JSON.stringify(traceIds)],
  )) {
    agents.set(traceId, list(agentsText));
    tools.set(traceId, list(toolsText));
  }
  return { agents, tools };
}
