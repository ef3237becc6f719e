/**
 * Underlines annotated characters wherever their content is drawn, by the CSS Custom Highlight API: what draws text need
 * not know of it. Which content it is, the span says; a quote that stands there no longer is not marked.
 */
import { useEffect, useEffectEvent, useMemo, useRef, useState, type RefObject } from 'react';
import type { AnnotationRow } from '#shared/annotation.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../../../data/engine.ts';
import { findRange } from '../origin/find-range.ts';
import { useAnnotationMarks } from './annotation-marks.ts';
import type { TextPlace } from './text-place.ts';

/** Of a trace. */
const MOST = 200;
const NAMES = { plain: 'annotated', root: 'annotated-root' } as const;

type Mark = { readonly spanId: string; readonly contentKey: number; readonly quote: string; readonly root: boolean };

export function useTextHighlights(view: RefObject<HTMLElement | null>, traceId: string): void {
  const rows = useAnnotationMarks((state) => state.rows);
  const marked = useMemo(() => rows.filter(isText).slice(0, MOST), [rows]);
  const marks = useMarks(traceId, marked);
  const drawn = useRef('');
  const draw = useEffectEvent(() => {
    const element = view.current;
    if (!element) return;
    const plain: Range[] = [];
    const root: Range[] = [];
    for (const { spanId, contentKey, quote, root: isRoot } of marks) {
      const selector = `[data-source-span="${CSS.escape(spanId)}"] [data-content-key="${contentKey}"]`;
      for (const content of element.querySelectorAll(selector)) {
        const range = findRange(content, quote);
        if (range) (isRoot ? root : plain).push(range);
      }
    }
    set(NAMES.plain, plain);
    set(NAMES.root, root);
    drawn.current = String(plain.length + root.length);
    element.dataset.annotatedTexts = drawn.current;
  });
  const any = marks.length > 0;
  useEffect(() => {
    const element = view.current;
    if (!element || !any || typeof Highlight === 'undefined') return undefined;
    let request = 0;
    function soon(): void {
      cancelAnimationFrame(request);
      request = requestAnimationFrame(() => draw());
    }
    soon();
    // Contents arrive, unfold and scroll in.
    const observer = new MutationObserver(soon);
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(request);
      for (const name of Object.values(NAMES)) CSS.highlights.delete(name);
      delete element.dataset.annotatedTexts;
    };
  }, [view, any, marks]);
}

/** The content of each marked text, once its span has said which it is. */
function useMarks(traceId: string, rows: readonly (AnnotationRow & { readonly place: TextPlace })[]): readonly Mark[] {
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  const about = rows.map(({ id, place, isRootCause }) => `${id} ${JSON.stringify(place)} ${isRootCause}`).join('\n');
  const read = useEffectEvent(async (still: () => boolean) => {
    const spans = [...new Set(rows.map(({ place }) => place.spanId))];
    const details = new Map(
      await Promise.all(
        spans.map(async (spanId) => [spanId, await attempt(engine.call('span.get', { traceId, spanId }))] as const),
      ),
    );
    if (!still()) return;
    setMarks(
      rows.flatMap(({ place, isRootCause }) => {
        const detail = details.get(place.spanId);
        const contentKey = detail?.ok ? detail.value[place.side][place.item]?.key : undefined;
        return contentKey === undefined
          ? []
          : [{ spanId: place.spanId, contentKey, quote: place.quote, root: isRootCause }];
      }),
    );
  });
  useEffect(() => {
    let here = true;
    if (about === '') setMarks([]);
    else void read(() => here);
    return () => {
      here = false;
    };
  }, [traceId, about]);
  return marks;
}

function set(name: string, ranges: readonly Range[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

function isText(row: AnnotationRow): row is AnnotationRow & { readonly place: TextPlace } {
  return row.place.kind === 'text';
}
