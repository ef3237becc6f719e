/** Making, editing and removing annotations: each act writes a revision, and then what the set of revisions says. */
import type { AnnotationRow, AnnotationState, Revision } from '#shared/annotation.ts';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { JsonObject } from '#shared/json.ts';
import type { RevisionRecord } from '#shared/record.ts';
import { readRevision } from '#shared/revision.ts';
import { annotationOf } from '../store/annotation-queries.ts';
import {
  putRevision,
  revisionBodies,
  revisedAnnotations,
  revisionsOf,
  showAnnotation,
  waitingTraces,
} from '../store/annotation-writer.ts';
import type { Reader, Writer } from '../store/database.ts';
import { hashRevision, hashText, isConflict, resolve } from './revisions.ts';

/** Milliseconds whose nanoseconds fit in 64 bits; a clock beyond is none. */
const MAX_TIME = 9_200_000_000_000;

export type Edit = {
  readonly traceId: string;
  readonly annotationId: string;
  /** Null removes it. */
  readonly state: AnnotationState | null;
  readonly author: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Revisions that the author saw and replaces; without it, all that there are. */
  readonly replaces?: readonly string[];
};

/** Returns the hash of the new revision. An annotation that came with the data keeps its first wording as a revision. */
export function edit(writer: Writer, traceKey: number, { traceId, annotationId, now, ...rest }: Edit): string {
  const known = loadRevisions(writer, traceId, annotationId);
  if (known.size === 0) {
    const received = annotationOf(writer, traceKey, annotationId);
    if (received?.imported) keep(writer, known, baseRevision(received));
  }
  const parents = rest.replaces ?? resolve(known)?.heads ?? [];
  const revision = {
    traceId,
    annotationId,
    parents: [...parents].sort(),
    author: rest.author,
    madeAt: now,
    state: rest.state,
  };
  const hash = keep(writer, known, revision);
  show(writer, traceKey, annotationId, known);
  return hash;
}

export type Kept = {
  /** False when it was here already. */
  readonly fresh: boolean;
  /** False when it was changed after it was given its name: it stands beside what it was. */
  readonly sound: boolean;
};

/** Takes in what was said in another workspace; it is shown when its trace is here. */
export function keepRevision(writer: Writer, { traceId, annotationId, body, hash: told }: RevisionRecord): Kept {
  // Written by us it has its keys in order already, and its name proves it.
  let text = JSON.stringify(body);
  let hash = hashText(text);
  if (hash !== told) {
    text = canonicalJson(body);
    hash = hashText(text);
  }
  return {
    fresh: putRevision(writer, { hash, traceId, annotationId, body: text }),
    sound: told === null || told === hash,
  };
}

/** Shows every annotation of which there are revisions: when their trace has come. */
export function showAll(writer: Writer, traceKey: number, traceId: string): void {
  showSome(writer, traceKey, traceId, revisedAnnotations(writer, traceId));
}

/** Returns those on which people said different things at the same time. */
export function showSome(
  writer: Writer,
  traceKey: number,
  traceId: string,
  annotationIds: Iterable<string>,
): readonly string[] {
  const conflicts: string[] = [];
  for (const id of annotationIds)
    if (show(writer, traceKey, id, loadRevisions(writer, traceId, id))) conflicts.push(id);
  return conflicts;
}

export function loadRevisions(reader: Reader, traceId: string, annotationId: string): Map<string, Revision> {
  const rows = revisionsOf(reader, traceId, annotationId);
  return new Map(rows.flatMap(({ hash, body }) => readRow(hash, body)));
}

function readRow(hash: string, body: string): [string, Revision][] {
  const revision = readRevision(JSON.parse(body) as JsonObject);
  return revision ? [[hash, revision]] : [];
}

/** All that was said of the annotations of a trace, as it was written, in an order that depends on nothing else. */
export function* revisionsOfTrace(reader: Reader, traceId: string): Generator<RevisionRecord> {
  for (const { hash, annotationId, body } of revisionBodies(reader, traceId))
    yield { type: 'revision', traceId, annotationId, body: JSON.parse(body) as JsonObject, hash };
}

/** The same of all traces that are not here. */
export function* waitingRevisions(reader: Reader): Generator<RevisionRecord> {
  for (const traceId of waitingTraces(reader)) yield* revisionsOfTrace(reader, traceId);
}

function keep(writer: Writer, known: Map<string, Revision>, revision: Revision): string {
  const hash = hashRevision(revision);
  known.set(hash, revision);
  const { traceId, annotationId } = revision;
  putRevision(writer, { hash, traceId, annotationId, body: canonicalJson(revision) });
  return hash;
}

function show(writer: Writer, traceKey: number, annotationId: string, known: ReadonlyMap<string, Revision>): boolean {
  const resolved = resolve(known);
  if (!resolved) return false;
  const heads = resolved.heads.flatMap((hash) => known.get(hash) ?? []);
  const conflict = isConflict(heads);
  showAnnotation(writer, traceKey, {
    annotationId,
    state: resolved.state,
    author: resolved.author,
    createdNs:
      resolved.createdAt === 0 || Math.abs(resolved.createdAt) > MAX_TIME
        ? null
        : BigInt(resolved.createdAt) * 1_000_000n,
    editor: resolved.editor,
    editedAt: resolved.editedAt,
    heads: conflict ? heads.length : 1,
  });
  return conflict;
}

/** The same wherever the same annotation was received, so that two who edit it have edited one thing. */
export function baseRevision(received: AnnotationRow): Revision {
  const { id, traceId, author, createdAt, editor, editedAt, imported, conflict, ...state } = received;
  return {
    traceId,
    annotationId: id,
    parents: [],
    author,
    madeAt: createdAt === null ? 0 : Number(BigInt(createdAt) / 1_000_000n),
    state,
  };
}
