/**
 * The answer that judges are asked for. The reasons come before the result, so that a model that writes one word after
 * the other reasons first; evidence is asked for where the judge saw ids of spans, and held against the trace.
 */
import type { GradeEvidence, Subject, SubjectTrace } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { listOf } from './fields.ts';

const MOST_EVIDENCE = 20;
const LONGEST_STEP = 2_000;
const MOST_STEPS = 50;

export function answerSchema(result: JsonObject, withEvidence: boolean): JsonObject {
  return {
    type: 'object',
    properties: {
      steps: {
        type: 'array',
        description: 'The reasons, one after the other, before the result.',
        items: {
          type: 'object',
          properties: { description: { type: 'string' }, conclusion: { type: 'string' } },
          required: ['description', 'conclusion'],
          additionalProperties: false,
        },
      },
      ...(withEvidence && {
        evidence: {
          type: 'array',
          description:
            'What of the record the result rests on: ids of spans, and words that stand in them, copied exactly.',
          items: {
            type: 'object',
            properties: {
              span_id: { type: 'string' },
              quote: { type: 'string', description: 'Copied from the span; empty for the span as a whole.' },
              reason: { type: 'string', description: 'In a few words: why it counts.' },
            },
            required: ['span_id', 'quote', 'reason'],
            additionalProperties: false,
          },
        },
      }),
      result,
    },
    required: ['steps', ...(withEvidence ? ['evidence'] : []), 'result'],
    additionalProperties: false,
  };
}

export type Step = { readonly description: string; readonly conclusion: string };

export function stepsOf(value: Json): readonly Step[] {
  if (!isJsonObject(value)) return [];
  return listOf(value.steps)
    .slice(0, MOST_STEPS)
    .flatMap((step) => {
      if (typeof step === 'string') return [{ description: '', conclusion: step.slice(0, LONGEST_STEP) }];
      if (!isJsonObject(step)) return [];
      return [{ description: textOf(step.description), conclusion: textOf(step.conclusion) }];
    });
}

export function stepsText(steps: readonly Step[]): string {
  return steps
    .map(({ description, conclusion }) => [description, conclusion].filter((text) => text !== '').join(' → '))
    .filter((line) => line !== '')
    .join('\n');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_STEP) : '';
}

export type Checked = {
  readonly evidence: readonly GradeEvidence[];
  /** Named by the judge and not in the trace. */
  readonly unfound: number;
};

/** Keeps what is there: a judge may make up ids and words. */
export function checkEvidence(value: Json, { trace }: Subject): Checked {
  if (!trace || !isJsonObject(value)) return { evidence: [], unfound: 0 };
  const evidence: GradeEvidence[] = [];
  let unfound = 0;
  for (const each of listOf(value.evidence).slice(0, MOST_EVIDENCE)) {
    const found = isJsonObject(each) ? find(each, trace) : null;
    if (found) evidence.push(found);
    else unfound++;
  }
  return { evidence, unfound };
}

function find({ span_id: named, quote: said, reason }: JsonObject, trace: SubjectTrace): GradeEvidence | null {
  const id = typeof named === 'string' ? named.trim() : '';
  const quote = typeof said === 'string' && said.trim() !== '' && said.length <= LONGEST_STEP ? said.trim() : null;
  const note = typeof reason === 'string' && reason !== '' ? reason.slice(0, 300) : null;
  const span = trace.spans.find((each) => each.id === id);
  if (span) return { spanId: id, quote: quote !== null && holds(trace, id, quote) ? quote : null, note };
  // A slip in the id, and words that are there.
  const holder = quote === null ? undefined : trace.spans.findLast((each) => holds(trace, each.id, quote));
  return holder ? { spanId: holder.id, quote, note } : null;
}

function holds(trace: SubjectTrace, spanId: string, quote: string): boolean {
  const span = trace.spans.find(({ id }) => id === spanId);
  if (!span) return false;
  return [span.output, span.input, span.error ?? ''].some((text) => text.includes(quote));
}
