/** One place on the way of a text, told for people. */
import type { OriginDeed, OriginStep, TextPlace, Voice } from '#shared/answers.ts';
import { at, i32 } from './at.ts';
import type { OriginEvent, OriginIndex } from './origin-index.ts';
import { roleVoice } from './origin-index.ts';
import { placeIn } from './text-place.ts';
import type { Side } from './trace-moments.ts';
import type { TraceTexts } from './trace-texts.ts';
import { wordsOf } from './word-stream.ts';

export function pieceWith(texts: TraceTexts, { key }: OriginEvent, words: string) {
  return texts.read(key).pieces.find((piece) => piece.words.includes(words));
}

/** Who wrote a content, as seen by the span that has it. */
export function voiceOf({ scene, contacts }: OriginIndex, texts: TraceTexts, event: OriginEvent, type: string): Voice {
  const { kind } = at(scene.spans, event.span);
  if (event.side !== 'input') {
    if (kind === 'tool' || kind === 'retrieval') return 'tool';
    return kind === 'generation' ? 'agent' : roleVoice(texts.read(event.key).role, () => 'agent');
  }
  if (kind === 'tool' || kind === 'handoff' || kind === 'retrieval') return 'agent';
  if (type === 'tool_call_response') return 'tool';
  return roleVoice(texts.read(event.key).role, () => {
    const stay = i32(scene.agents.instance, event.span);
    return stay < 0 || contacts.reach[stay]?.by === 'start' ? 'user' : 'other';
  });
}

export function stepOf(
  index: OriginIndex,
  texts: TraceTexts,
  event: OriginEvent,
  words: string,
  asked: string,
  linked: boolean,
  from: OriginEvent | null,
): OriginStep {
  const { scene } = index;
  const span = at(scene.spans, event.span);
  const piece = pieceWith(texts, event, words);
  const place: TextPlace = {
    spanId: span.spanId,
    agent: at(scene.agents.names, event.span),
    side: event.side,
    item: event.item,
    contentKey: event.key,
    part: piece?.part ?? 0,
    ...placeIn(piece?.text ?? '', words),
  };
  return {
    deed: deedOf(span.kind, event.side),
    place,
    voice: voiceOf(index, texts, event, piece?.type ?? 'text'),
    name: span.tool || span.model || span.name,
    linked,
    via: viaOf(index, from, event),
    match: piece?.text.slice(place.start, place.end) === plainly(asked) ? 'exact' : 'alike',
  };
}

/** Without what stands around its words: a full stop, a bracket. */
function plainly(asked: string): string {
  const { start, end } = placeIn(asked, wordsOf(asked));
  return asked.slice(start, end);
}

function deedOf(kind: string, side: Side): OriginDeed {
  const isInput = side === 'input';
  switch (kind) {
    case 'generation':
      return isInput ? 'given' : 'said';
    case 'tool':
      return isInput ? 'asked' : 'returned';
    case 'retrieval':
      return isInput ? 'asked' : 'retrieved';
    case 'handoff':
      return 'passed';
    default:
      return isInput ? 'begun' : 'ended';
  }
}

/** The handoff or the call between two events of different agents. */
function viaOf({ scene, contacts }: OriginIndex, from: OriginEvent | null, to: OriginEvent): OriginStep['via'] {
  if (!from || to.side !== 'input') return null;
  const stay = i32(scene.agents.instance, to.span);
  const source = i32(scene.agents.instance, from.span);
  if (stay < 0 || source === stay) return null;
  const handoff = contacts.handoffs.find((each) => each.to === stay);
  if (handoff) return { kind: 'handoff', spanId: at(scene.spans, handoff.span).spanId, from: handoff.fromName };
  const { caller, tool, root } = at(scene.stays, stay);
  if (caller < 0 || contacts.reach[stay]?.by !== 'call') return null;
  return {
    kind: 'agent_call',
    spanId: at(scene.spans, tool >= 0 ? tool : root).spanId,
    from: at(scene.stays, caller).name,
  };
}
