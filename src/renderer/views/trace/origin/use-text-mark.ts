/** Marks a text in the inspector and brings it into sight, as soon as its content is drawn; opens what hides it. */
import { useEffect, type RefObject } from 'react';
import { findRange } from './find-range.ts';
import { useOrigin } from './origin-state.ts';

const NAME = 'origin';
/** Frames in which the content may appear, and parts of it may open. */
const MOST_FRAMES = 240;
const MOST_OPENED = 60;
const CLOSED = 'button[aria-expanded="false"], [role="treeitem"][aria-expanded="false"] > [data-row]';
/** Buttons beside a text that is cut. */
const CUT = /^(?:show all|load|show \S+ \S+ more)\b/i;

export function useTextMark(root: RefObject<HTMLElement | null>, spanId: string | null): void {
  const mark = useOrigin((state) => state.mark);
  useEffect(() => {
    if (!mark || mark.spanId !== spanId) return;
    let frame = 0;
    let tried = 0;
    let opened = 0;
    function look(): void {
      if (!mark || tried++ > MOST_FRAMES) return;
      const content = root.current?.querySelector(
        `[data-source-span="${CSS.escape(mark.spanId)}"] [data-content-key="${mark.contentKey}"]`,
      );
      const range = content ? findRange(content, mark.text.replace(/…$/, '')) : null;
      if (range) {
        CSS.highlights.set(NAME, new Highlight(range));
        (range.startContainer.parentElement ?? content)?.scrollIntoView({ block: 'center' });
        return;
      }
      if (content && opened < MOST_OPENED) {
        const cut = [...content.querySelectorAll('button')].filter((button) => CUT.test(button.textContent));
        const closed = [...content.querySelectorAll<HTMLElement>(CLOSED), ...cut].slice(0, MOST_OPENED - opened);
        opened += closed.length;
        for (const each of closed) each.click();
        if (closed.length === 0 && tried > 30) {
          content.scrollIntoView({ block: 'nearest' });
          return;
        }
      }
      frame = requestAnimationFrame(look);
    }
    frame = requestAnimationFrame(look);
    return () => {
      cancelAnimationFrame(frame);
      CSS.highlights.delete(NAME);
    };
  }, [mark, spanId, root]);
}
