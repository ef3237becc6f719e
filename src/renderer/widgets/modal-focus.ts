/**
 * The focus of a modal goes in and out at once. What the library does by itself waits for the next frame, which on a busy
 * machine comes late: letters typed meanwhile would be lost, or act on the view behind.
 */
import { useCallback, useLayoutEffect, useRef, type RefCallback, type RefObject } from 'react';

/** What had the focus before each modal took it. */
const openers = new WeakMap<Element, Element>();
/** The same of the one that closes just now: of a modal that follows it, as after the palette, it is the opener too. */
let leaving: Element | null = null;

/**
 * For the popup of a modal, with `finalFocus` of the library off: `first`, else the popup itself, has the focus before the
 * next key can arrive; on closing it returns to where it was, unless something else has taken it.
 */
export function useModalFocus(open: boolean, first?: RefObject<HTMLElement | null>): RefCallback<HTMLElement> {
  const popup = useRef<HTMLElement>(null);
  const wanted = useRef(first);
  const attach = useCallback((node: HTMLElement | null) => {
    popup.current = node;
    if (node) take(node, wanted.current?.current);
  }, []);

  useLayoutEffect(() => {
    wanted.current = first;
  }, [first]);
  useLayoutEffect(() => {
    if (!open) return undefined;
    // Opened again while it faded out: it never left the page.
    if (popup.current) take(popup.current, wanted.current?.current);
    return () => giveBackSoon(popup);
  }, [open]);

  return attach;
}

function take(popup: HTMLElement, first: HTMLElement | null | undefined): void {
  const active = document.activeElement;
  if (popup.contains(active)) return;
  const opener = leaving ?? active;
  if (opener) openers.set(popup, opener);
  (first ?? popup).focus({ preventScroll: true });
}

/** After whatever the closing draws has had its say, and still before the next key. */
function giveBackSoon({ current: popup }: RefObject<HTMLElement | null>): void {
  if (!popup) return;
  leaving = openers.get(popup) ?? null;
  queueMicrotask(() => {
    leaving = null;
    const active = document.activeElement;
    if (active && active !== document.body && !popup.contains(active)) return;
    const opener = openers.get(popup);
    if (opener instanceof HTMLElement || opener instanceof SVGElement) opener.focus({ preventScroll: true });
  });
}
