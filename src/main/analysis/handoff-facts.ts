/**
 * What a handoff, or a call of an agent as a tool, passed on: the facts in everything that the sender had read and said up
 * to it against the facts in what the receiver was given first. By rules (facts.ts), without a model: a fact is kept when
 * its value stands in what was given, in whatever spelling; rewritten when another value of its kind stands there in the
 * same words around it, or most words of a constraint; new when it stands there and nowhere earlier in the trace.
 */
import type { FactFate, FateCounts, HandoffFact, HandoffFacts, TextPlace, Voice } from '#shared/answers.ts';
import { FACT_FATES } from '#shared/answers.ts';
import { at, i32 } from './at.ts';
import type { FactSet, Holding, Stated } from './fact-sets.ts';
import { collectFacts, contextOf, factKey, sameUnit, sentencesOf, shareOf, stemsOf } from './fact-sets.ts';
import type { Arc, Place } from './graph-arcs.ts';
import type { OriginIndex } from './origin-index.ts';
import { roleVoice } from './origin-index.ts';
import { excerpt, placeIn } from './text-place.ts';
import type { ReadPiece, TraceTexts } from './trace-texts.ts';
import { probeFor } from './trace-texts.ts';
import { wordsOf } from './word-stream.ts';

const MOST_FACTS = 400;
/** Characters that are looked through for facts that stand nowhere as such: whether they stood in any text. */
const MOST_LOOKS = 300_000_000;
/** Words that must be the same around two values, and of a constraint the share of its words. */
const SAME_CONTEXT: ReadonlyMap<string, number> = new Map([
  ['number', 2],
  ['date', 2],
  ['id', 3],
  ['name', 3],
]);
const SAME_SHARE = 0.6;
const SAME_CONSTRAINT = 0.5;
const MOST_SENTENCES = 1_500;

/** Null when this span proves no handoff and no call of an agent. */
export function findHandoffFacts(
  index: OriginIndex,
  texts: TraceTexts,
  arcs: readonly Arc[],
  spanId: string,
): HandoffFacts | null {
  const { scene, moments } = index;
  const arc = arcs.find(({ kind, evidence }) => isPassing(kind) && at(scene.spans, evidence).spanId === spanId);
  if (!arc || !isPassing(arc.kind)) return null;
  const proof = at(scene.spans, arc.evidence);
  const atEnd = proof.kind === 'handoff' || arc.moment === 'end';
  const moment = moments.of(arc.evidence, atEnd ? 'output' : 'input');
  const from = arc.fromStay < 0 ? null : at(scene.stays, arc.fromStay);
  const to = arc.toStay < 0 ? null : at(scene.stays, arc.toStay);
  const known = from ? holdingsOf(index, texts, moments.actor(from.root), moment) : [];
  const { given, readBy } = givenTo(index, texts, arc);
  const unrecorded =
    known.length === 0 ? (given.length === 0 ? 'both' : 'sender') : given.length === 0 ? 'receiver' : null;
  const base = {
    spanId,
    kind: arc.kind,
    from: from?.name ?? proof.handoffFrom,
    to: to?.name ?? proof.handoffTo,
    inferred: arc.inferred,
    unrecorded,
    readBy: readBy < 0 ? null : at(scene.spans, readBy).spanId,
  } as const;
  if (unrecorded !== null) {
    const none = { kept: 0, dropped: 0, rewritten: 0, new: 0 };
    return { ...base, counts: none, others: none, summary: SAID[unrecorded], facts: [], complete: texts.complete };
  }
  const voice = (holding: Holding, type: ReadPiece['type']): Voice => voiceOf(index, texts, holding, type);
  const sent = collectFacts(known, texts, voice);
  const got = collectFacts(given, texts, voice);
  const { facts, complete } = compare(index, texts, sent, got, moment);
  const counts = countFates(facts.filter(({ matters }) => matters));
  return {
    ...base,
    counts,
    others: countFates(facts.filter(({ matters }) => !matters)),
    summary: summarise(counts),
    facts: facts.sort(compareRank).slice(0, MOST_FACTS),
    complete: texts.complete && sent.complete && got.complete && complete,
  };
}

