/**
 * Puts the time cursor into the picture: sets and clears attributes of what changed, past React, so that a frame of
 * scrubbing neither draws nor lays out anything anew.
 */
import { useEffect, useRef } from 'react';
import { courseAt, type Courses, type Phase } from './course.ts';
import { countAt } from './wording.ts';

/** Calls the listener at once and at every change until the returned undo; null = no cursor. */
export type WatchCursor = (listener: (cursor: number | null) => void) => () => void;

type Part = {
  readonly elements: SVGElement[];
  readonly counts: SVGTextElement[];
  phase: Phase | null;
  begun: number;
};

export function useCursor(
  svg: React.RefObject<SVGSVGElement | null>,
  courses: Courses | null,
  watch: WatchCursor | null,
): void {
  const stop = useRef<(() => void) | null>(null);
  // After each drawing: labels come and go with the zoom.
  useEffect(() => {
    const picture = svg.current;
    if (!picture || !courses || !watch) return undefined;
    const parts = collect(picture);
    stop.current = watch((cursor) => {
      picture.toggleAttribute('data-cursor', cursor !== null);
      for (const [key, part] of parts) show(part, courseOf(courses, key), cursor);
    });
    return () => stop.current?.();
  });
}

function collect(picture: SVGSVGElement): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const element of picture.querySelectorAll<SVGElement>('[data-place]')) {
    const key = element.getAttribute('data-place') ?? '';
    const part = parts.get(key) ?? { elements: [], counts: [], phase: null, begun: -1 };
    part.elements.push(element);
    part.counts.push(...element.querySelectorAll<SVGTextElement>('[data-sofar]'));
    element.removeAttribute('data-phase');
    parts.set(key, part);
  }
  return parts;
}

function courseOf(courses: Courses, key: string) {
  return key.startsWith('node:') ? courses.nodes.get(key.slice(5)) : courses.edges.get(key.slice(5));
}

function show(part: Part, course: Parameters<typeof courseAt>[0] | undefined, cursor: number | null): void {
  const now = cursor === null || !course ? null : courseAt(course, cursor);
  const phase = now?.phase ?? null;
  if (phase !== part.phase) {
    part.phase = phase;
    for (const element of part.elements) {
      if (phase === null) element.removeAttribute('data-phase');
      else element.setAttribute('data-phase', phase);
    }
  }
  const begun = now?.begun ?? -1;
  if (begun === part.begun) return;
  part.begun = begun;
  for (const element of part.counts) {
    element.textContent = begun < 0 ? '' : countAt(begun, Number(element.dataset.sofar));
  }
}
