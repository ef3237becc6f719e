import { formatDuration } from '#shared/time.ts';
import { at } from '../at.ts';
import { knownTime } from '../tree.ts';
import { amount } from './parameters.ts';
import type { Detector, Found, Inquiry } from './types.ts';

export const stall: Detector = {
  id: 'stall',
  title: 'Stall',
  definition:
    'Time passed with nothing done: for `gapSeconds` or longer no model call, tool call, handoff, guardrail or retrieval was under way while an agent or chain was; or a single model or tool call took `callSeconds` or longer and at least `timesMedian` times the median of its kind in this trace. Time that a person took does not count: between the traces of a session, and before a model call that goes on with a new message of the user.',
  parameters: {
    gapSeconds: amount(30, 0.001, 86_400, 'Seconds with nothing under way'),
    callSeconds: amount(120, 0.001, 86_400, 'Seconds of one long call'),
    timesMedian: amount(10, 1, 10_000, 'Times the median of its kind'),
  },
  weight: 1,
  detect(inquiry, parameter) {
    const { spans, order, agents } = inquiry.scene;
    const found: Found[] = [];
    // Asked for only where there is a gap.
    let people: ReadonlySet<number> | null = null;
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
      if (busyUntil && start - busyUntil.end >= gap && heldUntil >= start && !(people ??= answered(inquiry)).has(i)) {
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

/** Model calls that go on with what a person said meanwhile; the first of an agent only says what it was asked to do. */
function answered({ contents, turnsOf }: Inquiry): ReadonlySet<number> {
  const spans = new Set<number>();
  for (const turns of turnsOf.values()) {
    for (const { span } of turns.slice(1)) {
      const item = contents.item(contents.of(span).input.at(-1) ?? -1);
      if (item?.kind === 'message' && item.role === 'user') spans.add(span);
    }
  }
  return spans;
}
