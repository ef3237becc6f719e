/** Pairs of traces of the same task, and on which side each stands. Pure. */
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { PairKey } from '#shared/review.ts';
import { mulberry32 } from '../analysis/statistics/random.ts';
import { shuffled } from './queue-order.ts';

export type Pair = { readonly left: string; readonly right: string };

const TASK_FIELDS = [
  'task_id',
  'taskId',
  'task',
  'example_id',
  'exampleId',
  'sample_id',
  'sampleId',
  'question_id',
  'questionId',
  'case_id',
  'instance_id',
  'instanceId',
];

/** The id of the task that a trace's metadata names; null = none. */
export function taskOf(metadata: JsonObject | null): string | null {
  if (metadata === null) return null;
  for (const within of [metadata, metadata.metadata]) {
    if (!isJsonObject(within)) continue;
    for (const field of TASK_FIELDS) {
      const value = within[field];
      if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return `${field} ${value}`;
    }
  }
  return null;
}

export function describeKey(by: PairKey): string {
  return by === 'task' ? 'a task id in their metadata' : by === 'input' ? 'the same first input' : 'the same workflow';
}

/**
 * Within each group each trace is compared with the next in a seeded order: with n traces n - 1 pairs, enough to rank
 * them, without the n(n-1)/2 of everyone against everyone. The side is drawn, so that a liking for one side evens out.
 */
export function pairsOf(
  traces: readonly { readonly traceId: string; readonly key: string | null }[],
  seed: number,
): Pair[] {
  const groups = new Map<string, string[]>();
  for (const { traceId, key } of traces) {
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(traceId);
    else groups.set(key, [traceId]);
  }
  const side = mulberry32(seed ^ 0x5bd1e995);
  const pairs: Pair[] = [];
  for (const group of groups.values()) {
    const order = shuffled(group, seed);
    for (let at = 0; at + 1 < order.length; at++) {
      const [one = '', other = ''] = [order[at], order[at + 1]];
      pairs.push(side() < 0.5 ? { left: one, right: other } : { left: other, right: one });
    }
  }
  return shuffled(pairs, seed);
}
