import { at } from '../at.ts';
import { whole } from './parameters.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const callLoop: Detector = {
  id: 'call-loop',
  title: 'Loop in the call graph',
  definition:
    'An agent runs inside itself: it called another agent, which called it again, directly or through others (up to `depth` calls deep); or at least three agents hand control round in a circle `rounds` times or more. Two agents that hand back and forth are ping-pong.',
  parameters: {
    depth: whole(64, 3, 256, 'Calls that are followed outwards'),
    rounds: whole(2, 2, 100, 'Times round the same agents'),
  },
  weight: 3,
  detect(inquiry, parameter) {
    return [...nested(inquiry, parameter('depth')), ...circles(inquiry, parameter('rounds'))];
  },
};

function nested({ scene: { stays } }: Inquiry, depth: number): Found[] {
  const found = new Map<string, { path: string[]; spans: number[] }>();
  for (const stay of stays) {
    const path = [stay.name];
    let up = stay.caller;
    for (let step = 0; up >= 0 && step < depth; step++) {
      const around = at(stays, up);
      path.push(around.name);
      if (around.name === stay.name) break;
      up = around.caller;
    }
    if (up < 0 || path.length < 3 || path.at(-1) !== stay.name) continue;
    const key = path.join('\0');
    const known = found.get(key);
    if (known) known.spans.push(stay.root);
    else found.set(key, { path: path.reverse(), spans: [stay.root] });
  }
  return [...found.values()].map(({ path, spans }) => ({
    severity: 'high',
    spans,
    agent: path[0] ?? null,
    reason: `${path[0] ?? ''} came to run inside itself${spans.length > 1 ? `, ${spans.length} times` : ''}: ${path.slice(0, 8).join(' → ')}${path.length > 8 ? ' …' : ''}.`,
  }));
}

const LONGEST = 8;

function circles({ handoffs }: Inquiry, rounds: number): Found[] {
  const found: Found[] = [];
  const stated = handoffs.filter(({ inferred }) => !inferred);
  let next = 0;
  while (next < stated.length) {
    let best = { period: 0, length: 0 };
    for (let period = 3; period <= LONGEST; period++) {
      const names = stated.slice(next, next + period).map(({ toName }) => toName);
      if (names.length < period || new Set(names).size < period) continue;
      let length = period;
      while (stated[next + length]?.toName === names[length % period]) length++;
      if (length >= period * rounds && length > best.length) best = { period, length };
    }
    if (best.length === 0) {
      next++;
      continue;
    }
    const around = stated.slice(next, next + best.length);
    found.push({
      severity: 'medium',
      spans: around.map(({ span }) => span),
      agent: around[0]?.toName ?? null,
      reason: `Control went ${Math.floor(best.length / best.period)} times round the same ${best.period} agents: ${around
        .slice(0, best.period)
        .map(({ toName }) => toName)
        .join(' → ')}.`,
    });
    next += best.length;
  }
  return found;
}
