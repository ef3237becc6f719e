/** What is odd about the spans of a trace, and how each picture of it says what it made of that. */
import { SPAN_STATUSES } from '#shared/record.ts';
import { SPAN_FLAGS, type SpanColumns } from '#shared/trace.ts';
import { formatCount } from '../../../widgets/format.ts';

/** How many spans each is true of. */
export type Oddities = {
  /** No span has a start. */
  readonly untimed: boolean;
  /** Without a start, among others that have one. */
  readonly startless: number;
  /** Begin before the span around them, or end before they begin. */
  readonly skewed: number;
  readonly missingParents: number;
  readonly cyclicParents: number;
  readonly running: number;
  /** Stand at the top and name no parent. */
  readonly roots: number;
};

export type Picture = 'tree' | 'graph' | 'sequence' | 'lanes' | 'flame' | 'conversation' | 'log';

const RUNNING = SPAN_STATUSES.indexOf('running');
const counted = new WeakMap<SpanColumns, Oddities>();

/** Counted once for each answer of the engine. */
export function odditiesOf(columns: SpanColumns): Oddities {
  const known = counted.get(columns) ?? count(columns);
  counted.set(columns, known);
  return known;
}

function count(columns: SpanColumns): Oddities {
  const { count: rows, parent, start, end, status, flags, subtype, strings } = columns;
  const found = { startless: 0, skewed: 0, missingParents: 0, cyclicParents: 0, running: 0, roots: 0 };
  for (let row = 0; row < rows; row++) {
    const up = parent[row] ?? -1;
    const begins = start[row] ?? NaN;
    const flag = flags[row] ?? 0;
    if (!Number.isFinite(begins)) found.startless++;
    if (begins < (up < 0 ? NaN : (start[up] ?? NaN)) || (end[row] ?? NaN) < begins) found.skewed++;
    if ((flag & SPAN_FLAGS.missingParent) !== 0) found.missingParents++;
    else if ((flag & SPAN_FLAGS.cyclicParent) !== 0) found.cyclicParents++;
    // The traces of a session that is read as one stand side by side.
    else if (up < 0 && strings[subtype[row] ?? 0] !== 'trace') found.roots++;
    if (status[row] === RUNNING) found.running++;
  }
  const untimed = rows > 0 && found.startless === rows;
  return { ...found, untimed, startless: untimed ? 0 : found.startless };
}

type Say = (spans: string, isOne: boolean) => string;
type Told = { readonly [P in Picture]?: Say };

/** Where a picture is missing, it says so itself or is not touched by it. */
const TOLD: Readonly<Record<Exclude<keyof Oddities, 'untimed'>, Told>> = {
  startless: {
    tree: (spans, isOne) =>
      `${spans} without a start ${isOne ? 'stands' : 'stand'} last below ${isOne ? 'its' : 'their'} parent.`,
    graph: (spans, isOne) => `${spans} without a start ${isOne ? 'counts' : 'count'}, but after all others.`,
    conversation: (spans) => `${spans} without a start: where known, in the order of the tree.`,
  },
  skewed: {
    tree: (spans, isOne) =>
      `The clock of ${spans} disagrees with the rest: drawn where ${isOne ? 'its' : 'their'} own says.`,
    graph: (spans) => `The clock of ${spans} disagrees with the rest: what followed whom may be wrong there.`,
    flame: (spans) => `The clock of ${spans} disagrees with the rest.`,
    conversation: (spans) => `The clock of ${spans} disagrees with the rest: the order may be wrong there.`,
  },
  missingParents: {
    tree: (spans, isOne) =>
      `The parent of ${spans} was not received: ${isOne ? 'it stands' : 'they stand'} at the top.`,
    graph: (spans) => `The parent of ${spans} was not received: who called the agents there is not known.`,
    lanes: (spans) => `The parent of ${spans} was not received: who waited for them is not known.`,
    flame: (spans, isOne) =>
      `The parent of ${spans} was not received: ${isOne ? 'it stands' : 'they stand'} at the top.`,
    conversation: (spans) => `The parent of ${spans} was not received: nested no deeper than is known.`,
  },
  cyclicParents: {
    tree: (spans, isOne) =>
      `${spans} ${isOne ? 'is its' : 'are their'} own ancestor: the circle is cut, and ${isOne ? 'it stands' : 'they stand'} at the top.`,
    graph: (spans, isOne) => `${spans} ${isOne ? 'is its' : 'are their'} own ancestor: the circle is cut.`,
    lanes: (spans, isOne) => `${spans} ${isOne ? 'is its' : 'are their'} own ancestor: the circle is cut.`,
    flame: (spans, isOne) => `${spans} ${isOne ? 'is its' : 'are their'} own ancestor: the circle is cut.`,
    conversation: (spans, isOne) => `${spans} ${isOne ? 'is its' : 'are their'} own ancestor: the circle is cut.`,
  },
  running: {
    tree: (spans) => `${spans} still running: open at the end.`,
    graph: (spans) => `${spans} still running: more may follow.`,
    lanes: (spans) => `${spans} still running: drawn up to the last time that is known.`,
    flame: (spans) => `${spans} still running: drawn up to the last time that is known.`,
    conversation: (spans) => `${spans} still running: more may follow.`,
    log: (spans) => `${spans} still running: no end is listed.`,
  },
  roots: {
    tree: (spans) => `${spans} stand at the top: the trace has several roots.`,
    graph: (spans) => `The trace has several roots (${spans}): each agent that nobody called was started by itself.`,
    sequence: (spans) => `The trace has several roots (${spans}).`,
    lanes: (spans) => `The trace has several roots (${spans}).`,
    flame: (spans) => `The trace has several roots (${spans}), side by side.`,
    conversation: (spans) => `The trace has several roots (${spans}), one after the other.`,
  },
};

const UNTIMED: Told = {
  tree: () => 'No span has a time: rows stand in the order of recording.',
  graph: () => 'No span has a time: what followed whom is told by the order of recording.',
  sequence: () => 'No span has a time: messages stand in the order of recording.',
  conversation: () => 'No span has a time: entries stand in the order of recording.',
};

/** True when nothing is odd but that the trace goes on. */
export function isOnlyRunning({ running, roots, ...others }: Oddities): boolean {
  return running > 0 && roots <= 1 && Object.values(others).every((value) => value === 0 || value === false);
}

/** A plain sentence each; none for a trace with nothing odd. */
export function odditySentences(oddities: Oddities, picture: Picture): string[] {
  const sentences = oddities.untimed ? [UNTIMED[picture]?.('', false) ?? ''] : [];
  for (const key of ['roots', 'startless', 'skewed', 'missingParents', 'cyclicParents', 'running'] as const) {
    const spans = oddities[key];
    // The messages of a log without parents are all roots: that says nothing.
    if (spans === 0 || (key === 'roots' && (spans === 1 || oddities.untimed))) continue;
    const isOne = spans === 1;
    sentences.push(TOLD[key][picture]?.(`${formatCount(spans)} ${isOne ? 'span' : 'spans'}`, isOne) ?? '');
  }
  return sentences.filter((sentence) => sentence !== '');
}
