/**
 * The boxes of a flame chart on a canvas. What is narrower than a pixel or two is drawn once for all that lies there, and
 * found by binary search, so that a frame costs what the screen holds and not what the trace holds.
 */
import { firstBeginningAt, firstEndingAfter } from '../../../../charts/flame/boxes.ts';
import type { TimeRange } from '../../model/span-table.ts';
import type { BoxLook } from './flame-paint.ts';
import type { FlameScene } from './scene.ts';

/** Pixels of one level. */
export const LEVEL = 20;
/** Below this a box is part of a run. */
const RUN = 1.5;
const WORDS_FROM = 30;

export type FlameColours = {
  readonly back: string;
  readonly line: string;
  readonly accent: string;
  readonly error: string;
  readonly mark: string;
  readonly text: string;
};

export type FlameFrame = {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly scrollTop: number;
  readonly range: TimeRange;
  readonly marks: readonly number[];
  readonly selected: number;
  readonly hovered: number;
  /** Place of the time cursor, where the axis is that of time. */
  readonly cursor: number | null;
  /** True time of the cursor; null = none. */
  readonly now: number | null;
  /** By owner, and summed by box like failures; null = nothing is looked for. */
  readonly matches: { readonly of: Uint8Array; readonly before: Int32Array } | null;
};

export type Paint = {
  readonly look: (row: number) => BoxLook;
  readonly label: (owner: number) => string;
};

export function drawFlame(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  frame: FlameFrame,
  colours: FlameColours,
  paint: Paint,
): void {
  const { width, height, scale, scrollTop, range } = frame;
  const { boxes } = scene;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = colours.back;
  context.fillRect(0, 0, width, height);
  const perUnit = width / (range.to - range.from);
  context.fillStyle = colours.line;
  for (const mark of frame.marks) context.fillRect(Math.round((mark - range.from) * perUnit), 0, 1, height);
  context.font = '11px Inter, system-ui, sans-serif';
  context.textBaseline = 'middle';
  const first = Math.max(0, Math.floor(scrollTop / LEVEL));
  const last = Math.min(boxes.levels - 1, Math.floor((scrollTop + height) / LEVEL));
  for (let level = first; level <= last; level++)
    drawLevel(context, scene, frame, colours, paint, level, level * LEVEL - scrollTop, perUnit);
  context.globalAlpha = 1;
  if (frame.cursor !== null) {
    const at = (frame.cursor - range.from) * perUnit;
    // What has not happened yet is veiled.
    context.globalAlpha = 0.62;
    context.fillStyle = colours.back;
    if (at < width) context.fillRect(Math.max(0, at), 0, width, height);
    context.globalAlpha = 1;
  }
  outline(context, scene, frame, frame.hovered, colours.text, 1, perUnit);
  outline(context, scene, frame, frame.selected, colours.accent, 2, perUnit);
  if (frame.cursor !== null) {
    context.fillStyle = colours.accent;
    context.fillRect(Math.round((frame.cursor - range.from) * perUnit), 0, 1, height);
  }
}

function drawLevel(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  frame: FlameFrame,
  colours: FlameColours,
  paint: Paint,
  level: number,
  y: number,
  perUnit: number,
): void {
  const { boxes } = scene;
  const { range } = frame;
  const end = boxes.levelStart[level + 1] ?? 0;
  let box = firstEndingAfter(boxes, boxes.levelStart[level] ?? 0, end, range.from);
  while (box < end) {
    const from = boxes.from[box] ?? 0;
    if (from > range.to) break;
    const left = (from - range.from) * perUnit;
    const wide = ((boxes.to[box] ?? from) - from) * perUnit;
    if (wide >= RUN) {
      drawBox(context, scene, frame, colours, paint, box, y, left, wide);
      box++;
      continue;
    }
    // All that begins in this pixel, but for a box that reaches beyond it.
    const pixel = Math.floor(left);
    let next = firstBeginningAt(boxes, box + 1, end, range.from + (pixel + 1) / perUnit);
    if (next - 1 > box && ((boxes.to[next - 1] ?? 0) - (boxes.from[next - 1] ?? 0)) * perUnit >= RUN) next--;
    drawRun(context, scene, frame, colours, paint, box, next, pixel, y);
    box = next;
  }
}

