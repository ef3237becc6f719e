/**
 * Where a text came from: its first appearance in the trace, and how it travelled from there to the place asked about.
 * Texts are compared by their words (word-stream.ts). The way back is told from what the trace records: a model call has
 * said what its input holds; a message of a tool is the tool's output; what was handed on is the last thing said before.
 * Each step is strictly earlier than the next, whatever ran beside it. Repeats in later inputs are counted, not told.
 */
import type { Origin, OriginStep } from '#shared/answers.ts';
import { ORIGIN_TEXT } from '#shared/answers.ts';
import { at, i32 } from './at.ts';
import { extractFacts } from './facts.ts';
import type { Scene } from './graph-stays.ts';
import { longestPart } from './longest-part.ts';
import type { OriginEvent, OriginIndex } from './origin-index.ts';
import { keysOf } from './origin-index.ts';
import { pieceWith, stepOf, voiceOf } from './origin-steps.ts';
import { placeIn } from './text-place.ts';
import type { ReadContent, TraceTexts } from './trace-texts.ts';
import { probeFor } from './trace-texts.ts';
import { wordsOf } from './word-stream.ts';

const MOST_STEPS = 40;

const MOST_ELSEWHERE = 8;

const MOST_FACTS = 12;

export type OriginQuestion = { readonly spanId: string; readonly contentKey?: number; readonly text: string };

/** Null when the trace has no such span. */
export function findOrigin(index: OriginIndex, texts: TraceTexts, question: OriginQuestion): Origin | null {
  const span = index.scene.spans.findIndex(({ spanId }) => spanId === question.spanId);
  if (span < 0) return null;
  const asked = question.text.slice(0, ORIGIN_TEXT).trim();
  const words = wordsOf(asked);
  const nothing = { steps: [], elsewhere: [], carried: 0, partial: null, facts: [], complete: texts.complete };
  if (words === '') return { verdict: 'absent', ...nothing };
  const here = findHere(index, texts, span, question.contentKey, words);
  if (!here) return { verdict: 'absent', ...nothing };
  const { first, ...told } = tell(index, texts, here.event, here.words, asked);
  const [source] = told.steps;
  // Somebody else's words need no source; an agent's own may have been put together of such.
  const invented = source === undefined || source.voice === 'agent' || source.deed === 'asked';
  return {
    verdict: told.steps.length > 1 ? 'found' : invented ? 'none' : 'begins',
    ...told,
    partial: invented ? partOf(index, texts, first, asked) : null,
    facts: invented ? factsOf(index, texts, first, asked) : [],
    complete: texts.complete,
  };
}

/** The content of the span that holds the words. A selection may begin or end inside a word: then the whole words are meant. */
function findHere(index: OriginIndex, texts: TraceTexts, span: number, contentKey: number | undefined, words: string) {
  const all: OriginEvent[] = [];
  for (const side of ['output', 'error', 'input'] as const)
    keysOf(texts, span, side).forEach((key, item) => {
      if (contentKey === undefined || key === contentKey)
        all.push({ span, side, item, key, moment: index.moments.of(span, side) });
    });
  // An edge shows what crossed beside the span that proves it, which may not be the one that holds it.
  if (all.length === 0 && contentKey !== undefined) all.push(...(index.events.get(contentKey) ?? []).slice(0, 1));
  const bare = words.trim();
  for (const whole of [true, false]) {
    for (const event of all) {
      for (const piece of texts.read(event.key).pieces) {
        const found = piece.words.indexOf(whole ? words : bare);
        if (found < 0) continue;
        if (whole) return { event, words };
        const from = piece.words.lastIndexOf(' ', found);
        const to = piece.words.indexOf(' ', found + bare.length);
        return { event, words: piece.words.slice(Math.max(0, from), to + 1) };
      }
    }
  }
  return null;
}

function holds(content: ReadContent, words: string): boolean {
  return content.pieces.some((piece) => piece.words.includes(words));
}

/** The way of these words to an event, and where else they were before. */
function tell(index: OriginIndex, texts: TraceTexts, event: OriginEvent, words: string, asked: string) {
  const probe = probeFor(words);
  const hits = new Set<number>();
  const events: OriginEvent[] = [];
  let carried = 0;
  for (const key of index.keys) {
    const list = index.events.get(key) ?? [];
    if ((list[0]?.moment ?? Infinity) > event.moment && key !== event.key) break;
    if (!texts.mayHold(key, probe) || !holds(texts.read(key), words)) continue;
    hits.add(key);
    carried += index.counts.get(key) ?? 0;
    for (const each of list) if (each.moment < event.moment) events.push(each);
  }
  events.sort((a, b) => a.moment - b.moment || a.item - b.item);
  const way = wayTo(index, texts, event, hits, events, words);
  const steps = way.map(({ event: each, linked }, k) =>
    stepOf(index, texts, each, words, asked, linked, way[k - 1]?.event ?? null),
  );
  const onWay = new Set(way.map(({ event: each }) => markOf(index, each)));
  const elsewhere: OriginStep[] = [];
  for (const each of events) {
    if (elsewhere.length >= MOST_ELSEWHERE) break;
    const mark = markOf(index, each);
    if (onWay.has(mark)) continue;
    onWay.add(mark);
    const { kind } = at(index.scene.spans, each.span);
    if (kind !== 'agent' && kind !== 'chain' && kind !== 'custom')
      elsewhere.push(stepOf(index, texts, each, words, asked, true, null));
  }
  const first = way[0]?.event ?? event;
  return { steps, elsewhere, first, carried: Math.max(0, carried - steps.length - elsewhere.length) };
}

