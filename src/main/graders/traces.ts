import type { Subject } from '#shared/grader.ts';

/** Ids of the traces that a subject is made of: what is kept of an endpoint's answer goes when they are deleted. */
export function tracesOf({ trace, other, traces = [] }: Subject): string[] {
  return [...new Set([trace, other, ...traces].flatMap((each) => (each ? [each.id] : [])))];
}
