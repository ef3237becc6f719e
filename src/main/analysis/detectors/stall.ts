import { formatDuration } from '#shared/time.ts';
import { at } from '../at.ts';
import { knownTime } from '../tree.ts';
import type { Detector, Found } from './types.ts';

export const stall: Detector = {
  id: 'stall',
  title: 'Stall',
  definition:
    'Time passed with nothing done: for `gapSeconds` or longer no model call, tool call, handoff, guardrail or retrieval was under way while an agent or chain was; or a single model or tool call took `callSeconds` or longer and at least `timesMedian` times the median of its kind in this trace. The time between the traces of a session is a person’s and does not count.',
  parameters: { gapSeconds: 30, callSeconds: 120, timesMedian: 10 },
  weight: 1,
  detect({ scene: { spans, order, agents } }, parameter) {
    const found: Found[] = [];
    const gap = parameter('gapSeconds') * 1e9;
    let busyUntil: { end: number; span: number } | null = null;
    let heldUntil = -Infinity;
    const durations = new Map<string, number[]>();
    for (const i of order) {
      const span = at(spans, i);
      const start = knownTime(span.start);
      if (start === null) continue;
      const end = knownTime(span.end) ?? (span.status === 'running' ? Infinity : start);
      if (span.kind === 'agent' || (span.kind === 'chain' && span.subtype !== 'trace')) {
        if (start > heldUntil) busyUntil = null;
        heldUntil = Math.max(heldUntil, end);
        continue;
      }
      if (span.kind === 'custom' || span.kind === 'chain' || span.kind === 'evaluator') continue;
      if (busyUntil && start - busyUntil.end >= gap && heldUntil >= start) {
        found.push({
          severity: 'low',
          spans: [i, busyUntil.span],
          agent: at(agents.names, i),
          reason: `Nothing was under way for ${formatDuration(start - busyUntil.end)} before ${span.tool || span.name}.`,
        });
      }
      if (!busyUntil || end > busyUntil.end) busyUntil = { end, span: i };
      if (Number.isFinite(end)) {
        const list = durations.get(span.kind);
        if (list) list.push(end - start);
        else durations.set(span.kind, [end - start]);
      }
    }
    const medians = new Map(
      [...durations].map(([kind, list]) => [kind, list.sort((a, b) => a - b)[list.length >> 1] ?? 0]),
    );
    for (const i of order) {
      const span = at(spans, i);
      if (span.kind !== 'generation' && span.kind !== 'tool') continue;
      const took = (knownTime(span.end) ?? NaN) - (knownTime(span.start) ?? NaN);
      const median = medians.get(span.kind) ?? 0;
      if (!(took >= parameter('callSeconds') * 1e9 && took >= median * parameter('timesMedian'))) continue;
      found.push({
        severity: 'medium',
        spans: [i],
        agent: at(agents.names, i),
        reason: `${span.tool || span.name} took ${formatDuration(took)}; half of the ${span.kind === 'tool' ? 'tool' : 'model'} calls here took ${formatDuration(median)} or less.`,
      });
    }
    return found;
  },
};
