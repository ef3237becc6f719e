/** Runs the detectors on a trace that was loaded, with the workspace's settings or with others for one time. */
import type { Detection, DetectorEdits, FindingCount, FindingSummary } from '#shared/detect.ts';
import { SEVERITIES } from '#shared/detect.ts';
import type { EffectiveAgents } from '../../analysis/agents.ts';
import { detectFaults } from '../../analysis/detectors/detect.ts';
import { mergeEdits, parseDetectorEdits } from '../../analysis/detectors/tuning.ts';
import type { SpanTree } from '../../analysis/tree.ts';
import type { Reader } from '../../store/database.ts';
import { readDetectorContents } from '../../store/detector-contents.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { rulesFingerprint, storedEdits } from '../detector-settings.ts';
import { checkedEdits } from './detectors.ts';

/** The last detection of a loaded trace, and with which rules. */
export type KeptDetection = { readonly rules: string; readonly detection: Detection };

type Loaded = {
  readonly traceKeys: readonly number[];
  readonly spans: readonly StoredSpanFact[];
  readonly tree: SpanTree;
  readonly agents: EffectiveAgents;
  detection?: KeptDetection;
};

/** @param given for this time only, over what the workspace keeps */
export function detectIn(reader: Reader, loaded: Loaded, given?: DetectorEdits): KeptDetection {
  const edits = editsFor(reader, given);
  const rules = rulesFingerprint(edits);
  if (loaded.detection?.rules !== rules) loaded.detection = { rules, detection: run(reader, loaded, edits) };
  return loaded.detection;
}

function editsFor(reader: Reader, given: DetectorEdits | undefined): DetectorEdits {
  const stored = storedEdits(reader);
  if (given === undefined) return stored;
  // `enabled: true` over a detector that is switched off is an edit here: what is given is checked, then laid over.
  checkedEdits(given);
  const merged = parseDetectorEdits(mergeEdits(stored, given));
  return merged.ok ? merged.value : stored;
}

function run(reader: Reader, { traceKeys, spans, tree, agents }: Loaded, edits: DetectorEdits): Detection {
  const { of, item, toolDefinitions, leftOut } = readDetectorContents(reader, traceKeys);
  const contents = { of: (span: number) => of(spans[span]?.spanKey ?? -1), item, toolDefinitions };
  const found = detectFaults(spans, contents, edits, tree, agents);
  return { ...found, complete: leftOut === 0 };
}

export function summarise(revision: number, { rules, detection }: KeptDetection): FindingSummary {
  const counts = new Map<string, FindingCount>();
  // The worst come first.
  for (const { detector, severity } of detection.findings) {
    const known = counts.get(detector);
    counts.set(detector, { detector, severity: known?.severity ?? severity, count: (known?.count ?? 0) + 1 });
  }
  const found = [...counts.values()].map((each) => ({
    ...each,
    count: each.count + (Object.hasOwn(detection.more, each.detector) ? (detection.more[each.detector] ?? 0) : 0),
  }));
  return {
    revision,
    rules,
    found: found.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
  };
}
