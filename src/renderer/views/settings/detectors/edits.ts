/** What a person changes of detectors, as the edits that the engine keeps. Pure. */
import type { DetectorEdit, DetectorEdits, DetectorInfo, DetectorParameter, Severity } from '#shared/detect.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';

/** Edits with one detector's changed; what equals the default is left out by the engine. */
export function withEdit(edits: DetectorEdits, id: string, change: DetectorEdit): DetectorEdits {
  const before = edits[id] ?? {};
  return { ...edits, [id]: { ...before, ...change, parameters: { ...before.parameters, ...change.parameters } } };
}

export function withSeverity(edits: DetectorEdits, id: string, severity: Severity | null): DetectorEdits {
  const { severity: _before, ...rest } = edits[id] ?? {};
  return { ...edits, [id]: severity === null ? rest : { ...rest, severity } };
}

export function withoutEdit(edits: DetectorEdits, id: string): DetectorEdits {
  return Object.fromEntries(Object.entries(edits).filter(([other]) => other !== id));
}

export function isChanged({ enabled, severity, parameters }: DetectorInfo): boolean {
  return !enabled || severity !== null || Object.values(parameters).some(({ value, standard }) => value !== standard);
}

/** The detectors as they are with these edits: what was just chosen shows at once. */
export function withEdits(detectors: readonly DetectorInfo[], edits: DetectorEdits): DetectorInfo[] {
  return detectors.map((detector) => {
    const edit = edits[detector.id] ?? {};
    const parameters = Object.entries(detector.parameters).map(([name, parameter]) => [
      name,
      { ...parameter, value: edit.parameters?.[name] ?? parameter.standard },
    ]);
    return {
      ...detector,
      enabled: edit.enabled ?? true,
      severity: edit.severity ?? null,
      parameters: Object.fromEntries(parameters) as DetectorInfo['parameters'],
    };
  });
}

/** What was typed for a parameter, or what it takes. */
export function readValue(text: string, { least, most, whole }: DetectorParameter): Result<number, string> {
  const value = text.trim() === '' ? NaN : Number(text.trim());
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return ok(value);
  return fail(`${whole ? 'A whole number' : 'A number'} from ${spoken(least)} to ${spoken(most)}.`);
}

export function spoken(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
