/** Making, editing and removing annotations: each act writes a revision, and then what the set of revisions says. */
import type { AnnotationRow, AnnotationState, Revision } from '#shared/annotation.ts';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { JsonObject } from '#shared/json.ts';
import type { RevisionRecord } from '#shared/record.ts';
import { readRevision } from '#shared/revision.ts';
import { receivedAnnotation } from '../store/annotation-queries.ts';
import {
  dropRevision,
  putRevision,
  revisionBodies,
  revisedAnnotations,
  revisionsOf,
  showAnnotation,
  waitingTraces,
} from '../store/annotation-writer.ts';
import type { Reader, Writer } from '../store/database.ts';
import { takeWaitingScores } from './received-scores.ts';
import { hashRevision, hashText, isConflict, resolve, type Resolved } from './revisions.ts';

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
  const received = onlyImported(known) ? receivedAnnotation(writer, traceKey, annotationId) : null;
  if (received) keep(writer, known, baseRevision(received));
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

/** Whether the data that is here says exactly what a revision says that came with data elsewhere. */
export function saysTheSame(reader: Reader, traceKey: number, { annotationId, body }: RevisionRecord): boolean {
  const received = receivedAnnotation(reader, traceKey, annotationId);
  return received !== null && canonicalJson(baseRevision(received)) === canonicalJson(body);
}

/** Shows every annotation of which there are revisions: when their trace has come. */
export function showAll(writer: Writer, traceKey: number, traceId: string): void {
  const ids = revisedAnnotations(writer, traceId);
  showSome(writer, traceKey, traceId, takeWaitingScores(writer, traceKey, traceId, ids));
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

/** How each annotation of a trace came with the data, of which nobody said anything: so that it outlives the data. */
export function* importedRevisions(rows: Iterable<AnnotationRow>): Generator<RevisionRecord> {
  for (const row of rows) {
    if (!row.imported) continue;
    const base = baseRevision(row);
    const { traceId, annotationId } = base;
    const text = canonicalJson(base);
    yield { type: 'revision', traceId, annotationId, body: JSON.parse(text) as JsonObject, hash: hashText(text) };
  }
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

/** Nobody said anything of it: this is how it came with the data. */
function onlyImported(known: ReadonlyMap<string, Revision>): boolean {
  return [...known.values()].every(({ imported }) => imported !== undefined);
}

function missingParents(known: ReadonlyMap<string, Revision>): Set<string> {
  const parents = [...known.values()].flatMap((revision) => revision.parents);
  return new Set(parents.filter((hash) => !known.has(hash)));
}

function show(writer: Writer, traceKey: number, annotationId: string, known: Map<string, Revision>): boolean {
  const isUnsaid = onlyImported(known);
  const missing = missingParents(known);
  const received = isUnsaid || missing.size > 0 ? receivedAnnotation(writer, traceKey, annotationId) : null;
  if (received) {
    const base = baseRevision(received);
    const hash = hashRevision(base);
    // The data is here and tells it itself, as long as it is told in no other words.
    if (isUnsaid && known.size === 1 && known.has(hash)) {
      dropRevision(writer, hash);
      return false;
    }
    if (isUnsaid || missing.has(hash)) keep(writer, known, base);
  }
  const resolved = resolve(known);
  if (!resolved) return false;
  const heads = resolved.heads.flatMap((hash) => known.get(hash) ?? []);
  const conflict = isConflict(heads);
  showAnnotation(writer, traceKey, {
    annotationId,
    state: resolved.state,
    author: resolved.author,
    createdNs: createdNs(resolved),
    editor: resolved.editor,
    editedAt: resolved.editedAt,
    heads: conflict ? heads.length : 1,
  });
  return conflict;
}

function createdNs({ createdAt, imported }: Resolved): bigint | null {
  if (imported) return imported.createdAt === null ? null : BigInt(imported.createdAt);
  return createdAt === 0 || Math.abs(createdAt) > MAX_TIME ? null : BigInt(createdAt) * 1_000_000n;
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
    imported: { createdAt },
  };
}
