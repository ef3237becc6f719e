/** What a trace was asked, and what it answered, as far as its spans tell. */
import { at, i32, u8 } from '../../analysis/at.ts';
import type { Arc } from '../../analysis/graph-arcs.ts';
import { USER } from '../../analysis/graph-arcs.ts';
import type { Scene } from '../../analysis/graph-stays.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import type { SubjectTexts } from './subject-texts.ts';

/** What a user said first to a model; else what the first span was given that was given anything. */
export function findQuestion({ spans, order, wrapper }: Scene, texts: SubjectTexts): string {
  for (const i of order) {
    const span = stored(spans, i);
    if (span.kind !== 'generation' || u8(wrapper, i) === 1) continue;
    const asked = texts.asked(span);
    if (asked !== null) return asked;
  }
  for (const i of order) {
    const text = texts.input(stored(spans, i));
    if (text !== '') return text;
  }
  return '';
}

/**
 * The last that was said to the user. Where the graph knows of no answer, the last words of an agent that nobody called,
 * then of any; then what the outermost span gave, then what any span gave last.
 */
export function findAnswer(scene: Scene, arcs: readonly Arc[], texts: SubjectTexts): string {
  const { spans, place, order, wrapper, agents, stays } = scene;
  const answers = arcs
    .filter(({ kind, to }) => kind === 'message' && to === USER)
    .sort((a, b) => i32(place, b.evidence) - i32(place, a.evidence));
  for (const { evidence } of answers) {
    const said = texts.said(stored(spans, evidence));
    if (said !== '') return said;
  }
  let anybody = '';
  for (let k = order.length - 1; k >= 0; k--) {
    const i = i32(order, k);
    const span = stored(spans, i);
    if (span.kind !== 'generation' || u8(wrapper, i) === 1) continue;
    const stay = i32(agents.instance, i);
    const isOuter = stay < 0 || at(stays, stay).caller < 0;
    if (!isOuter && anybody !== '') continue;
    const said = texts.said(span);
    if (said === '') continue;
    if (isOuter) return said;
    anybody = said;
  }
  if (anybody !== '') return anybody;
  for (const i of scene.tree.order) {
    if (i32(scene.tree.parent, i) >= 0) continue;
    const given = texts.said(stored(spans, i));
    if (given !== '') return given;
  }
  for (let k = order.length - 1; k >= 0; k--) {
    const given = texts.output(stored(spans, i32(order, k)));
    if (given !== '') return given;
  }
  return '';
}

/** The scene was set with stored spans. */
function stored(spans: Scene['spans'], i: number): StoredSpanFact {
  return at(spans, i) as StoredSpanFact;
}
