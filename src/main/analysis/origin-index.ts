/** Every content of a trace with the spans that read or wrote it, in order of time: what questions about origins start from. */
import type { Voice } from '#shared/answers.ts';
import { at } from './at.ts';
import type { Contacts } from './graph-arcs.ts';
import type { Scene } from './graph-stays.ts';
import type { Moments, Side } from './trace-moments.ts';
import { findMoments } from './trace-moments.ts';
import type { TraceTexts } from './trace-texts.ts';

/** One content in one side of one span. */
export type OriginEvent = {
  readonly span: number;
  readonly side: Side;
  readonly item: number;
  readonly key: number;
  readonly moment: number;
};

export type OriginIndex = {
  readonly scene: Scene;
  readonly contacts: Contacts;
  readonly moments: Moments;
  /** By content key: where it stands, in order of time; of inputs of model calls, the first of each actor only. */
  readonly events: ReadonlyMap<number, readonly OriginEvent[]>;
  /** In how many sides of spans each content stands in all. */
  readonly counts: ReadonlyMap<number, number>;
  /** Keys in order of their first event. */
  readonly keys: readonly number[];
};

const MOST_EVENTS = 400;

export function indexOrigins(scene: Scene, contacts: Contacts, texts: TraceTexts): OriginIndex {
  const { spans } = scene;
  const moments = findMoments(scene);
  const sides: { span: number; side: Side; moment: number }[] = [];
  for (let span = 0; span < spans.length; span++) {
    const { input, output, error } = texts.of(span);
    if (input.length > 0) sides.push({ span, side: 'input', moment: moments.of(span, 'input') });
    if (output.length > 0) sides.push({ span, side: 'output', moment: moments.of(span, 'output') });
    if (error !== null) sides.push({ span, side: 'error', moment: moments.of(span, 'error') });
  }
  sides.sort((a, b) => a.moment - b.moment);
  const events = new Map<number, OriginEvent[]>();
  const counts = new Map<number, number>();
  const given = new Set<string>();
  for (const { span, side, moment } of sides) {
    const keys = keysOf(texts, span, side);
    const isHistory = side === 'input' && at(spans, span).kind === 'generation';
    const actor = isHistory ? moments.actor(span) : '';
    keys.forEach((key, item) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (isHistory) {
        const mark = `${key} ${actor}`;
        if (given.has(mark)) return;
        given.add(mark);
      }
      const list = events.get(key);
      if (!list) events.set(key, [{ span, side, item, key, moment }]);
      else if (list.length < MOST_EVENTS) list.push({ span, side, item, key, moment });
    });
  }
  return { scene, contacts, moments, events, counts, keys: [...events.keys()] };
}

export function keysOf(texts: TraceTexts, span: number, side: Side): readonly number[] {
  const { input, output, error } = texts.of(span);
  return side === 'input' ? input : side === 'output' ? output : error === null ? [] : [error];
}

const ROLE_VOICES: ReadonlyMap<string, Voice> = new Map([
  ['user', 'user'],
  ['human', 'user'],
  ['system', 'instructions'],
  ['developer', 'instructions'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['assistant', 'agent'],
  ['model', 'agent'],
  ['ai', 'agent'],
]);

export function roleVoice(role: string | null, otherwise: () => Voice): Voice {
  return ROLE_VOICES.get(role ?? '') ?? otherwise();
}
