/** What panes point at besides spans: a message of the sequence, a node or an edge of the graph, a stretch of time. */
import type { AnnotationPlace } from '#shared/annotation.ts';

type Ask = (target: Element) => readonly AnnotationPlace[];

const panes = new Map<Element, Ask>();

/** A pane says what an element of it stands for, the most likely first; returns the undo. */
export function registerPlaces(pane: Element, ask: Ask): () => void {
  panes.set(pane, ask);
  return () => {
    if (panes.get(pane) === ask) panes.delete(pane);
  };
}

/** Empty where no pane says more than the selection does. */
export function placesAt(target: EventTarget | null): readonly AnnotationPlace[] {
  if (!(target instanceof Element)) return [];
  for (const [pane, ask] of panes) if (pane.contains(target)) return ask(target);
  return [];
}

export function placesOfFocus(): readonly AnnotationPlace[] {
  return placesAt(document.activeElement);
}
