import { useEffect, useEffectEvent, type RefObject } from 'react';
import type { AnnotationPlace } from '#shared/annotation.ts';
import { registerPlaces } from './pane-places.ts';

/** For a pane that points at more than spans; `ask` may close over the newest props. */
export function usePlaces(pane: RefObject<Element | null>, ask: (target: Element) => readonly AnnotationPlace[]): void {
  const latest = useEffectEvent(ask);
  useEffect(() => {
    const element = pane.current;
    return element ? registerPlaces(element, (target) => latest(target)) : undefined;
  }, [pane]);
}
