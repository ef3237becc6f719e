/**
 * Blame hints. Each finding makes its agent suspect by the weight of its detector, half of it when its severity is low and
 * half more when it is high. An agent's further findings of one detector count ever less (1, 1/2, 1/3, …), so that one habit
 * does not outweigh several kinds of fault. Where it went wrong is the agent's heaviest finding, the first listed of equals.
 *
 * Who does most can spoil most: an agent's share of the calls counts too, as much as `SHARE` of a weight, but not for one
 * that hands control to others and so speaks between all of them.
 */
import type { Finding, Suspect } from '#shared/detect.ts';
import { at, compareText } from '../at.ts';
import { isPerson } from '../person.ts';
import type { Detector, Inquiry } from './types.ts';

const SEVERITY = { high: 1.5, medium: 1, low: 0.5 } as const;
const SHARE = 2;
const MOST_REASONS = 5;
const MOST_SUSPECTS = 20;

/** What an agent did: how many model and tool calls, and the first of them. */
type Work = { readonly calls: number; readonly first: string };

export function rankSuspects(
  findings: readonly Finding[],
  detectors: readonly Pick<Detector, 'id' | 'weight'>[],
  work: ReadonlyMap<string, Work>,
): Suspect[] {
  const weights = new Map(detectors.map(({ id, weight }) => [id, weight]));
  type Growing = {
    score: number;
    heaviest: number;
    spanId: string;
    findings: number;
    reasons: string[];
    seen: Map<string, number>;
  };
  const agents = new Map<string, Growing>();
  for (const { agent, detector, severity, spanIds, reason } of findings) {
    const [spanId] = spanIds;
    if (agent === null || spanId === undefined) continue;
    const weight = (weights.get(detector) ?? 0) * SEVERITY[severity];
    let known = agents.get(agent);
    if (!known) {
      known = { score: 0, heaviest: 0, spanId, findings: 0, reasons: [], seen: new Map() };
      agents.set(agent, known);
    }
    const nth = (known.seen.get(detector) ?? 0) + 1;
    known.seen.set(detector, nth);
    known.findings++;
    known.score += weight / nth;
    if (weight > known.heaviest) {
      known.heaviest = weight;
      known.spanId = spanId;
    }
    if (known.reasons.length < MOST_REASONS) known.reasons.push(reason);
  }
  let all = 0;
  for (const { calls } of work.values()) all += calls;
  for (const [agent, { calls, first }] of work) {
    const known: Growing = agents.get(agent) ?? {
      score: 0,
      heaviest: 0,
      spanId: first,
      findings: 0,
      reasons: [],
      seen: new Map(),
    };
    agents.set(agent, known);
    known.score += (SHARE * calls) / all;
    if (known.findings === 0) known.reasons.push(`${agent} made ${calls} of ${all} calls; no rule points to it.`);
  }
  return [...agents]
    .map(([agent, { score, spanId, findings: count, reasons }]) => {
      return { agent, spanId, score: Math.round(score * 100) / 100, findings: count, reasons };
    })
    .sort((a, b) => b.score - a.score || compareText(a.agent, b.agent))
    .slice(0, MOST_SUSPECTS);
}

/** Calls by agent, without those who hand control on: they speak between all the others. */
export function workOf({ turns, calls, handoffs, scene }: Inquiry): Map<string, Work> {
  const coordinators = new Set(handoffs.filter(({ inferred }) => !inferred).map(({ fromName }) => fromName));
  const work = new Map<string, { calls: number; first: string; place: number }>();
  for (const { agent, span, place } of [...turns, ...calls]) {
    if (agent === null || coordinators.has(agent) || isPerson(agent)) continue;
    const known = work.get(agent);
    if (!known) work.set(agent, { calls: 1, first: at(scene.spans, span).spanId, place });
    else {
      known.calls++;
      if (place < known.place) {
        known.place = place;
        known.first = at(scene.spans, span).spanId;
      }
    }
  }
  return work;
}
