/** When each side of each span of a trace was said: one order of all inputs and outputs, and who had them. */
import type { Scene } from './graph-stays.ts';
import { at, f64, i32 } from './at.ts';
import { knownTime } from './tree.ts';

export type Side = 'input' | 'output' | 'error';

export type Moments = {
  /** Greater = later. No two sides of spans have the same; an error comes with the output. */
  readonly of: (span: number, side: Side) => number;
  /** The same for all spans of one who remembers: a stay that an agent span holds, else all stays of that name. */
  readonly actor: (span: number) => string;
};

/**
 * By time, and where times are equal or unknown as the tree is walked: a span's input when it is entered, its output when
 * it is left (of a handoff right after its input). An unknown start is its parent's; an unknown end is the last that is known inside it.
 */
export function findMoments({ spans, tree, agents, stays }: Scene): Moments {
  const count = spans.length;
  const enter = new Float64Array(count);
  const leave = new Float64Array(count);
  const walk = new Int32Array(count * 2);
  const open: number[] = [];
  let step = 0;
  function close(before: number): void {
    for (let i = open.at(-1); i !== undefined && i32(tree.subtreeEnd, i) <= before; i = open.at(-1)) {
      open.pop();
      const known = knownTime(at(spans, i).end);
      if (known !== null) leave[i] = Math.max(known, f64(enter, i));
      else leave[i] = at(spans, i).status === 'running' ? Infinity : f64(leave, i);
      const up = i32(tree.parent, i);
      if (up >= 0 && f64(leave, i) > f64(leave, up)) leave[up] = f64(leave, i);
      if (at(spans, i).kind !== 'handoff') walk[step++] = i * 2 + 1;
    }
  }
  for (let row = 0; row < count; row++) {
    close(row);
    const i = i32(tree.order, row);
    const up = i32(tree.parent, i);
    enter[i] = knownTime(at(spans, i).start) ?? (up >= 0 ? f64(enter, up) : -Infinity);
    leave[i] = f64(enter, i);
    walk[step++] = i * 2;
    // What a handoff passes on is there when it begins, whatever is nested in it.
    if (at(spans, i).kind === 'handoff') walk[step++] = i * 2 + 1;
    open.push(i);
  }
  close(count);
  const time = (event: number): number =>
    f64((event & 1) === 0 || at(spans, event >> 1).kind === 'handoff' ? enter : leave, event >> 1);
  const walked = new Int32Array(count * 2);
  walk.forEach((event, k) => (walked[event] = k));
  const order = Int32Array.from(walk).sort((a, b) => {
    const apart = time(a) - time(b);
    return apart < 0 ? -1 : apart > 0 ? 1 : i32(walked, a) - i32(walked, b);
  });
  const rank = new Int32Array(count * 2);
  order.forEach((event, k) => (rank[event] = k));
  return {
    of: (span, side) => i32(rank, span * 2 + (side === 'input' ? 0 : 1)),
    actor(span) {
      const stay = i32(agents.instance, span);
      if (stay < 0) return '';
      const { root, name } = at(stays, stay);
      return at(spans, root).kind === 'agent' ? `#${stay}` : name;
    },
  };
}
