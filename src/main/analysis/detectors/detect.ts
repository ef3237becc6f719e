/** Runs all detectors on one trace. The same spans give the same findings, in whatever order they arrived. */
import type { Detection, DetectorEdits, Finding } from '#shared/detect.ts';
import { SEVERITIES } from '#shared/detect.ts';
import { at, compareText, i32 } from '../at.ts';
import type { EffectiveAgents } from '../agents.ts';
import { effectiveAgents } from '../agents.ts';
import type { SpanTree } from '../tree.ts';
import { buildTree } from '../tree.ts';
import type { SpanFact } from '../types.ts';
import { prepare } from './inquiry.ts';
import { DETECTORS } from './registry.ts';
import { rankSuspects, workOf } from './suspects.ts';
import { describeDetectors } from './tuning.ts';
import type { Contents, Found, Inquiry } from './types.ts';

/** Of one detector in one trace, at most this many findings are kept, and of one finding this many spans. */
const MOST_FINDINGS = 200;
const MOST_SPANS = 50;

/** @param edits checked ones; see `parseDetectorEdits` */
export function detectFaults(
  spans: readonly SpanFact[],
  contents: Contents,
  edits: DetectorEdits = {},
  tree: SpanTree = buildTree(spans),
  agents: EffectiveAgents = effectiveAgents(spans, tree),
): Omit<Detection, 'complete'> {
  const inquiry = prepare(spans, contents, tree, agents);
  const kept: { found: Found; detector: string; place: number; rank: number }[] = [];
  const more: Record<string, number> = {};
  const detectors = describeDetectors(edits);
  for (const [k, detector] of DETECTORS.entries()) {
    const { enabled, severity, parameters } = at(detectors, k);
    if (!enabled) continue;
    const all = detector
      .detect(inquiry, (name) => parameters[name]?.value ?? NaN)
      .map((each) => {
        const found = severity === null ? each : { ...each, severity };
        return {
          found,
          detector: detector.id,
          place: placeOf(inquiry, found),
          rank: SEVERITIES.indexOf(found.severity),
        };
      })
      .sort(compareFound);
    if (all.length > MOST_FINDINGS) more[detector.id] = all.length - MOST_FINDINGS;
    kept.push(...all.slice(0, MOST_FINDINGS));
  }
  kept.sort(compareFound);
  const findings = kept.map(({ found, detector }): Finding => ({
    detector,
    severity: found.severity,
    spanIds: [...new Set(found.spans.slice(0, MOST_SPANS).map((i) => at(spans, i).spanId))],
    agent: found.agent,
    reason: found.reason,
    evidence: (found.evidence ?? []).filter((text) => text !== ''),
  }));
  return {
    findings,
    more,
    suspects: rankSuspects(findings, DETECTORS, workOf(inquiry)),
    detectors,
  };
}

function placeOf({ scene }: Inquiry, found: Found): number {
  const [first] = found.spans;
  return first === undefined ? -1 : i32(scene.place, first);
}

type Placed = { readonly found: Found; readonly detector: string; readonly place: number; readonly rank: number };

function compareFound(a: Placed, b: Placed): number {
  return (
    a.rank - b.rank ||
    a.place - b.place ||
    compareText(a.detector, b.detector) ||
    compareText(a.found.reason, b.found.reason)
  );
}