function markOf({ moments, scene }: OriginIndex, { span, side }: OriginEvent): string {
  const { kind, tool } = at(scene.spans, span);
  return kind === 'generation'
    ? `${side} ${moments.actor(span)}`
    : `${side} ${kind} ${tool ?? ''} ${moments.actor(span)}`;
}

type Way = { readonly event: OriginEvent; readonly linked: boolean }[];

/** Backwards from an event, then turned round. `events` hold the words, all before it, in order of time. */
function wayTo(
  index: OriginIndex,
  texts: TraceTexts,
  to: OriginEvent,
  hits: ReadonlySet<number>,
  events: readonly OriginEvent[],
  words: string,
): Way {
  const way: { event: OriginEvent; linked: boolean }[] = [{ event: to, linked: true }];
  let current = to;
  for (let k = 0; k < MOST_STEPS; k++) {
    const before = stepBefore(index, texts, current, hits, events, words);
    if (!before || before.event.moment >= current.moment) break;
    way.push(before);
    current = before.event;
  }
  way.reverse();
  return way.filter(({ event }, k) => {
    const { kind } = at(index.scene.spans, event.span);
    if (kind !== 'agent' && kind !== 'chain' && kind !== 'custom') return true;
    if (k === way.length - 1) return true;
    // What an agent began with is what its first call was given; what it ended with is what its last call said.
    const beside = way[event.side === 'input' ? k + 1 : k - 1]?.event ?? way[k + 1]?.event;
    return beside === undefined || index.moments.actor(beside.span) !== index.moments.actor(event.span);
  });
}

function stepBefore(
  index: OriginIndex,
  texts: TraceTexts,
  event: OriginEvent,
  hits: ReadonlySet<number>,
  events: readonly OriginEvent[],
  words: string,
): { event: OriginEvent; linked: boolean } | null {
  const { scene, moments } = index;
  const span = at(scene.spans, event.span);
  const before = (match: (each: OriginEvent) => boolean): OriginEvent | null => last(events, event.moment, match);
  const linked = (found: OriginEvent | null | undefined) => (found ? { event: found, linked: true } : null);
  const said = (each: OriginEvent): boolean => each.side !== 'input';
  const kindOf = (each: OriginEvent) => at(scene.spans, each.span).kind;
  const mine = (each: OriginEvent): boolean => moments.actor(each.span) === moments.actor(event.span);

  if (event.side !== 'input') {
    const own = ownInput(index, texts, event, hits);
    if (span.kind === 'generation') {
      if (own) return linked(own);
      const heard = first(
        events,
        event.moment,
        (each) => mine(each) && (kindOf(each) === 'generation' || kindOf(each) === 'tool'),
      );
      if (heard) return linked(heard);
      // It stands earlier, and nothing tells how it came here.
      const [earliest] = events;
      return earliest && earliest.moment < event.moment ? { event: earliest, linked: false } : null;
    }
    const isLeaf = span.kind === 'tool' || span.kind === 'retrieval';
    const inner = before((each) => said(each) && isInside(scene, each.span, event.span));
    if (span.kind === 'handoff') {
      if (own) return linked(own);
      const sender = before((each) => mine(each) && kindOf(each) !== 'handoff');
      const [earliest] = events;
      return sender
        ? linked(sender)
        : earliest && earliest.moment < event.moment
          ? { event: earliest, linked: false }
          : null;
    }
    if (isLeaf) return linked(own ?? inner);
    return linked(inner ?? own);
  }

  const voice = voiceOf(index, texts, event, pieceWith(texts, event, words)?.type ?? 'text');
  if (span.kind === 'generation') {
    if (voice === 'tool') {
      const answers = new Set(texts.read(event.key).answers);
      const called = (each: OriginEvent): boolean => answers.has(texts.of(each.span).callId ?? '\0');
      const returned = (each: OriginEvent): boolean =>
        said(each) && (kindOf(each) === 'tool' || kindOf(each) === 'retrieval');
      return linked(
        before((each) => returned(each) && called(each)) ??
          before((each) => returned(each) && mine(each)) ??
          first(events, event.moment, returned) ??
          first(events, event.moment, said),
      );
    }
    if (voice === 'agent') {
      return linked(
        first(events, event.moment, (each) => said(each) && each.key === event.key) ??
          first(events, event.moment, (each) => said(each) && mine(each)) ??
          before(said),
      );
    }
    return linked(passedOn(index, event, events));
  }
  if (span.kind === 'tool' || span.kind === 'handoff' || span.kind === 'retrieval') {
    const asker = before((each) => said(each) && kindOf(each) === 'generation' && mine(each));
    if (asker) return linked(asker);
    const heard = first(events, event.moment, mine);
    return heard ? { event: heard, linked: false } : null;
  }
  return linked(passedOn(index, event, events));
}

