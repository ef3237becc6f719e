/** Open coding: categories made of notes, and working titles that notes are put under. A note's own text is never changed. */
import { randomUUID } from 'node:crypto';
import type { AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import type { NoteRef } from '#shared/coding.ts';
import { annotationOf } from '../store/annotation-queries.ts';
import type { Reader, Writer } from '../store/database.ts';
import { codesOfNote } from '../store/note-queries.ts';
import { traceKeyOf } from '../store/trace-queries.ts';
import { edit, loadRevisions } from './annotation-book.ts';
import { resolve } from './revisions.ts';
import type { Act } from './taxonomies.ts';

type Code = { readonly taxonomy: string; readonly category: string };

/** Each note gets a category at its own place, which names it in `extra.fromNote`; one that has it already gets no second. */
export function promoteNotes(writer: Writer, notes: readonly NoteRef[], code: Code, act: Act): NoteRef[] {
  const made: NoteRef[] = [];
  for (const { traceKey, note } of notesAt(writer, notes)) {
    const has = codesOfNote(writer, traceKey, note.id);
    if (has.some(({ taxonomy, category }) => taxonomy === code.taxonomy && category === code.category)) continue;
    const ref = { traceId: note.traceId, id: randomUUID() };
    edit(writer, traceKey, { traceId: ref.traceId, annotationId: ref.id, state: categoryOf(note, code), ...act });
    made.push(ref);
  }
  return made;
}

type Grouped = NoteRef & { readonly before: string | null };

/** `group` null takes them out of theirs. Answers what they were under, for an undo. */
export function groupNotes(writer: Writer, notes: readonly NoteRef[], group: string | null, act: Act): Grouped[] {
  const changed: Grouped[] = [];
  for (const { traceKey, note } of notesAt(writer, notes)) {
    const before = typeof note.extra.group === 'string' ? note.extra.group : null;
    if (before === group) continue;
    const { group: _, ...extra } = note.extra;
    const state = { ...stateOf(note), extra: group === null ? extra : { ...extra, group } };
    const replaces = note.conflict ? shownHead(writer, note) : undefined;
    edit(writer, traceKey, {
      traceId: note.traceId,
      annotationId: note.id,
      state,
      ...act,
      ...(replaces && { replaces }),
    });
    changed.push({ traceId: note.traceId, id: note.id, before });
  }
  return changed;
}

/** Takes annotations back, such as the categories of a promotion. Returns those that were there. */
export function withdraw(writer: Writer, annotations: readonly NoteRef[], act: Act): number {
  let removed = 0;
  for (const { traceId, id } of annotations) {
    const traceKey = traceKeyOf(writer, traceId);
    if (traceKey === null || annotationOf(writer, traceKey, id) === null) continue;
    edit(writer, traceKey, { traceId, annotationId: id, state: null, ...act });
    removed++;
  }
  return removed;
}

type Found = { readonly traceKey: number; readonly note: AnnotationRow };

/** Those that are still there: somebody may have removed one while it was on screen. */
function notesAt(reader: Reader, refs: readonly NoteRef[]): Found[] {
  return refs.flatMap(({ traceId, id }): readonly Found[] => {
    const traceKey = traceKeyOf(reader, traceId);
    const note = traceKey === null ? null : annotationOf(reader, traceKey, id);
    return traceKey === null || note?.kind !== 'note' ? [] : [{ traceKey, note }];
  });
}

/** In a conflict only what was seen is replaced: which side is right is not decided by sorting notes. */
function shownHead(reader: Reader, { traceId, id }: NoteRef): readonly string[] | undefined {
  const revisions = loadRevisions(reader, traceId, id);
  const shown = resolve(revisions)?.heads.find((hash) => revisions.get(hash)?.state !== null);
  return shown === undefined ? undefined : [shown];
}

function categoryOf(note: AnnotationRow, { taxonomy, category }: Code): AnnotationState {
  return {
    place: note.place,
    kind: 'category',
    taxonomy,
    category,
    severity: null,
    score: null,
    passed: null,
    note: null,
    tags: [],
    agent: note.agent,
    isRootCause: false,
    evidenceSpanId: note.evidenceSpanId,
    correction: null,
    answers: null,
    preference: null,
    extra: { fromNote: note.id },
  };
}

function stateOf(row: AnnotationRow): AnnotationState {
  const { id: _id, traceId: _t, author: _a, createdAt: _c, editor: _e, editedAt: _at, imported: _i, ...rest } = row;
  const { conflict: _conflict, ...state } = rest;
  return state;
}
