/** Who waited for whom: the waits of all lanes, by agent, with the spans that were waited for. */
import type { Wait } from '#shared/lanes.ts';
import type { Lanes } from './lanes.ts';
import type { SpanFact } from './types.ts';
import { at, compareText } from './at.ts';

const MOST_EVIDENCE = 20;

/** The longest first. Those of one agent add up to what its lane calls waiting. */
export function findWaits(spans: readonly SpanFact[], lanes: Lanes): Wait[] {
  return lanes.waits
    .map(({ lane, peer, ns, proofs }): Wait => {
      const ids = new Map<string, number>();
      for (const { span, from, to } of proofs) {
        const { spanId } = at(spans, span);
        ids.set(spanId, Math.max(ids.get(spanId) ?? 0, to - from));
      }
      const longest = [...ids].sort(([a, x], [b, y]) => y - x || compareText(a, b));
      return {
        agent: at(lanes.names, lane),
        for: peer < 0 ? null : at(lanes.names, peer),
        ns,
        count: ids.size,
        evidence: longest.slice(0, MOST_EVIDENCE).map(([id]) => id),
      };
    })
    .sort((a, b) => b.ns - a.ns || compareText(a.agent, b.agent) || compareText(a.for ?? '', b.for ?? ''));
}
