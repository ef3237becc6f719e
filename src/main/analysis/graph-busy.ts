/** How long each agent of the graph was at work, as its lane says: without waiting, and nothing twice. */
import type { NodeIds } from './graph-arcs.ts';
import type { Handoff } from './graph-handoffs.ts';
import type { Scene } from './graph-stays.ts';
import { LANE_STATES } from '#shared/lanes.ts';
import { at } from './at.ts';
import { spanIntervals, unionLength } from './intervals.ts';
import { findPieces } from './lanes.ts';

const WAITING = LANE_STATES.indexOf('waiting');

/** Milliseconds by node id. An agent of whose spans none has a time is missing. */
export function findBusy(scene: Scene, handoffs: readonly Handoff[], ids: NodeIds): Map<string, number> {
  const intervals = spanIntervals(scene.spans, scene.tree);
  const busy = new Map<string, number>();
  if (!intervals.timed) return busy;
  const work = new Map<string, (readonly [number, number])[]>();
  for (const { stay, state, from, to } of findPieces(scene, intervals, handoffs, new Int32Array(scene.spans.length))) {
    if (stay < 0) continue;
    const id = ids.stay(at(scene.stays, stay));
    const list = work.get(id) ?? [];
    if (list.length === 0) work.set(id, list);
    // Known to have a time, even when all of it was waiting.
    list.push(state === WAITING ? [from, from] : [from, to]);
  }
  for (const [id, list] of work) {
    list.sort((a, b) => a[0] - b[0]);
    busy.set(id, unionLength(list) / 1e6);
  }
  return busy;
}
