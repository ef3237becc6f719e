import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScoreRecord } from '#shared/record.ts';
import { idOf, isEmpty, listOf, numberOf, objectOf, textOf } from '../fields.ts';

/** What was said about a run: single feedback, or the statistics that the API gives in its place. */
export function readFeedback(run: JsonObject, traceId: string, spanId: string): ScoreRecord[] {
  const target = { traceId, spanId: idOf(run.parent_run_id) === null ? null : spanId };
  const single = listOf(run.feedback)
    .filter(isJsonObject)
    .map((each) => readOneFeedback(each, target));
  if (single.length > 0) return single;
  return Object.entries(objectOf(run.feedback_stats)).flatMap(([name, stats]) => {
    if (!isJsonObject(stats)) return [];
    const value = numberOf(stats.avg);
    const label = commonest(stats.values);
    if (value === null && label === null) return [];
    const count = numberOf(stats.n);
    const explanation = count !== null && count > 1 ? `Average of ${count} scores.` : null;
    return [scoreOf(target, name, { value, label, explanation, source: 'langsmith feedback' })];
  });
}

export type Target = { readonly traceId: string; readonly spanId: string | null };

export function readOneFeedback(feedback: JsonObject, target: Target): ScoreRecord {
  const { score, correction } = feedback;
  const notes = [textOf(feedback.comment), isEmpty(correction) ? null : `Correction: ${wordsOf(correction)}`];
  const source = textOf(objectOf(feedback.feedback_source).type);
  return {
    ...scoreOf(target, textOf(feedback.key) ?? 'feedback', {
      value: typeof score === 'boolean' ? Number(score) : numberOf(score),
      label: isEmpty(feedback.value) ? null : wordsOf(feedback.value),
      explanation: notes.filter((note) => note !== null).join('\n') || null,
      source: source === null ? 'langsmith feedback' : `langsmith ${source}`,
    }),
    passed: typeof score === 'boolean' ? score : null,
  };
}

function wordsOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function scoreOf(
  target: Target,
  name: string,
  said: Pick<ScoreRecord, 'value' | 'label' | 'explanation' | 'source'>,
): ScoreRecord {
  return { type: 'score', ...target, name, passed: null, ...said };
}

/** The label that most gave, out of { label: count }. */
function commonest(values: Json | undefined): string | null {
  const counts = Object.entries(objectOf(values)).flatMap(([label, count]) => {
    const number = numberOf(count);
    return number === null ? [] : [{ label, number }];
  });
  return counts.sort((a, b) => b.number - a.number)[0]?.label ?? null;
}
