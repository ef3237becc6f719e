/** From a text that is selected on the page to its characters in the stored content, and back. */
import type { AnnotationPlace } from '#shared/annotation.ts';
import { contentText, type ContentItem } from '#shared/message.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { engine } from '../../../data/engine.ts';
import { readSelection } from '../origin/read-selection.ts';

export type TextPlace = Extract<AnnotationPlace, { kind: 'text' }>;

/** Units of a content that are looked through. */
const MOST = 1_000_000;

/** Null where no text of a span is selected, or where it is not found in what is stored. */
export async function selectedPlace(traceId: string): Promise<TextPlace | null> {
  const selection = document.getSelection();
  const selected = readSelection(selection);
  if (!selection || !selected) return null;
  const before = textBefore(selection);
  const detail = await attempt(engine.call('span.get', { traceId, spanId: selected.spanId }));
  if (!detail.ok) return null;
  for (const { side, item, view } of itemsOf(detail.value)) {
    if (selected.contentKey !== undefined && view.key !== selected.contentKey) continue;
    const content = await contentOf(view);
    if (!content) continue;
    const text = contentText(content);
    const found = locate(text, selected.text, before);
    if (!found) continue;
    const [start, end] = found;
    return { kind: 'text', spanId: selected.spanId, side, item, start, end, quote: text.slice(start, end) };
  }
  return null;
}

/** Outputs first: where the same content is both, what was said is more likely meant than what was heard. */
export function itemsOf(detail: SpanDetail): readonly {
  readonly side: 'input' | 'output';
  readonly item: number;
  readonly view: ContentView;
}[] {
  return [
    ...detail.output.map((view, item) => ({ side: 'output', item, view }) as const),
    ...detail.input.map((view, item) => ({ side: 'input', item, view }) as const),
  ];
}

export async function contentOf(view: ContentView): Promise<ContentItem | null> {
  if (view.item) return view.item;
  const whole = await attempt(engine.call('content.get', { key: view.key }));
  return whole.ok ? whole.value : null;
}

/**
 * Start and end of a quote in a text. Where the page draws it otherwise (Markdown, folded spaces), letters and digits alone
 * are compared; signs around them belong to it where the text has the same. Of several places the one is meant before which
 * as many letters and digits stand as before the selection.
 */
export function locate(text: string, quote: string, before: string): readonly [number, number] | null {
  if (quote === '') return null;
  const { letters, at } = bare(text.slice(0, MOST));
  const wanted = bare(quote);
  const places: (readonly [number, number])[] = [];
  if (wanted.letters === '') {
    for (let found = text.indexOf(quote); found >= 0 && places.length < 1_000; found = text.indexOf(quote, found + 1))
      places.push([found, found + quote.length]);
  } else {
    const [first, last] = [wanted.at[0] ?? 0, wanted.at.at(-1) ?? 0];
    // By character, so that none of two units is cut in half.
    const [lead, trail] = [[...quote.slice(0, first)].reverse(), [...quote.slice(last + 1)]];
    for (let found = letters.indexOf(wanted.letters); found >= 0 && places.length < 1_000;) {
      const end = (at[found + wanted.letters.length - 1] ?? 0) + 1;
      places.push([withSigns(text, at[found] ?? 0, lead, -1), withSigns(text, end, trail, 1)]);
      found = letters.indexOf(wanted.letters, found + 1);
    }
  }
  if (places.length <= 1) return places[0] ?? null;
  const away = bare(before).letters.length;
  const distance = ([start]: readonly [number, number]): number => Math.abs(bareLength(at, start) - away);
  return places.reduce((best, place) => (distance(place) < distance(best) ? place : best));
}

/** The unit of the text up to which it has the same signs, going forth (1) or back (-1). */
function withSigns(text: string, from: number, signs: readonly string[], step: 1 | -1): number {
  let at = from;
  for (const sign of signs) {
    const start = step === 1 ? at : at - sign.length;
    if (!text.startsWith(sign, start) || start < 0) break;
    at = step === 1 ? at + sign.length : start;
  }
  return at;
}

/** Letters and digits in small, and where each stands. */
function bare(text: string): { readonly letters: string; readonly at: readonly number[] } {
  let letters = '';
  const at: number[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}]/gu)) {
    const small = match[0].toLowerCase();
    const kept = small.length === match[0].length ? small : match[0];
    letters += kept;
    for (let unit = 0; unit < kept.length; unit++) at.push(match.index + unit);
  }
  return { letters, at };
}

/** Letters before a unit of the text; `at` ascends. */
function bareLength(at: readonly number[], unit: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What stands on the page in the same content before the selection. */
function textBefore(selection: Selection): string {
  const range = selection.getRangeAt(0);
  const element = range.startContainer instanceof Element ? range.startContainer : range.startContainer.parentElement;
  const content = element?.closest('[data-content-key]');
  if (!content) return '';
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('button, [aria-hidden="true"], header')
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  );
  let text = '';
  for (let node = walker.nextNode(); node && text.length < MOST; node = walker.nextNode()) {
    if (node === range.startContainer) return text + (node as Text).data.slice(0, range.startOffset);
    if (range.comparePoint(node, 0) >= 0) break;
    text += (node as Text).data;
  }
  return text;
}
