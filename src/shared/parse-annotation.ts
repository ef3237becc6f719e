/** Reads an annotation that another process or a file sends: each field is checked, and one sentence says what is wrong. */
import { ANNOTATION_KINDS, type AnnotationKind, type AnnotationPlace, type AnnotationState } from './annotation.ts';
import type { GraphEdgeKind } from './graph.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { fail, ok, type Result } from './result.ts';

/** Characters of a note, a reason or a correction; names are shorter. */
const MAX_TEXT = 1_000_000;
const MAX_NAME = 512;
const MAX_LIST = 200;

class Wrong extends Error {}

/** @param origin `imported`: sources also make annotations that say next to nothing */
export function parseAnnotation(value: unknown, origin: 'made' | 'imported' = 'made'): Result<AnnotationState> {
  try {
    return ok(read(value as Json, origin));
  } catch (cause) {
    if (!(cause instanceof Wrong)) throw cause;
    return fail({ code: 'bad_request', message: `This is no annotation: ${cause.message}.` });
  }
}

function read(value: Json, origin: 'made' | 'imported'): AnnotationState {
  if (!isJsonObject(value)) throw new Wrong('it must be an object');
  const kind = ANNOTATION_KINDS.find((each) => each === value.kind);
  if (!kind) throw new Wrong(`its kind must be one of ${ANNOTATION_KINDS.join(', ')}`);
  const state: AnnotationState = {
    place: readPlace(value.place),
    kind,
    taxonomy: name(value, 'taxonomy'),
    category: name(value, 'category'),
    severity: name(value, 'severity'),
    score: number(value, 'score'),
    passed: flag(value, 'passed'),
    note: text(value, 'note', MAX_TEXT),
    tags: list(value.tags).map((tag) => {
      if (typeof tag !== 'string' || tag.length > MAX_NAME) throw new Wrong('each tag must be a short text');
      return tag;
    }),
    agent: name(value, 'agent'),
    isRootCause: value.isRootCause === true,
    evidenceSpanId: name(value, 'evidenceSpanId'),
    correction: text(value, 'correction', MAX_TEXT),
    answers: readAnswers(value.answers),
    preference: readPreference(value.preference),
    extra: isJsonObject(value.extra) ? value.extra : {},
  };
  const missing = origin === 'made' ? missingIn(kind, state) : null;
  if (missing) throw new Wrong(missing);
  return state;
}

/** Each kind must say what it is for. */
function missingIn(kind: AnnotationKind, state: AnnotationState): string | null {
  switch (kind) {
    case 'category':
      return state.category === null ? 'it names no category' : null;
    case 'score':
      return state.score === null && state.passed === null && state.category === null && state.answers === null
        ? 'it has no score'
        : null;
    case 'verdict':
      return state.passed === null ? 'it says neither pass nor fail' : null;
    case 'note':
      return (state.note ?? '').trim() === '' && state.tags.length === 0 ? 'its note is empty' : null;
    case 'correction':
      return state.correction === null ? 'it has no corrected text' : null;
    case 'blame':
      return state.agent === null && state.place.kind === 'trace' ? 'it blames neither an agent nor a span' : null;
    case 'preference':
      return state.preference === null || state.place.kind !== 'pair' ? 'it prefers none of a pair' : null;
  }
}

function readPlace(value: Json | undefined): AnnotationPlace {
  if (!isJsonObject(value)) throw new Wrong('its place must be an object');
  switch (name(value, 'kind') as AnnotationPlace['kind'] | null) {
    case 'trace':
      return { kind: 'trace' };
    case 'span':
      return { kind: 'span', spanId: id(value, 'spanId') };
    case 'edge':
      return {
        kind: 'edge',
        from: id(value, 'from'),
        to: id(value, 'to'),
        edge: id(value, 'edge') as GraphEdgeKind,
        spanId: name(value, 'spanId'),
      };
    case 'agent':
      return { kind: 'agent', agent: id(value, 'agent') };
    case 'range': {
      const [startNs, endNs] = [need(value, 'startNs'), need(value, 'endNs')];
      if (endNs < startNs) throw new Wrong('its range ends before it starts');
      return { kind: 'range', startNs, endNs };
    }
    case 'text': {
      const [start, end, item] = [need(value, 'start'), need(value, 'end'), need(value, 'item')];
      const quote = text(value, 'quote', MAX_TEXT);
      if (start < 0 || end <= start || quote === null) throw new Wrong('it marks no text');
      const side = value.side === 'output' ? 'output' : 'input';
      return { kind: 'text', spanId: id(value, 'spanId'), side, item, start, end, quote };
    }
    case 'absence':
      return { kind: 'absence', afterSpanId: name(value, 'afterSpanId'), agent: name(value, 'agent') };
    case 'pair':
      return { kind: 'pair', otherTraceId: id(value, 'otherTraceId') };
    case null:
    default:
      throw new Wrong('its place is of no known kind');
  }
}

function readAnswers(value: Json | undefined): AnnotationState['answers'] {
  if (!isJsonObject(value)) return null;
  const entries = Object.entries(value);
  if (entries.length > MAX_LIST) throw new Wrong(`a rubric has at most ${MAX_LIST} items`);
  const answers = Object.create(null) as Record<string, boolean | null>;
  for (const [item, answer] of entries) answers[item] = typeof answer === 'boolean' ? answer : null;
  return answers;
}

function readPreference(value: Json | undefined): AnnotationState['preference'] {
  return value === 'this' || value === 'other' || value === 'tie' ? value : null;
}

function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_LIST) throw new Wrong(`a list has at most ${MAX_LIST} entries`);
  return value as readonly Json[];
}

function id(value: JsonObject, field: string): string {
  const found = name(value, field);
  if (found === null || found === '') throw new Wrong(`${field} is missing`);
  return found;
}

function name(value: JsonObject, field: string): string | null {
  return text(value, field, MAX_NAME);
}

function text(value: JsonObject, field: string, most: number): string | null {
  const found = value[field];
  if (found === undefined || found === null) return null;
  if (typeof found !== 'string') throw new Wrong(`${field} must be a text`);
  if (found.length > most) throw new Wrong(`${field} is longer than ${most} characters`);
  return found;
}

function need(value: JsonObject, field: string): number {
  const found = number(value, field);
  if (found === null) throw new Wrong(`${field} is missing`);
  return found;
}

function number(value: JsonObject, field: string): number | null {
  const found = value[field];
  if (found === undefined || found === null) return null;
  if (typeof found !== 'number' || !Number.isFinite(found)) throw new Wrong(`${field} must be a number`);
  return found;
}

function flag(value: JsonObject, field: string): boolean | null {
  const found = value[field];
  if (found === undefined || found === null) return null;
  if (typeof found !== 'boolean') throw new Wrong(`${field} must be true or false`);
  return found;
}
