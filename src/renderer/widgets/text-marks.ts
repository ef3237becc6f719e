/**
 * Marks a text wherever it stands inside an element, on the page as it is drawn, by the CSS Custom Highlight API: nothing
 * that draws text has to know of it, and no element is added. Styled by `::highlight(found)` in theme/global.css.
 */
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { indexOfText } from './find-text.ts';

/** Of one element. What is marked beyond that, nobody sees at once. */
const MOST_MARKS = 2_000;
const MOST_CHARACTERS = 4_000_000;
const NAME = 'found';

type Options = {
  /** Where to look first for what is brought into sight; absent = everywhere. */
  readonly first?: string;
  /** When it changes, the first match is brought into sight. */
  readonly target: string;
};

export function useTextMarks(box: RefObject<HTMLElement | null>, text: string, { first, target }: Options): void {
  const own = useRef<readonly Range[]>([]);
  const reached = useRef('');
  const mark = useEffectEvent((element: HTMLElement) => {
    unmark(own.current);
    own.current = findRanges(element, text);
    for (const range of own.current) marks()?.add(range);
    const goal = `${text}\n${target}`;
    if (reached.current === goal) return;
    const within = first === undefined ? element : element.querySelector(first);
    const match = within && own.current.find((range) => within.contains(range.startContainer));
    if (!match) return;
    reached.current = goal;
    bringIntoSight(match, element);
  });
  useEffect(() => {
    const element = box.current;
    if (text === '') reached.current = '';
    if (!element || text === '' || !marks()) return undefined;
    let request = 0;
    function soon(): void {
      cancelAnimationFrame(request);
      request = requestAnimationFrame(() => {
        if (element) mark(element);
      });
    }
    soon();
    // Contents arrive, unfold and scroll in.
    const observer = new MutationObserver(soon);
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(request);
      unmark(own.current);
      own.current = [];
    };
  }, [box, text, target]);
}

/** Null where the page cannot do it. */
function marks(): Highlight | null {
  if (typeof Highlight === 'undefined') return null;
  const known = CSS.highlights.get(NAME);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(NAME, made);
  return made;
}

function unmark(ranges: readonly Range[]): void {
  for (const range of ranges) marks()?.delete(range);
}

/** In reading order; matches that are cut by a change of style are not seen. */
export function findRanges(element: Element, text: string): readonly Range[] {
  const ranges: Range[] = [];
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let looked = 0;
  for (let node = nodes.nextNode(); node && ranges.length < MOST_MARKS; node = nodes.nextNode()) {
    const value = node.nodeValue ?? '';
    looked += value.length;
    if (looked > MOST_CHARACTERS) break;
    for (let at = indexOfText(value, text); at >= 0; at = indexOfText(value, text, at + text.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, Math.min(value.length, at + text.length));
      ranges.push(range);
      if (ranges.length >= MOST_MARKS) break;
    }
  }
  return ranges;
}

function bringIntoSight(range: Range, within: HTMLElement): void {
  const { parentElement } = range.startContainer;
  // What is skipped by `content-visibility` has no place before it is near.
  parentElement?.scrollIntoView({ block: 'nearest' });
  requestAnimationFrame(() => {
    const place = range.getBoundingClientRect();
    for (let box = parentElement; box; box = box === within.parentElement ? null : box.parentElement) {
      if (box.scrollHeight <= box.clientHeight + 1 || !/auto|scroll/.test(getComputedStyle(box).overflowY)) continue;
      const room = box.getBoundingClientRect();
      if (place.top < room.top + 8 || place.bottom > room.bottom - 8)
        box.scrollTop += place.top - room.top - room.height / 3;
      return;
    }
  });
}
