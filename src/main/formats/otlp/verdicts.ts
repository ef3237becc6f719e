/**
 * Verdicts that OpenInference writes beside a span: `annotations.0.annotation.{name,label,score,explanation,annotator_kind}`,
 * `evaluations.…`, and both after `trace.` for the trace (what is said of a session is told at the trace that says it). What
 * a person said is an annotation; what code or a model said is a score.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import type { AnnotationRecord, AnnotationTarget, ScoreRecord } from '#shared/record.ts';
import { numberOf, textOf } from '../fields.ts';

const KEY =
  /^(trace\.|session\.)?(annotations|evaluations)\.(\d{1,4})\.(?:(?:annotation|evaluation)\.)?(name|label|score|explanation|annotator_kind|identifier|user_id)$/;

type Span = { readonly traceId: string; readonly spanId: string; readonly attributes: JsonObject };

export function verdictsIn({ traceId, spanId, attributes }: Span): readonly (AnnotationRecord | ScoreRecord)[] {
  let found: Map<string, Record<string, Json>> | null = null;
  for (const key in attributes) {
    // Most spans have none: the pattern is tried only where it may fit.
    if (!key.includes('annotations.') && !key.includes('evaluations.')) continue;
    const match = KEY.exec(key);
    if (!match) continue;
    const [, prefix = '', kind = '', index = '', field = ''] = match;
    found ??= new Map();
    const place = `${prefix}${kind}.${index}`;
    const facts = found.get(place) ?? {};
    facts[field] = attributes[key] ?? null;
    found.set(place, facts);
  }
  if (!found) return [];
  return [...found].map(([place, facts]) =>
    recordOf(traceId, /^(?:trace|session)\./.test(place) ? null : spanId, place, facts),
  );
}

function recordOf(
  traceId: string,
  spanId: string | null,
  place: string,
  facts: Readonly<Record<string, Json>>,
): AnnotationRecord | ScoreRecord {
  const name = textOf(facts.name) ?? 'annotation';
  const kind = textOf(facts.annotator_kind)?.toUpperCase() ?? null;
  const said = { label: textOf(facts.label), score: numberOf(facts.score), explanation: textOf(facts.explanation) };
  if (kind !== 'HUMAN') {
    const { label, score: value, explanation } = said;
    const source = `OpenInference${kind === null ? '' : ` ${kind}`}`;
    return { type: 'score', traceId, spanId, name, value, label, passed: null, explanation, source };
  }
  const target: AnnotationTarget = spanId === null ? { kind: 'trace', id: null } : { kind: 'span', id: spanId };
  return {
    type: 'annotation',
    traceId,
    annotationId: `openinference:${spanId === null ? '' : `${spanId}:`}${place}`,
    target,
    annotator: textOf(facts.user_id) ?? textOf(facts.identifier) ?? kind,
    taxonomy: name,
    category: said.label,
    severity: null,
    score: said.score,
    note: said.explanation,
    agent: null,
    isRootCause: false,
    createdAt: null,
    extra: { annotator_kind: kind },
  };
}