function drawRun(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  frame: FlameFrame,
  colours: FlameColours,
  paint: Paint,
  box: number,
  next: number,
  pixel: number,
  y: number,
): void {
  const owner = scene.boxes.owner[box] ?? 0;
  const look = paint.look(scene.face[owner] ?? 0);
  const { matches, now } = frame;
  const matched = matches !== null && (matches.before[next] ?? 0) > (matches.before[box] ?? 0);
  context.globalAlpha = (matches !== null && !matched) || isLater(scene, owner, frame.cursor, now) ? 0.25 : 0.9;
  context.fillStyle = matched ? colours.mark : look.edge;
  context.fillRect(pixel, y + 2, 1, LEVEL - 4);
  if ((scene.failedBefore[next] ?? 0) > (scene.failedBefore[box] ?? 0)) {
    context.fillStyle = colours.error;
    context.fillRect(pixel - 1, y, 3, 4);
    context.fillRect(pixel, y, 1, LEVEL - 1);
  }
}

function drawBox(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  frame: FlameFrame,
  colours: FlameColours,
  paint: Paint,
  box: number,
  y: number,
  wholeLeft: number,
  wholeWide: number,
): void {
  const owner = scene.boxes.owner[box] ?? 0;
  // Browsers go wrong on huge rectangles: what is off the screen is cut.
  const left = Math.max(-4, wholeLeft);
  const right = Math.min(frame.width + 4, wholeLeft + wholeWide);
  const wide = Math.max(1, right - left - (wholeWide > 4 ? 1 : 0));
  const look = paint.look(scene.face[owner] ?? 0);
  const { matches, now } = frame;
  const matched = matches?.of[owner] === 1;
  context.globalAlpha = (matches !== null && !matched) || isLater(scene, owner, frame.cursor, now) ? 0.3 : 1;
  context.fillStyle = look.fill;
  context.fillRect(left, y + 1, wide, LEVEL - 2);
  if (!look.solid) {
    context.fillStyle = look.edge;
    context.fillRect(left, y + 1, Math.min(2, wide), LEVEL - 2);
  }
  if (matched) {
    context.fillStyle = colours.mark;
    context.fillRect(left, y + LEVEL - 4, wide, 3);
  }
  const failed = (scene.failed[owner] ?? 0) > 0;
  // Of several spans in one box, the line is as long as the share that failed.
  const share = (scene.failed[owner] ?? 0) / Math.max(1, scene.counts[owner] ?? 1);
  if (failed) drawFailure(context, colours.error, left, y, wide, Math.max(3, wide * share));
  if (wide < WORDS_FROM) return;
  const seen = Math.max(0, left) + (failed ? 14 : 6);
  context.save();
  context.beginPath();
  context.rect(seen, y, Math.min(frame.width, right) - seen - 3, LEVEL);
  context.clip();
  context.fillStyle = look.text;
  context.fillText(paint.label(owner), seen, y + LEVEL / 2 + 0.5);
  context.restore();
}

/** A notch and a line under the box, so that a failure does not depend on its colour. */
function drawFailure(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  wide: number,
  line: number,
): void {
  context.fillStyle = colour;
  context.fillRect(x, y + LEVEL - 3, Math.min(wide, line), 2);
  if (wide < 10) {
    context.fillRect(x, y + 1, Math.min(wide, 3), 5);
    return;
  }
  context.beginPath();
  context.moveTo(x, y + 1);
  context.lineTo(x + 10, y + 1);
  context.lineTo(x, y + 11);
  context.fill();
}

/** In order of time the veil says it; in the folded tree each box says it of itself. */
function isLater(scene: FlameScene, owner: number, cursor: number | null, now: number | null): boolean {
  return cursor === null && now !== null && (scene.begins[owner] ?? 0) > now;
}

function outline(
  context: CanvasRenderingContext2D,
  { boxes }: FlameScene,
  { range, width, height, scrollTop }: FlameFrame,
  box: number,
  colour: string,
  line: number,
  perUnit: number,
): void {
  if (box < 0 || box >= boxes.count) return;
  let low = 0;
  let high = boxes.levels - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((boxes.levelStart[middle] ?? Infinity) <= box) low = middle;
    else high = middle - 1;
  }
  const y = low * LEVEL - scrollTop;
  if (y < -LEVEL || y > height) return;
  const from = boxes.from[box] ?? 0;
  const to = boxes.to[box] ?? 0;
  if (to < range.from || from > range.to) return;
  const left = Math.max(-4, (from - range.from) * perUnit);
  const right = Math.min(width + 4, (to - range.from) * perUnit);
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.strokeRect(left, y + 1, Math.max(2, right - left - 1), LEVEL - 2);
}
