/** Pieces of lanes in words. */
import { LANE_STATES } from '#shared/lanes.ts';
import { formatDuration } from '#shared/time.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';
import { waitWords } from './draw-lanes.ts';
import type { LaneModel } from './lane-model.ts';

/** What to write on a piece: its tool, model or name; empty while the trace itself is newer or older than its lanes. */
export function pieceLabels({ data }: LaneModel, columns: SpanColumns | null): (piece: number) => string {
  return (piece) => {
    const row = data.pieces.span[piece] ?? -1;
    if (!columns || columns.ids[row] !== data.ids[row]) return '';
    const own = (columns.tool[row] || columns.model[row] || columns.name[row]) ?? 0;
    return columns.strings[own] ?? '';
  };
}

/** "Planner: tool search, 1.2 s". */
export function pieceSentence(model: LaneModel, columns: SpanColumns | null, piece: number): string {
  const { pieces, lanes, timed } = model.data;
  const who = visibleString(lanes[pieces.lane[piece] ?? -1]?.agent ?? '') || 'No agent';
  const state = LANE_STATES[pieces.state[piece] ?? 0] ?? 'other';
  const label = pieceLabels(model, columns)(piece);
  const what =
    waitWords(model, piece) || (state === 'other' ? `inside ${label || 'itself'}` : `${state} ${label}`.trim());
  const long = timed ? `, ${formatDuration((pieces.to[piece] ?? 0) - (pieces.from[piece] ?? 0))}` : '';
  return `${who}: ${what}${long}${model.critical[piece] === 1 ? ', on the critical path' : ''}`;
}
