/**
 * Work whose result nobody used later. Told from what the trace records, and only where it can be told: a result counts as
 * read when a later input of anyone holds it (by content, by the id of its call, by text, or inside a longer text), or when
 * a span around it gives it back. What failed, what was repeated and what nobody read are each a `WasteReason`, defined there.
 * Work inside a wasted span belongs to it, so that no token and no moment counts twice.
 */
import type { TraceWaste, WasteItem, WasteReason } from '#shared/lanes.ts';
import type { Words } from './content-words.ts';
import type { CostEstimator } from './costs.ts';
import type { LaneFacts } from './lane-views.ts';
import { at, compareText, f64, i32 } from './at.ts';
import { unionLength } from './intervals.ts';
import { attributeUsage } from './usage.ts';

/** Content keys of each span, by span index; null = none. */
export type SpanContents = readonly ({
  readonly input: readonly number[];
  readonly output: readonly number[];
} | null)[];

const MOST_ITEMS = 500;
/** How many characters are searched for results inside longer texts; beyond that, a result counts as read. */
const SEARCHED = 8_000_000;
/** Shorter results may stand in any text by chance. */
const SHORTEST_INSIDE = 12;

export function findWaste(
  facts: LaneFacts,
  contents: SpanContents,
  words: Words,
  estimate?: CostEstimator,
): TraceWaste {
  const { scene, intervals } = facts;
  const { spans, tree, agents } = scene;
  const usage = attributeUsage(spans, tree, agents, estimate);
  const reasons = findReasons(facts, contents, words);
  const items: WasteItem[] = [];
  const covered: [number, number][] = [];
  let all = { input: 0, output: 0, cost: NaN };

  for (let row = 0; row < spans.length;) {
    const i = i32(tree.order, row);
    const found = reasons.of.get(i);
    if (!found) {
      row++;
      continue;
    }
    const span = at(spans, i);
    const end = i32(tree.subtreeEnd, i);
    const mine = { input: 0, output: 0, cost: NaN };
    for (; row < end; row++) {
      const inner = i32(tree.order, row);
      const tokens = usage.ofSpan(inner);
      mine.input += tokens?.input ?? 0;
      mine.output += tokens?.output ?? 0;
      mine.cost = plus(mine.cost, usage.costOfSpan(inner) ?? NaN);
      if (intervals.timed && !Number.isNaN(f64(intervals.start, inner)))
        covered.push([f64(intervals.start, inner), f64(intervals.end, inner)]);
    }
    all = { input: all.input + mine.input, output: all.output + mine.output, cost: plus(all.cost, mine.cost) };
    const ns = intervals.timed ? f64(intervals.end, i) - f64(intervals.start, i) : NaN;
    items.push({
      spanId: span.spanId,
      reason: found.reason,
      agent: at(agents.names, i) ?? '',
      kind: span.kind === 'generation' ? 'generation' : 'tool',
      name: span.kind === 'generation' ? (span.model ?? span.name) : span.tool || span.name,
      tokens: { input: mine.input, output: mine.output },
      cost: Number.isNaN(mine.cost) ? null : mine.cost,
      ns: Number.isNaN(ns) ? null : ns,
      repeats: found.repeats < 0 ? null : at(spans, found.repeats).spanId,
    });
  }
  items.sort(
    (a, b) =>
      (b.cost ?? 0) - (a.cost ?? 0) ||
      b.tokens.input + b.tokens.output - a.tokens.input - a.tokens.output ||
      (b.ns ?? 0) - (a.ns ?? 0) ||
      compareText(a.spanId, b.spanId),
  );
  return {
    items: items.slice(0, MOST_ITEMS),
    count: items.length,
    tokens: { input: all.input, output: all.output },
    cost: Number.isNaN(all.cost) ? null : all.cost,
    ns: unionLength(covered.sort((a, b) => a[0] - b[0])),
    judgedReading: reasons.judgedReading,
  };
}

type Found = { readonly reason: WasteReason; readonly repeats: number };

