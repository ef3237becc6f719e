/** The folded sequence as rows of a picture: a life line for each agent and person; tools are named beside the caller's. Pure. */
import type { BehaviourMap, BehaviourStep } from '#shared/behaviour.ts';
import { mostShare } from './words.ts';

export type Column = {
  readonly x: number;
  /** Those who share it: one each, and in the last one all that are left. */
  readonly ids: readonly string[];
};

export type SequenceRow =
  | { readonly type: 'step'; readonly step: BehaviourStep; readonly index: number; readonly y: number }
  /** Steps of single traces that are too rare to be shown. */
  | { readonly type: 'others'; readonly count: number; readonly y: number };

export type SequenceDrawing = {
  readonly columns: readonly Column[];
  /** Whether rows say in words from whom to whom. */
  readonly words: boolean;
  readonly rows: readonly SequenceRow[];
  readonly width: number;
  readonly height: number;
  /** Steps that the slider hides. */
  readonly hidden: number;
};

export const HEAD = 40;
export const ROW = 30;
const OTHERS_ROW = 20;
/** Where the bars of the shares begin, and how long they are: before the life lines, so that they are always in sight. */
export const BARS = 40;
export const BAR_WIDTH = 84;
const LANES = 300;
/** Of many life lines some are out of sight: then each row says in words what it is, before them. */
export const WORDS = { x: 226, width: 200 };
const WORDED = 3;
/** Pixels between life lines: where they are many, less. */
const WIDE = 190;
const NARROW = 136;
/** More life lines than this are no picture: the others share the last one. */
const MOST_COLUMNS = 8;
/** Room beside the last life line, for the names of its tools. */
const ASIDE = 250;

export function drawSequence(map: BehaviourMap, least: number): SequenceDrawing {
  const shown = map.steps.map((step, index) => ({ step, index })).filter(({ step }) => mostShare(step) >= least - 1e-9);
  const ids: string[] = [];
  for (const { step } of shown) {
    const both = isAside(step) ? [step.from] : [step.from, step.to];
    for (const id of both) if (!ids.includes(id) && ids.length < 1_000) ids.push(id);
  }
  const words = ids.length > WORDED;
  const lanes = words ? LANES + WORDS.width : LANES;
  const pitch = ids.length > 4 ? NARROW : WIDE;
  const columns = Array.from({ length: Math.min(ids.length, MOST_COLUMNS) }, (_, place): Column => ({
    x: lanes + place * pitch,
    ids: place === MOST_COLUMNS - 1 ? ids.slice(place) : ids.slice(place, place + 1),
  }));
  const rows: SequenceRow[] = [];
  let y = HEAD;
  let others = 0;
  let next = 0;
  const tellOthers = (): void => {
    if (others === 0) return;
    rows.push({ type: 'others', count: others, y });
    y += OTHERS_ROW;
    others = 0;
  };
  map.steps.forEach((step, index) => {
    others += step.othersBefore;
    if (shown[next]?.index !== index) {
      others += step.groups.reduce((sum, { runs }) => sum + runs, 0);
      return;
    }
    next++;
    tellOthers();
    rows.push({ type: 'step', step, index, y });
    y += ROW;
  });
  others += map.othersAfter;
  tellOthers();
  return {
    columns,
    words,
    rows,
    width: (columns.at(-1)?.x ?? LANES) + ASIDE,
    height: y + 12,
    hidden: map.steps.length - shown.length,
  };
}

/** Drawn as a note beside the one who calls, not as an arrow to a life line. */
export function isAside({ kind }: BehaviourStep): boolean {
  return kind === 'tool_call' || kind === 'guardrail';
}

export function columnOf({ columns }: SequenceDrawing, id: string): Column {
  return columns.find(({ ids }) => ids.includes(id)) ?? columns.at(-1) ?? { x: LANES, ids: [] };
}