const SAID = {
  both: 'Neither what the sender knew nor what the receiver was given is recorded.',
  sender: 'What the sender knew is not recorded.',
  receiver: 'What the receiver was given is not recorded.',
} as const;

function isPassing(kind: Arc['kind']): kind is 'handoff' | 'agent_call' {
  return kind === 'handoff' || kind === 'agent_call';
}

/** Everything that one who remembers had read or said up to a moment, the first first. */
function holdingsOf({ scene, moments }: OriginIndex, texts: TraceTexts, actor: string, until: number): Holding[] {
  const found: Holding[] = [];
  for (let span = 0; span < scene.spans.length; span++) {
    if (moments.actor(span) !== actor) continue;
    const contents = texts.of(span);
    for (const side of ['input', 'output', 'error'] as const) {
      const moment = moments.of(span, side);
      if (moment > until) continue;
      const keys = side === 'error' ? (contents.error === null ? [] : [contents.error]) : contents[side];
      keys.forEach((key, item) => found.push({ key, span, side, item, moment }));
    }
  }
  return found.sort((a, b) => a.moment - b.moment || a.item - b.item);
}

/** The input of the receiver's first model call; where none is recorded, what it began with, or what was passed. */
function givenTo({ scene, moments }: OriginIndex, texts: TraceTexts, arc: Arc): { given: Holding[]; readBy: number } {
  const stay = arc.toStay < 0 ? null : at(scene.stays, arc.toStay);
  const passed: readonly Place[] = arc.payload?.passed ?? [{ index: arc.evidence, side: 'input' }];
  const places: Place[] = [
    ...(stay ? [input(stay.firstCall), input(stay.root)] : []),
    // The arguments of a handoff are not all that its receiver reads, unlike those of a call.
    ...(arc.kind === 'agent_call' || stay === null ? passed.filter(({ index }) => index === arc.evidence) : []),
  ];
  for (const { index: span, side } of places) {
    if (span < 0) continue;
    const keys = texts.of(span)[side];
    if (keys.length === 0) continue;
    const moment = moments.of(span, side);
    const given = keys.map((key, item) => ({ key, span, side, item, moment }));
    return { given, readBy: span === stay?.firstCall ? span : -1 };
  }
  return { given: [], readBy: -1 };
}

function input(index: number): Place {
  return { index, side: 'input' };
}

function voiceOf(
  { scene, contacts }: OriginIndex,
  texts: TraceTexts,
  { key, span, side }: Holding,
  type: ReadPiece['type'],
): Voice {
  const { kind } = at(scene.spans, span);
  if (side !== 'input') return kind === 'tool' || kind === 'retrieval' ? 'tool' : 'agent';
  if (kind === 'tool' || kind === 'handoff' || kind === 'retrieval') return 'agent';
  if (type === 'tool_call_response') return 'tool';
  return roleVoice(texts.read(key).role, () => {
    const stay = i32(scene.agents.instance, span);
    return stay < 0 || contacts.reach[stay]?.by === 'start' ? 'user' : 'other';
  });
}

type Ranked = HandoffFact & { readonly rank: number };

