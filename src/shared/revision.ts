/**
 * Reads a revision as somebody wrote it. What is kept, hashed and passed on is the text itself, so that a newer version may
 * add fields, or say things that this one does not know, without an older one losing or changing them on the way.
 */
import type { AnnotationState, Revision } from './annotation.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { parseAnnotation } from './parse-annotation.ts';

/** Null when it says neither what it is about nor when it was made. */
export function readRevision(body: JsonObject): Revision | null {
  const { traceId, annotationId, parents, author, madeAt, state } = body;
  if (typeof traceId !== 'string' || traceId === '') return null;
  if (typeof annotationId !== 'string' || annotationId === '') return null;
  if (!Array.isArray(parents) || typeof madeAt !== 'number' || !Number.isSafeInteger(madeAt)) return null;
  if (state !== null && !isJsonObject(state)) return null;
  const imported = importedOf(body) ?? null;
  return {
    traceId,
    annotationId,
    parents: (parents as readonly Json[]).filter((hash) => typeof hash === 'string'),
    author: typeof author === 'string' ? author : null,
    madeAt,
    state: state === null ? null : readState(state, imported !== null),
    ...(imported === null ? {} : { imported }),
  };
}

/** Only a beginning came with the data. */
function importedOf({ imported, parents }: JsonObject): Revision['imported'] | null {
  if (!isJsonObject(imported) || !Array.isArray(parents) || parents.length > 0) return null;
  const { createdAt } = imported;
  return { createdAt: typeof createdAt === 'string' && /^-?\d{1,18}$/.test(createdAt) ? createdAt : null };
}

/** What this version cannot read is shown as a note at the same place, as far as that is known. */
function readState(state: JsonObject, imported: boolean): AnnotationState {
  const parsed = parseAnnotation(state, imported ? 'imported' : 'made');
  if (parsed.ok) return parsed.value;
  const said = typeof state.note === 'string' ? `\n${state.note.slice(0, 10_000)}` : '';
  const stand = { kind: 'note', note: `${UNREAD}${said}`, extra: { newer: state } };
  const placed = parseAnnotation({ ...stand, place: state.place });
  if (placed.ok) return placed.value;
  const whole = parseAnnotation({ ...stand, place: { kind: 'trace' } });
  if (!whole.ok) throw new Error(whole.error.message);
  return whole.value;
}

const UNREAD = 'This annotation was written by a newer Tracewright: this one keeps it and cannot show it.';
