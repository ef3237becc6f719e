/** Where an agent begins to work: the spans at which one agent takes over from another. */
import type { SpanColumns } from '#shared/trace.ts';

/**
 * 1 for a span whose agent is neither that of its parent nor that of the sibling before it. Spans that follow each other
 * flat, such as the messages of a log, so give one beginning per turn.
 */
export function isFirstOfStay({ count, parent, agent }: SpanColumns): Uint8Array {
  const first = new Uint8Array(count);
  /** By parent (0 = none): the agent of its last child so far; 0 = no agent. */
  const last = new Uint32Array(count + 1);
  for (let row = 0; row < count; row++) {
    const own = agent[row] ?? 0;
    const up = parent[row] ?? -1;
    if (own !== 0 && own !== (agent[up] ?? 0) && own !== (last[up + 1] ?? 0)) first[row] = 1;
    if (own !== 0) last[up + 1] = own;
  }
  return first;
}
