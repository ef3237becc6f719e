/** What a person may change of each detector: on or off, the severity of its findings, its parameters within their bounds. */
import type { DetectorEdit, DetectorEdits, DetectorInfo, DetectorParameter, Severity } from '#shared/detect.ts';
import { SEVERITIES } from '#shared/detect.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { DETECTORS } from './registry.ts';
import type { Detector } from './types.ts';
import { quote } from './words.ts';

/** All detectors with the values in use, in the order of the registry. */
export function describeDetectors(edits: DetectorEdits): DetectorInfo[] {
  return DETECTORS.map(({ id, title, definition, parameters }) => {
    const edit = Object.hasOwn(edits, id) ? (edits[id] ?? {}) : {};
    const inUse = Object.entries(parameters).map(([name, parameter]): [string, DetectorParameter] => {
      const value = edit.parameters && Object.hasOwn(edit.parameters, name) ? edit.parameters[name] : undefined;
      return [name, { ...parameter, standard: parameter.value, value: value ?? parameter.value }];
    });
    return {
      id,
      title,
      definition,
      enabled: edit.enabled ?? true,
      severity: edit.severity ?? null,
      parameters: Object.fromEntries(inUse),
    };
  });
}

/**
 * Reads edits from outside (a window, a command line, a setting). What equals the default is left out, so that equal
 * settings are equal edits. The first problem is `bad_request`, with the detector, the field and what it takes.
 */
export function parseDetectorEdits(value: unknown): Result<DetectorEdits> {
  if (!isJsonObject(value)) return wrong('Settings of detectors must be an object by detector id.');
  const unknown = Object.keys(value).find((id) => !DETECTORS.some((detector) => detector.id === id));
  if (unknown !== undefined) {
    const ids = DETECTORS.map(({ id }) => id).join(', ');
    return wrong(`There is no detector "${quote(unknown, 60)}".`, `Detectors: ${ids}.`);
  }
  const edits: Record<string, DetectorEdit> = {};
  // In the order of the registry, whatever the order given.
  for (const detector of DETECTORS) {
    if (!Object.hasOwn(value, detector.id)) continue;
    const edit = readEdit(detector, value[detector.id] ?? null);
    if (!edit.ok) return edit;
    if (Object.keys(edit.value).length > 0) edits[detector.id] = edit.value;
  }
  return ok(edits);
}

/** One set of edits over another: what the second says counts, field by field. */
export function mergeEdits(under: DetectorEdits, over: DetectorEdits): DetectorEdits {
  const merged: Record<string, DetectorEdit> = { ...under };
  for (const [id, edit] of Object.entries(over)) {
    const below = Object.hasOwn(under, id) ? (under[id] ?? {}) : {};
    merged[id] = { ...below, ...edit, parameters: { ...below.parameters, ...edit.parameters } };
  }
  return merged;
}

function readEdit(detector: Detector, value: Json): Result<DetectorEdit> {
  const { id } = detector;
  if (!isJsonObject(value)) return wrong(`The settings of ${id} must be an object.`);
  const known = ['enabled', 'severity', 'parameters'];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) return wrong(`"${quote(unknown, 60)}" is no setting of ${id}.`, settingsOf(detector));
  const { enabled, severity } = value;
  if (enabled !== undefined && typeof enabled !== 'boolean') return wrong(`"enabled" of ${id} must be true or false.`);
  if (severity !== undefined && !isSeverity(severity))
    return wrong(`"severity" of ${id} must be one of ${SEVERITIES.join(', ')}.`);
  const parameters = readParameters(detector, value.parameters ?? {});
  if (!parameters.ok) return parameters;
  return ok({
    ...(enabled === false ? { enabled } : {}),
    ...(severity === undefined ? {} : { severity }),
    ...(Object.keys(parameters.value).length > 0 ? { parameters: parameters.value } : {}),
  });
}

function readParameters(detector: Detector, value: Json): Result<Readonly<Record<string, number>>> {
  const { id, parameters } = detector;
  if (!isJsonObject(value)) return wrong(`"parameters" of ${id} must be an object.`);
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(parameters, key));
  if (unknown !== undefined) return wrong(`"${quote(unknown, 60)}" is no setting of ${id}.`, settingsOf(detector));
  const read: Record<string, number> = {};
  for (const [name, { value: standard, least, most, whole }] of Object.entries(parameters)) {
    if (!Object.hasOwn(value, name)) continue;
    const given = value[name];
    if (typeof given !== 'number' || !(given >= least && given <= most) || (whole && !Number.isInteger(given))) {
      const kind = whole ? 'a whole number' : 'a number';
      return wrong(`"${name}" of ${id} must be ${kind} from ${said(least)} to ${said(most)}.`);
    }
    if (given !== standard) read[name] = given;
  }
  return ok(read);
}

function settingsOf({ id, parameters }: Detector): string {
  return `${id} has: ${['enabled', 'severity', ...Object.keys(parameters)].join(', ')}.`;
}

function isSeverity(value: Json): value is Severity {
  return SEVERITIES.some((severity) => severity === value);
}

function said(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function wrong(message: string, hint?: string): Result<never> {
  return fail({ code: 'bad_request', message, ...(hint === undefined ? {} : { hint }) });
}