function compare(
  index: OriginIndex,
  texts: TraceTexts,
  sent: FactSet,
  got: FactSet,
  moment: number,
): { facts: Ranked[]; complete: boolean } {
  const facts: Ranked[] = [];
  /** Receiver's statements that an older one became. */
  const used = new Set<Stated>();
  const strange = got.facts.filter((stated) => {
    const same = sent.byKey.get(factKey(stated.fact));
    return stated.voice !== 'instructions' && !same?.some(({ fact }) => sameUnit(fact, stated.fact));
  });
  const sentences = sentencesIn(got);
  const contexts = new Map<Stated, ReadonlySet<string>>();
  const contextIn = (stated: Stated): ReadonlySet<string> => {
    const known = contexts.get(stated) ?? contextOf(stated.piece.text, stated.fact);
    contexts.set(stated, known);
    return known;
  };

  for (const stated of sent.facts) {
    const matters =
      stated.voice === 'user' || stated.own || (stated.fact.kind === 'constraint' && stated.voice !== 'tool');
    const kept = keptIn(got, stated, matters);
    // What only a tool said may have changed for a hundred reasons.
    const place =
      kept || stated.fact.kind === 'constraint' || !matters ? null : rewrittenAs(stated, strange, used, contextIn);
    if (place) used.add(place);
    const clause = kept || stated.fact.kind !== 'constraint' || !matters ? null : closest(stated, sentences);
    const became = place
      ? placeOf(index, place.holding, place.piece, place.fact.start, place.fact.end)
      : clause
        ? placeOf(index, clause.holding, clause.piece, clause.start, clause.end)
        : null;
    const given = kept ? placeOf(index, kept.holding, kept.piece, kept.start, kept.end) : became;
    const fate: FactFate = kept || clause?.same === true ? 'kept' : became ? 'rewritten' : 'dropped';
    const { text } = placeOf(index, stated.holding, stated.piece, stated.fact.start, stated.fact.end);
    facts.push({
      fate,
      kind: stated.fact.kind,
      text,
      became: fate === 'rewritten' ? (became?.text ?? null) : null,
      voice: stated.voice,
      matters,
      sent: placeOf(index, stated.holding, stated.piece, stated.fact.start, stated.fact.end),
      given,
      rank: rankOf(stated),
    });
  }

  let looks = 0;
  for (const stated of strange) {
    // What a tool told the receiver itself was passed on by nobody.
    if (used.has(stated) || stated.voice === 'tool') continue;
    const { fact, piece, holding } = stated;
    const words = wordsOf(piece.text.slice(fact.start, fact.end));
    const earlier = words === '' || looks > MOST_LOOKS || stoodBefore(words);
    if (earlier) continue;
    const given = placeOf(index, holding, piece, fact.start, fact.end);
    facts.push({
      fate: 'new',
      kind: fact.kind,
      text: given.text,
      became: null,
      voice: stated.voice,
      matters: true,
      sent: null,
      given,
      rank: rankOf(stated),
    });
  }
  return { facts, complete: looks <= MOST_LOOKS };

  function stoodBefore(words: string): boolean {
    const probe = probeFor(words);
    for (const key of index.keys) {
      if ((index.events.get(key)?.[0]?.moment ?? Infinity) > moment) return false;
      if (!texts.mayHold(key, probe)) continue;
      for (const piece of texts.read(key).pieces) {
        looks += piece.words.length;
        if (piece.words.includes(words)) return true;
      }
    }
    return false;
  }
}

type Found = {
  readonly holding: Holding;
  readonly piece: ReadPiece;
  readonly start: number;
  readonly end: number;
};

/** By its value; `closely` = also inside any text, where a rule would not see it. */
function keptIn(got: FactSet, { fact, piece, holding }: Stated, closely: boolean): Found | null {
  if (got.keys.has(holding.key)) {
    const same = got.pieces.find((each) => each.holding.key === holding.key && each.piece.part === piece.part);
    if (same) return { ...same, start: fact.start, end: fact.end };
  }
  const equal = got.byKey.get(factKey(fact))?.find((each) => sameUnit(each.fact, fact));
  if (equal) return { ...equal, start: equal.fact.start, end: equal.fact.end };
  const words = closely ? wordsOf(piece.text.slice(fact.start, fact.end)) : '';
  if (words === '') return null;
  const within = got.pieces.find((each) => each.piece.words.includes(words));
  return within ? { ...within, ...excerptOf(within.piece.text, words) } : null;
}

function rewrittenAs(
  stated: Stated,
  strange: readonly Stated[],
  used: ReadonlySet<Stated>,
  contextIn: (stated: Stated) => ReadonlySet<string>,
): Stated | null {
  const least = SAME_CONTEXT.get(stated.fact.kind);
  if (least === undefined) return null;
  const around = contextIn(stated);
  let best: Stated | null = null;
  let most = 0;
  for (const other of strange) {
    if (other.fact.kind !== stated.fact.kind || used.has(other) || !sameUnit(other.fact, stated.fact)) continue;
    const { shared, share } = shareOf(around, contextIn(other));
    // A field has few words: all of them must be the same.
    const enough =
      shared >= least ? share >= SAME_SHARE : shared > 0 && shared === around.size && isField(stated, other);
    if (enough && share > most) {
      best = other;
      most = share;
    }
  }
  return best;
}

