/** The text that a person has selected inside a content of a span. Panes say whose it is by `data-source-span` and `data-content-key`. */
import { ORIGIN_TEXT } from '#shared/answers.ts';
import type { AskedText } from './origin-state.ts';

/** Null when nothing is selected, or not inside one span. */
export function readSelection(selection: Selection | null): AskedText | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const text = selection.toString().trim();
  if (text === '' || text.length > ORIGIN_TEXT) return null;
  const from = elementOf(selection.anchorNode);
  const to = elementOf(selection.focusNode);
  const source = from?.closest<HTMLElement>('[data-source-span]');
  const spanId = source?.dataset.sourceSpan;
  if (spanId === undefined || !to || source !== to.closest('[data-source-span]')) return null;
  const content = from?.closest<HTMLElement>('[data-content-key]');
  if (!content) return null;
  const key = Number(content.dataset.contentKey);
  const one = content === to.closest('[data-content-key]') && Number.isSafeInteger(key);
  const { x, y, width, height } = selection.getRangeAt(0).getBoundingClientRect();
  return { spanId, ...(one ? { contentKey: key } : {}), text, area: { x, y, width, height } };
}

function elementOf(node: Node | null): Element | null {
  return node instanceof Element ? node : (node?.parentElement ?? null);
}
