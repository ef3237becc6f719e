/**
 * The bars of the lanes on a canvas. What is narrower than a pixel is drawn once per pixel and line, so that the work per
 * frame is bounded by the screen and one pass over the visible lanes' pieces.
 */
import { LANE_STATES, WAITS_FOR_PERSON } from '#shared/lanes.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';
import type { AgentPaint } from '../../tree/agent-paint.ts';
import type { TimeRange } from '../../model/span-table.ts';
import { isInside, type RowRange } from '../../model/subtree.ts';
import type { LaneModel, ShownLane } from './lane-model.ts';
import { indexAtY, LANE_PAD, LINE } from './lane-model.ts';

export type LaneColours = {
  readonly back: string;
  readonly line: string;
  readonly text: string;
  readonly onBar: string;
  readonly accent: string;
  readonly path: string;
  readonly gap: string;
};

export type LaneFrame = {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly scrollTop: number;
  readonly range: TimeRange;
  readonly onlyPath: boolean;
  /** Rows of the subtree that is looked at; what is outside steps back. Null = all. */
  readonly subtree: RowRange | null;
  /** Selected and hovered pieces. */
  readonly selected: readonly number[];
  readonly hovered: number;
  readonly marks: readonly number[];
  /** What to write on a bar; empty = nothing. */
  readonly label: (piece: number) => string;
};

const GENERATION = LANE_STATES.indexOf('generation');
const TOOL = LANE_STATES.indexOf('tool');
const HANDOFF = LANE_STATES.indexOf('handoff');
const WAITING = LANE_STATES.indexOf('waiting');
/** Pixels between two steps of the critical path. */
const STEP_GAP = 4;
/** Narrower bars have no room for words. */
const WORDS_FROM = 46;

export function drawLanes(
  context: CanvasRenderingContext2D,
  model: LaneModel,
  frame: LaneFrame,
  colours: LaneColours,
  paint: AgentPaint,
): void {
  const { width, height, scale, scrollTop, range } = frame;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = colours.back;
  context.fillRect(0, 0, width, height);
  const perUnit = width / (range.to - range.from);
  const x = (place: number): number => (place - range.from) * perUnit;

  context.fillStyle = colours.gap;
  for (const gap of model.axis.gaps) {
    if (gap.to > range.from && gap.from < range.to)
      context.fillRect(x(gap.from), 0, (gap.to - gap.from) * perUnit, height);
  }
  context.fillStyle = colours.line;
  for (const mark of frame.marks) context.fillRect(Math.round(x(mark)), 0, 1, height);
  context.font = '10px Inter, system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (let index = indexAtY(model.shown, scrollTop); index < model.shown.length; index++) {
    const lane = model.shown[index];
    if (!lane || lane.top > scrollTop + height) break;
    context.fillStyle = colours.line;
    context.fillRect(0, Math.round(lane.top + lane.height - scrollTop) - 1, width, 1);
    drawLane(context, model, lane, frame, colours, paint, x);
  }
  context.globalAlpha = 1;
  drawPath(context, model, frame, colours, x);
  drawMarked(context, model, frame, colours, x);
}

function drawLane(
  context: CanvasRenderingContext2D,
  model: LaneModel,
  lane: ShownLane,
  frame: LaneFrame,
  colours: LaneColours,
  paint: AgentPaint,
  x: (place: number) => number,
): void {
  const { pieces } = model.data;
  const { width, scrollTop, range } = frame;
  const { solid, soft } = paint(lane.agent);
  // The last pixel that each line has been drawn up to.
  const drawnTo = new Float64Array(lane.rows).fill(-1);
  for (let k = lane.first; k < lane.last; k++) {
    const from = model.from[k] ?? 0;
    if (from > range.to) break;
    const to = model.to[k] ?? 0;
    if (to < range.from) continue;
    const row = Math.min(lane.rows - 1, pieces.row[k] ?? 0);
    const left = Math.max(-4, x(from));
    const right = Math.min(width + 4, x(to));
    const state = pieces.state[k] ?? 0;
    if (right - left < 1) {
      const pixel = Math.floor(left);
      if (pixel <= (drawnTo[row] ?? -1)) continue;
      drawnTo[row] = pixel;
    }
    const y = lane.top + LANE_PAD + row * LINE - scrollTop;
    const wide = Math.max(state === HANDOFF ? 2 : 1, right - left);
    const steppedBack = (frame.onlyPath && model.critical[k] !== 1) || !isInside(frame.subtree, pieces.span[k] ?? -1);
    context.globalAlpha = steppedBack ? 0.14 : 1;
    if (state === WAITING) drawWaiting(context, left, y + 3, wide, LINE - 6, solid);
    else if (state === GENERATION) fill(context, solid, left, y + 1, wide, LINE - 2);
    else if (state === TOOL) {
      fill(context, soft, left, y + 2, wide, LINE - 4);
      context.fillStyle = solid;
      context.fillRect(left, y + LINE - 4, wide, 2);
      context.fillRect(left, y + 2, 1, LINE - 4);
    } else if (state === HANDOFF) fill(context, solid, left, y - 1, wide, LINE + 2);
    else fill(context, solid, left, y + LINE / 2 - 1, wide, 2);
    if (wide < WORDS_FROM || state === HANDOFF) continue;
    const words = waitWords(model, k) || frame.label(k);
    if (words === '') continue;
    const seen = Math.max(0, left);
    context.save();
    context.beginPath();
    context.rect(seen, y, Math.min(width, right) - seen - 2, LINE);
    context.clip();
    if (state === WAITING) {
      // Words on hatching need a ground.
      const room = context.measureText(words).width + 8;
      fill(context, colours.back, seen + 3, y + 2, room, LINE - 4);
    }
    context.fillStyle = state === GENERATION ? colours.onBar : colours.text;
    if (state === GENERATION || state === TOOL || state === WAITING)
      context.fillText(words, seen + 6, y + LINE / 2 + 0.5);
    context.restore();
  }
}