/** Both stand behind the same `field:` at the beginning of their line. */
function isField(a: Stated, b: Stated): boolean {
  const field = fieldOf(a);
  return field !== '' && field === fieldOf(b);
}

function fieldOf({ piece, fact }: Stated): string {
  const line =
    piece.text
      .slice(Math.max(0, fact.start - 80), fact.start)
      .split('\n')
      .at(-1) ?? '';
  return /^\s*([\p{L}\p{N}_ -]{2,60}):\s*\S?$/u.exec(line)?.[1]?.toLowerCase() ?? '';
}

type Sentence = Found & { readonly stems: ReadonlySet<string>; readonly words: string };

function sentencesIn(got: FactSet): Sentence[] {
  const found: Sentence[] = [];
  for (const { piece, holding, voice } of got.pieces) {
    if (voice === 'instructions') continue;
    for (const { start, end } of sentencesOf(piece.text, MOST_SENTENCES - found.length)) {
      const said = piece.text.slice(start, end);
      found.push({ holding, piece, start, end, stems: stemsOf(said), words: wordsOf(said) });
    }
    if (found.length >= MOST_SENTENCES) break;
  }
  return found;
}

/** The sentence that says most of a constraint; `same` when it says all but a few small words of it. */
function closest({ fact, piece }: Stated, sentences: readonly Sentence[]): (Sentence & { same: boolean }) | null {
  const said = piece.text.slice(fact.start, fact.end);
  const stems = stemsOf(said);
  let best: Sentence | null = null;
  let most = { shared: 0, share: 0 };
  for (const sentence of sentences) {
    const found = shareOf(stems, sentence.stems);
    if (found.shared >= 3 && found.share > most.share) {
      best = sentence;
      most = found;
    }
  }
  if (!best || most.share < SAME_CONSTRAINT) return null;
  const { words } = best;
  const numbers = wordsOf(said).match(/(?<= )\p{N}+(?= )/gu) ?? [];
  return { ...best, same: most.share >= 0.9 && numbers.every((number) => words.includes(` ${number} `)) };
}

function excerptOf(text: string, words: string): { start: number; end: number } {
  const { start, end } = placeIn(text, words);
  return { start, end };
}

function placeOf({ scene }: OriginIndex, holding: Holding, piece: ReadPiece, start: number, end: number): TextPlace {
  return {
    spanId: at(scene.spans, holding.span).spanId,
    agent: at(scene.agents.names, holding.span),
    side: holding.side,
    item: holding.item,
    contentKey: holding.key,
    part: piece.part,
    ...excerpt(piece.text, start, end),
  };
}

/** What the user asked for first, then what the agents said, then what tools gave, then instructions; constraints before the rest. */
function rankOf({ fact, voice, own }: Stated): number {
  const who = voice === 'user' ? 0 : own || voice === 'agent' || voice === 'other' ? 1 : voice === 'tool' ? 2 : 3;
  return who * 2 + (fact.kind === 'constraint' ? 0 : 1);
}

function compareRank(a: Ranked, b: Ranked): number {
  return (
    Number(b.matters) - Number(a.matters) || FACT_FATES.indexOf(a.fate) - FACT_FATES.indexOf(b.fate) || a.rank - b.rank
  );
}

function countFates(facts: readonly HandoffFact[]): FateCounts {
  const counts = { kept: 0, dropped: 0, rewritten: 0, new: 0 };
  for (const { fate } of facts) counts[fate]++;
  return counts;
}

function summarise({ kept, dropped, rewritten, new: added }: FateCounts): string {
  const total = kept + dropped + rewritten;
  const parts = [
    total === 0 ? 'No facts were known' : `${kept} of ${total} ${total === 1 ? 'fact' : 'facts'} kept`,
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ...(rewritten > 0 ? [`${rewritten} rewritten`] : []),
    ...(added > 0 ? [`${added} new`] : []),
  ];
  return parts.join(', ');
}
