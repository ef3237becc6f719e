/** From piece to piece by keys. */
import type { LaneModel } from './lane-model.ts';

/** The next piece of the same lane; -1 at its end. */
export function stepInLane({ shown, data }: LaneModel, piece: number, by: 1 | -1): number {
  const lane = shown.find(({ lane: index }) => index === data.pieces.lane[piece]);
  const next = piece + by;
  return lane && next >= lane.first && next < lane.last ? next : -1;
}

/** The piece of the lane below or above that begins last before this one, else its first. */
export function stepLane({ shown, data, from }: LaneModel, piece: number, by: 1 | -1): number {
  const index = shown.findIndex(({ lane }) => lane === data.pieces.lane[piece]);
  const lane = shown[piece < 0 || index < 0 ? 0 : index + by];
  if (!lane) return -1;
  let best = lane.first;
  for (let k = lane.first; k < lane.last && (from[k] ?? 0) <= (from[piece] ?? 0); k++) best = k;
  return best;
}