/** "waits for Writer"; empty for what is no waiting. */
export function waitWords({ data }: LaneModel, piece: number): string {
  if (data.pieces.state[piece] !== WAITING) return '';
  const peer = data.pieces.peer[piece] ?? -1;
  return peer === WAITS_FOR_PERSON
    ? 'waits for a person'
    : `waits for ${visibleString(data.lanes[peer]?.agent ?? '') || 'work of no agent'}`;
}

function fill(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
}

function drawWaiting(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  if (width < 5) {
    context.fillStyle = colour;
    context.fillRect(x, y + height / 2, width, 1);
    return;
  }
  context.beginPath();
  // Slanted lines at places that do not move when the bar is cut by the edge.
  for (let at = Math.ceil(x / 5) * 5; at < x + width + height; at += 5) {
    const low = Math.max(x, at - height);
    const high = Math.min(x + width, at);
    if (high > low) {
      context.moveTo(low, y + (at - low));
      context.lineTo(high, y + (at - high));
    }
  }
  context.rect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.stroke();
}

/** The critical path: a line under its bars, and steps from lane to lane where it passes on. */
function drawPath(
  context: CanvasRenderingContext2D,
  model: LaneModel,
  frame: LaneFrame,
  colours: LaneColours,
  x: (place: number) => number,
): void {
  const { pieces } = model.data;
  const { range, scrollTop, width } = frame;
  const laneOf = new Map(model.shown.map((lane) => [lane.lane, lane]));
  context.strokeStyle = colours.path;
  context.lineWidth = 2;
  context.beginPath();
  let before: { x: number; y: number } | null = null;
  let pixel = -1;
  let stepped = -Infinity;
  for (const { piece, from, to } of model.path) {
    if (from > range.to) break;
    if (to < range.from) continue;
    const lane = laneOf.get(pieces.lane[piece] ?? -1);
    if (!lane) continue;
    const left = Math.max(-4, x(from));
    const right = Math.min(width + 4, x(to));
    if (right - left < 1) {
      if (Math.floor(left) === pixel) continue;
      pixel = Math.floor(left);
    }
    const y = lane.top + LANE_PAD + Math.min(lane.rows - 1, pieces.row[piece] ?? 0) * LINE + LINE - scrollTop;
    // Where bars are thinner than steps, steps would cover everything.
    if (before && before.y !== y && left - before.x < 3 && left - stepped >= STEP_GAP) {
      stepped = left;
      context.moveTo(left, before.y);
      context.lineTo(left, y);
    }
    context.moveTo(left, y);
    context.lineTo(Math.max(left + 1, right), y);
    before = right - left >= 2 ? { x: right, y } : null;
  }
  context.stroke();
}

function drawMarked(
  context: CanvasRenderingContext2D,
  model: LaneModel,
  frame: LaneFrame,
  colours: LaneColours,
  x: (place: number) => number,
): void {
  const { pieces } = model.data;
  const laneOf = new Map(model.shown.map((lane) => [lane.lane, lane]));
  context.strokeStyle = colours.accent;
  for (const piece of [...frame.selected.slice(0, 2_000), ...(frame.hovered < 0 ? [] : [frame.hovered])]) {
    const lane = laneOf.get(pieces.lane[piece] ?? -1);
    const from = model.from[piece] ?? 0;
    const to = model.to[piece] ?? 0;
    if (!lane || to < frame.range.from || from > frame.range.to) continue;
    const left = Math.max(-4, x(from));
    const wide = Math.max(2, Math.min(frame.width + 4, x(to)) - left);
    const y = lane.top + LANE_PAD + Math.min(lane.rows - 1, pieces.row[piece] ?? 0) * LINE - frame.scrollTop;
    context.lineWidth = piece === frame.hovered ? 1 : 2;
    context.strokeRect(left - 1, y, wide + 2, LINE);
  }
}
