/**
 * Puts the time cursor into the picture: sets and clears attributes of what changed, past React, so that a frame of
 * scrubbing neither draws nor lays out anything anew.
 */
import { useEffect, useRef } from 'react';
import { createPacedFollow } from '../../state/paced-follow.ts';
import type { WatchCursor } from '../watch-cursor.ts';
import { courseAt, type Course, type Courses, type Phase } from './course.ts';
import { countAt } from './wording.ts';

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
    let at: number | null = null;
    // Another text lays out the whole picture anew: while the cursor runs, the numbers come now and then.
    const counts = createPacedFollow(() => {
      for (const [key, part] of parts) showCount(part, courseOf(courses, key), at);
    }, 0);
    stop.current = watch((cursor) => {
      at = cursor;
      picture.toggleAttribute('data-cursor', cursor !== null);
      for (const [key, part] of parts) showPhase(part, courseOf(courses, key), cursor);
      if (cursor === null) counts.jump(-1);
      else counts.pass(cursor);
    });
    return () => {
      stop.current?.();
      counts.cancel();
    };
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

function courseOf(courses: Courses, key: string): Course | undefined {
  return key.startsWith('node:') ? courses.nodes.get(key.slice(5)) : courses.edges.get(key.slice(5));
}

function showPhase(part: Part, course: Course | undefined, cursor: number | null): void {
  const phase = cursor === null || !course ? null : courseAt(course, cursor).phase;
  if (phase === part.phase) return;
  part.phase = phase;
  for (const element of part.elements) {
    if (phase === null) element.removeAttribute('data-phase');
    else element.setAttribute('data-phase', phase);
  }
}

function showCount(part: Part, course: Course | undefined, cursor: number | null): void {
  const begun = cursor === null || !course ? -1 : courseAt(course, cursor).begun;
  if (begun === part.begun) return;
  part.begun = begun;
  for (const element of part.counts) {
    element.textContent = begun < 0 ? '' : countAt(begun, Number(element.dataset.sofar));
  }
}
