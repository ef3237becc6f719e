/** Annotations: reading them, and making, editing and removing them, each act kept as a revision. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { ScoreRow } from '#shared/trace.ts';
import type { AnnotationPlace, AnnotationRow, AnnotationState } from '#shared/annotation.ts';
import { parseAnnotation } from '#shared/parse-annotation.ts';
import { AppFailure } from '#shared/result.ts';
import { sessionAddress, sessionSpanId } from '#shared/session.ts';
import { edit, loadRevisions } from '../../review/annotation-book.ts';
import { resolve } from '../../review/revisions.ts';
import { annotationOf, annotationsOf, countAnnotations } from '../../store/annotation-queries.ts';
import type { Reader } from '../../store/database.ts';
import { sessionAt, sessionKeys } from '../../store/session-facts.ts';
import { memberOf } from '../../store/session-span.ts';
import { placesIn } from '../../store/span-places.ts';
import { scoreRecordsOf, traceRecordOf } from '../../store/trace-records.ts';
import { traceKeyOf } from '../../store/trace-queries.ts';
import type { Writing } from '../create-engine.ts';
import type { Handlers } from './types.ts';

/** Of one trace, in one answer. */
const MOST = 10_000;

const GONE = { code: 'not_found', message: 'This trace does not exist, or was deleted.' } as const;

type Reads = 'annotation.list' | 'annotation.history' | 'annotation.count' | 'annotation.reviewer';

export const annotationReads: Pick<Handlers, Reads> = {
  'annotation.list': ({ reader }, { traceId }) => {
    const session = sessionAt(reader, traceId);
    if (session === null) return annotationsOf(reader, [keyOf(reader, traceId)], MOST);
    return annotationsOf(reader, sessionKeys(reader, session).traceKeys, MOST).map((row) => ({
      ...row,
      place: inSession(row.traceId, row.place),
      traceId: sessionAddress(session),
    }));
  },
  'annotation.history': ({ reader }, { traceId, id }) => {
    const revisions = loadRevisions(reader, ownerOf(reader, traceId, id), id);
    const heads = new Set(resolve(revisions)?.heads);
    return [...revisions]
      .sort(([, a], [, b]) => a.madeAt - b.madeAt)
      .map(([hash, { parents, author, madeAt, state }]) => ({
        hash,
        parents,
        author,
        madeAt,
        state,
        head: heads.has(hash),
      }));
  },
  'annotation.count': ({ reader }, { traceIds }) => countAnnotations(reader, traceIds),
  'annotation.reviewer': ({ reader }) => ({ name: reviewerOf(reader), chosen: chosenReviewer(reader) !== null }),
};

export function annotationWrites(
  reader: Reader,
  writing: () => Writing,
): Pick<Handlers, 'annotation.save' | 'annotation.remove'> {
  function write(
    traceId: string,
    annotationId: string,
    state: AnnotationState | null,
    replaces?: readonly string[],
  ): AnnotationRow | null {
    const { workspace, feed } = writing();
    const key = keyOf(reader, traceId);
    const author = reviewerOf(reader);
    const change = { traceId, annotationId, state, author, now: Date.now(), ...(replaces ? { replaces } : {}) };
    workspace.connection?.transaction((writer) => edit(writer, key, change));
    feed.changed(['annotation'], [traceId]);
    return annotationOf(reader, key, annotationId);
  }

  return {
    'annotation.save': (_signal, { traceId, id, state, replaces }) => {
      const parsed = parseAnnotation(state);
      if (!parsed.ok) throw new AppFailure(parsed.error);
      const at = inTrace(reader, traceId, parsed.value);
      const saved = write(at.traceId, id ?? randomUUID(), at.state, replaces);
      if (!saved) throw new AppFailure({ code: 'internal', message: 'The annotation was written and is not there.' });
      return saved;
    },
    'annotation.remove': (_signal, { traceId: address, id }) => {
      const traceId = ownerOf(reader, address, id);
      if (!annotationOf(reader, keyOf(reader, traceId), id))
        throw new AppFailure({ code: 'not_found', message: 'This annotation does not exist, or was removed.' });
      write(traceId, id, null);
      return null;
    },
  };
}