function findReasons(
  { scene }: LaneFacts,
  contents: SpanContents,
  words: Words,
): { readonly of: ReadonlyMap<number, Found>; readonly judgedReading: boolean } {
  const { spans, stays, agents, order, place, wrapper, echo } = scene;
  const found = new Map<number, Found>();
  const reader = createReader(scene, contents, words);
  const earlier = new Map<string, { index: number; output: string }>();
  const candidates: number[] = [];
  let read = 0;

  for (const i of order) {
    const span = at(spans, i);
    const isCall = span.kind === 'generation' && wrapper[i] !== 1;
    const isTool = span.kind === 'tool' && echo[i] !== 1;
    if (!isCall && !isTool) continue;
    if (span.status === 'running') continue;
    if (span.status === 'error') {
      found.set(i, { reason: 'failed', repeats: -1 });
      continue;
    }
    const content = contents[i];
    if (!content) continue;
    if (isTool && content.input.length > 0 && content.output.length > 0) {
      const key = JSON.stringify([at(agents.names, i), span.tool || span.name, content.input]);
      const output = content.output.join(' ');
      const before = earlier.get(key);
      earlier.set(key, { index: i, output });
      if (before?.output === output) {
        found.set(i, { reason: 'repeated', repeats: before.index });
        continue;
      }
    }
    if (content.output.length === 0) continue;
    // A stay's last model call is its answer; one that asks for a tool was used when anything of the stay came after.
    const stay = i32(agents.instance, i);
    if (isCall && (stay < 0 || at(stays, stay).lastCall === i || content.output.some((key) => words.asks(key))))
      continue;
    if (reader.isRead(i, content.output)) read += isTool ? 1 : 0;
    else candidates.push(i);
  }
  // Where not one result of a tool is found again, the source words them differently in its inputs.
  const judgedReading = read > 0 || candidates.length === 0;
  if (judgedReading) for (const i of candidates) found.set(i, { reason: 'unread', repeats: -1 });
  return { of: new Map([...found].sort(([a], [b]) => i32(place, a) - i32(place, b))), judgedReading };
}

/** Tells whether what a span gave is said again later: in any input, or in the output of a span around it. */
function createReader({ spans, tree, place }: LaneFacts['scene'], contents: SpanContents, words: Words) {
  // The last place in time order at which each word is read.
  const lastRead = new Map<number, number>();
  contents.forEach((content, i) => {
    for (const key of content?.input ?? []) {
      for (const word of words.of(key)) lastRead.set(word, Math.max(lastRead.get(word) ?? -1, i32(place, i)));
    }
  });
  // Long texts first to be gone through last: those read at the end hold most.
  const texts = [...lastRead]
    .map(([word, when]) => ({ when, text: words.text(word) ?? '' }))
    .filter(({ text }) => text.length > SHORTEST_INSIDE)
    .sort((a, b) => b.when - a.when);
  let budget = SEARCHED;

  function isInside(text: string, after: number): boolean {
    for (const later of texts) {
      if (later.when <= after) return false;
      // Looking at one costs something, too, however short it is.
      budget -= later.text.length + 100;
      if (budget < 0 || later.text.includes(text)) return true;
    }
    return false;
  }
  function givenBack(index: number, said: ReadonlySet<number>): boolean {
    let up = i32(tree.parent, index);
    for (let steps = 0; up >= 0 && steps < 64; up = i32(tree.parent, up), steps++) {
      if (spans[up]?.kind === 'generation') continue;
      for (const key of contents[up]?.output ?? []) if (words.of(key).some((word) => said.has(word))) return true;
    }
    return false;
  }
  return {
    isRead(index: number, output: readonly number[]): boolean {
      const after = i32(place, index);
      const said = new Set(output.flatMap((key) => words.of(key)));
      for (const word of said) if ((lastRead.get(word) ?? -1) > after) return true;
      if (givenBack(index, said)) return true;
      const saidTexts = [...said].map((word) => words.text(word) ?? '').filter((text) => text !== '');
      // Nothing that could be found again: a picture, a file, "ok".
      if (saidTexts.length === 0) return true;
      return saidTexts.some((text) => text.length < SHORTEST_INSIDE || isInside(text, after));
    },
  };
}

function plus(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b;
}
