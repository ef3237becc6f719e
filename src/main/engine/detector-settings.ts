/** The detectors of a workspace: the rules that ship with the app under what a person changed of them. */
import { createHash } from 'node:crypto';
import type { DetectorEdits, DetectorSheet } from '#shared/detect.ts';
import { DETECTORS } from '../analysis/detectors/registry.ts';
import { describeDetectors, parseDetectorEdits } from '../analysis/detectors/tuning.ts';
import type { Reader } from '../store/database.ts';
import { readDetectorEdits } from '../store/finding-store.ts';

/** To be raised when a rule finds something else without having other words or parameters. */
const RULES_VERSION = 1;

/** What the workspace keeps; edits that this version of the program does not know are left out, and the log says why. */
export function storedEdits(reader: Reader): DetectorEdits {
  const text = readDetectorEdits(reader);
  if (text === null) return {};
  const parsed = parseDetectorEdits(JSON.parse(text));
  if (parsed.ok) return parsed.value;
  console.error(`The detector settings of this workspace: ${parsed.error.message}`);
  return {};
}

export function detectorSheet(reader: Reader): DetectorSheet {
  const edits = storedEdits(reader);
  return { detectors: describeDetectors(edits), edits };
}

/** The same for the same findings: of the rules as the program comes with them, and what was changed. */
export function rulesFingerprint(edits: DetectorEdits): string {
  const shipped = DETECTORS.map(({ id, definition, parameters }) => [id, definition, parameters]);
  return createHash('sha256')
    .update(JSON.stringify([RULES_VERSION, shipped, edits]))
    .digest('hex')
    .slice(0, 32);
}
