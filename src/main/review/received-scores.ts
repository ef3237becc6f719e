/**
 * Scores that came with the data, in a label file: each travels as a beginning that nobody can replace, so that it waits
 * for its trace like an annotation. Data that is here counts before what a file tells of data elsewhere.
 */
import { canonicalJson } from '#shared/canonical-json.ts';
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { RevisionRecord, ScoreRecord } from '#shared/record.ts';
import { dropRevision, revisionsOf } from '../store/annotation-writer.ts';
import type { Writer } from '../store/database.ts';
import { scoreRecordOf } from '../store/trace-records.ts';
import { putToldScore } from '../store/verdict-writer.ts';
import { hashText } from './revisions.ts';

const PREFIX = 'received-score:';

export function* scoreRevisions(scores: Iterable<ScoreRecord>): Generator<RevisionRecord> {
  for (const { type: _type, traceId, ...score } of scores) {
    const { spanId, name, source } = score;
    const annotationId = `${PREFIX}${hashText(canonicalJson([spanId, name, source]))}`;
    const told = { traceId, annotationId, parents: [], author: source, madeAt: 0, state: null, imported: { score } };
    const text = canonicalJson(told);
    yield {
      type: 'revision',
      traceId,
      annotationId,
      body: JSON.parse(text) as JsonObject,
      hash: hashText(text),
    };
  }
}

/** The score that a revision carries; null when it is about an annotation. */
export function scoreIn({ traceId, annotationId, body }: RevisionRecord): ScoreRecord | null {
  const { imported, state } = body;
  if (!annotationId.startsWith(PREFIX) || state !== null || !isJsonObject(imported)) return null;
  const { score } = imported;
  if (!isJsonObject(score) || typeof score.name !== 'string' || typeof score.source !== 'string') return null;
  const { spanId, value, label, passed, explanation } = score;
  return {
    type: 'score',
    traceId,
    spanId: textOf(spanId),
    name: score.name,
    value: typeof value === 'number' && Number.isFinite(value) ? value : null,
    label: textOf(label),
    passed: typeof passed === 'boolean' ? passed : null,
    explanation: textOf(explanation),
    source: score.source,
  };
}

/** False when nothing changes: the data says it, or another file told more. Of two that differ, any order keeps the same. */
export function takeScore(writer: Writer, traceKey: number, score: ScoreRecord): boolean {
  const known = scoreRecordOf(writer, traceKey, score);
  if (known && (known.received || canonicalJson(known.score) >= canonicalJson(score))) return false;
  putToldScore(writer, traceKey, score);
  return true;
}

/** Takes in those that waited for their trace, and lets them wait no more. */
export function takeWaitingScores(
  writer: Writer,
  traceKey: number,
  traceId: string,
  annotationIds: readonly string[],
): string[] {
  return annotationIds.filter((annotationId) => {
    if (!annotationId.startsWith(PREFIX)) return true;
    let isScore = false;
    for (const { hash, body } of revisionsOf(writer, traceId, annotationId)) {
      const score = scoreIn({
        type: 'revision',
        traceId,
        annotationId,
        body: JSON.parse(body) as JsonObject,
        hash,
      });
      if (!score) continue;
      isScore = true;
      takeScore(writer, traceKey, score);
      dropRevision(writer, hash);
    }
    return !isScore;
  });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