/** What is told to somebody: the same content with somebody before, else the last thing said before one who did not begin by himself. */
function passedOn(
  { scene, contacts, moments }: OriginIndex,
  event: OriginEvent,
  events: readonly OriginEvent[],
): OriginEvent | null {
  const actor = moments.actor(event.span);
  const same = events.find(
    ({ key, moment, span }) =>
      key === event.key &&
      moment < event.moment &&
      (moments.actor(span) !== actor || at(scene.spans, span).kind !== 'generation'),
  );
  const earliest =
    events.find(
      ({ key, moment, span }) => key === event.key && moment <= event.moment && moments.actor(span) === actor,
    ) ?? event;
  if (same && same.moment < earliest.moment) return same;
  const stay = i32(scene.agents.instance, event.span);
  if (stay < 0 || contacts.reach[stay]?.by === 'start') return null;
  return last(events, earliest.moment, ({ side, span }) => {
    const { kind } = at(scene.spans, span);
    return side !== 'input' || kind === 'tool' || kind === 'handoff';
  });
}

/** Where the words came to the one who said them: the first input that holds them, read then or in an earlier call. */
function ownInput(
  { events, moments, scene }: OriginIndex,
  texts: TraceTexts,
  { span, side }: OriginEvent,
  hits: ReadonlySet<number>,
): OriginEvent | null {
  if (side === 'input') return null;
  const { input } = texts.of(span);
  const item = input.findIndex((key) => hits.has(key));
  const key = input[item];
  if (key === undefined) return null;
  const own = { span, side: 'input', item, key, moment: moments.of(span, 'input') } as const;
  if (at(scene.spans, span).kind !== 'generation') return own;
  const actor = moments.actor(span);
  const isFirst = (each: OriginEvent): boolean =>
    each.side === 'input' && at(scene.spans, each.span).kind === 'generation' && moments.actor(each.span) === actor;
  return events.get(key)?.find(isFirst) ?? own;
}

function isInside({ tree }: Scene, inner: number, outer: number): boolean {
  const row = i32(tree.row, inner);
  return row > i32(tree.row, outer) && row < i32(tree.subtreeEnd, outer);
}

function last(
  events: readonly OriginEvent[],
  moment: number,
  match: (event: OriginEvent) => boolean,
): OriginEvent | null {
  return events.findLast((event) => event.moment < moment && match(event)) ?? null;
}

function first(
  events: readonly OriginEvent[],
  moment: number,
  match: (event: OriginEvent) => boolean,
): OriginEvent | null {
  return events.find((event) => event.moment < moment && match(event)) ?? null;
}

function partOf(index: OriginIndex, texts: TraceTexts, event: OriginEvent, asked: string): Origin['partial'] {
  const words = wordsOf(asked);
  // One word has no part.
  if (words.indexOf(' ', 1) === words.length - 1) return null;
  const part = longestPart(words, earlierPieces(index, texts, event));
  if (!part) return null;
  const { steps } = tell(index, texts, event, part.words, asked);
  if (steps.length < 2) return null;
  return { text: placeIn(asked, part.words).text, words: part.count, steps };
}

function* earlierPieces(index: OriginIndex, texts: TraceTexts, event: OriginEvent): Generator<string> {
  for (const key of index.keys) {
    if ((index.events.get(key)?.[0]?.moment ?? Infinity) >= event.moment) return;
    if (key === event.key) continue;
    for (const { words } of texts.read(key).pieces) yield words;
  }
}

function factsOf(index: OriginIndex, texts: TraceTexts, event: OriginEvent, asked: string): Origin['facts'] {
  const seen = new Set<string>();
  const facts = extractFacts(asked, 200).filter(({ kind, key }) => {
    const isNew = kind !== 'constraint' && !seen.has(`${kind} ${key}`);
    seen.add(`${kind} ${key}`);
    return isNew;
  });
  return facts.slice(0, MOST_FACTS).map(({ kind, start, end }) => {
    const text = asked.slice(start, end);
    const words = wordsOf(text);
    const probe = probeFor(words);
    const found = index.keys.find((key) => {
      const moment = index.events.get(key)?.[0]?.moment ?? Infinity;
      return moment < event.moment && key !== event.key && texts.mayHold(key, probe) && holds(texts.read(key), words);
    });
    const source = found === undefined ? undefined : index.events.get(found)?.[0];
    return { kind, text, step: source ? stepOf(index, texts, source, words, text, true, null) : null };
  });
}