/** Who reviews here: the name in Settings, else that of the operating system's user. */
export function reviewerOf(reader: Reader): string {
  const chosen = chosenReviewer(reader);
  if (chosen !== null) return chosen;
  try {
    return userInfo().username;
  } catch {
    return 'me';
  }
}

function chosenReviewer(reader: Reader): string | null {
  return reader.get<{ value: string }>("SELECT value FROM setting WHERE key = 'user.reviewer'")?.value.trim() || null;
}

/** The trace that an annotation belongs to, where a session is read as one. */
function ownerOf(reader: Reader, address: string, id: string): string {
  const session = sessionAt(reader, address);
  if (session === null) return address;
  const owners = annotationsOf(reader, sessionKeys(reader, session).traceKeys, MOST).filter((row) => row.id === id);
  const [owner] = owners;
  if (owner && owners.length === 1) return owner.traceId;
  throw new AppFailure(
    owner
      ? {
          code: 'bad_request',
          message: 'Several traces of this session have an annotation of this name.',
          hint: 'Open the trace that you mean.',
        }
      : { code: 'not_found', message: 'This annotation does not exist, or was removed.' },
  );
}

export const scoreReads: Pick<Handlers, 'score.list' | 'annotation.places'> = {
  'annotation.places': ({ reader }, { traceId, spanIds }) => {
    // The spans of a session belong to several traces.
    if (sessionAt(reader, traceId) !== null) return [];
    return [...placesIn(reader, keyOf(reader, traceId), spanIds)].map(([spanId, { step, actor }]) => ({
      spanId,
      step,
      actor,
    }));
  },
  'score.list': ({ reader }, { traceId }) => {
    const session = sessionAt(reader, traceId);
    if (session === null) return scoresOf(reader, keyOf(reader, traceId), traceId);
    const { traceKeys } = sessionKeys(reader, session);
    return traceKeys.flatMap((key) => {
      const id = traceRecordOf(reader, key)?.traceId ?? '';
      return scoresOf(reader, key, traceId).map((score) =>
        score.spanId === null ? score : { ...score, spanId: sessionSpanId(id, score.spanId) },
      );
    });
  },
};

function scoresOf(reader: Reader, traceKey: number, traceId: string): ScoreRow[] {
  return scoreRecordsOf(reader, traceKey, traceId).map(({ type: _type, ...score }) => score);
}

function keyOf(reader: Reader, traceId: string): number {
  const key = traceKeyOf(reader, traceId);
  if (key === null) throw new AppFailure(GONE);
  return key;
}

/** What was annotated in a session that is read as one belongs to the trace that the span is of. */
function inTrace(
  reader: Reader,
  traceId: string,
  state: AnnotationState,
): { readonly traceId: string; readonly state: AnnotationState } {
  const session = sessionAt(reader, traceId);
  if (session === null) return { traceId, state };
  const { place } = state;
  const spanId = 'spanId' in place ? place.spanId : place.kind === 'absence' ? place.afterSpanId : null;
  const member = spanId === null ? null : memberOf(reader, session, spanId);
  if (!member) {
    throw new AppFailure({
      code: 'bad_request',
      message: 'A session holds several traces: this annotation could belong to any of them.',
      hint: 'Annotate a span, or open the trace that you mean.',
    });
  }
  if (member.spanId === null) return { traceId: member.trace_id, state: { ...state, place: { kind: 'trace' } } };
  const own = place.kind === 'absence' ? { ...place, afterSpanId: member.spanId } : { ...place, spanId: member.spanId };
  return { traceId: member.trace_id, state: { ...state, place: own } };
}

function inSession(traceId: string, place: AnnotationPlace): AnnotationPlace {
  if (place.kind === 'absence')
    return place.afterSpanId === null ? place : { ...place, afterSpanId: sessionSpanId(traceId, place.afterSpanId) };
  if (!('spanId' in place) || place.spanId === null) return place;
  return { ...place, spanId: sessionSpanId(traceId, place.spanId) };
}
