/** OpenAI's `score_model`: a model gives a number, which is held to a range. */
import type { GraderDefinition, GraderProblem } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { graderSchema, PASS_THRESHOLD } from '../text/fields.ts';
import type { GradeContext, GraderKind, Verdict } from '../types.ts';
import { directionOf, thresholdOf } from '../verdict.ts';
import { stepsText } from './answer.ts';
import { COMMON, INPUT, listOf, MODEL, samplingProblems } from './fields.ts';
import { messageNeeds, messageProblems } from './messages.ts';
import { askPanel, combineOf } from './panel.ts';

export const scoreModel: GraderKind = {
  type: 'score_model',
  label: 'Score by a model',
  about: 'A model reads what you show it and gives a number.',
  group: 'judge',
  runs: 'endpoint',
  schema: graderSchema('score_model', ['model', 'input'], {
    model: MODEL,
    input: INPUT,
    range: {
      type: ['array', 'null'],
      title: 'Range',
      minItems: 2,
      maxItems: 2,
      items: { type: 'number' },
      description: 'Lowest and highest score, 0 and 1 unless given; what lies outside is moved to the nearer one.',
    },
    pass_threshold: {
      ...PASS_THRESHOLD,
      description: 'The score from which it passes, this one included. Without one: the middle of the range.',
    },
    ...COMMON,
  }),
  example: {
    type: 'score_model',
    name: 'Quality of the answer',
    model: 'default',
    input: [
      {
        role: 'system',
        content:
          'You judge the work of an AI agent. Score how well the final answer does what the user asked for: 1 = fully, 0 = not at all.',
      },
      { role: 'user', content: '{{ trace.transcript }}' },
    ],
    range: [0, 1],
    pass_threshold: 0.7,
  },
  check: (definition) => [
    ...rangeProblems(definition),
    ...messageProblems(listOf(definition.input)),
    ...samplingProblems(definition),
  ],
  needs: ({ input }) => messageNeeds(listOf(input)),
  grade: gradeScore,
};

function rangeProblems({ range }: GraderDefinition): GraderProblem[] {
  const [low, high] = listOf(range);
  if (range === undefined || range === null || (typeof low === 'number' && typeof high === 'number' && low < high))
    return [];
  return [{ severity: 'error', path: '/range', message: 'A range is its lowest and its highest score.' }];
}

export function rangeOf({ range }: GraderDefinition): readonly [number, number] {
  const [low, high] = listOf(range);
  return typeof low === 'number' && typeof high === 'number' ? [low, high] : [0, 1];
}

async function gradeScore(definition: GraderDefinition, context: GradeContext): Promise<Verdict> {
  const range = rangeOf(definition);
  const [low, high] = range;
  const schema = { type: 'number', description: `From ${low} to ${high}.` };
  const asked = await askPanel(definition, context, listOf(definition.input), schema, (value) => readScore(value));
  if ('verdict' in asked) return asked.verdict;
  const { voices, base } = asked.panel;
  const scores = voices.map(({ value }) => clamp(value, range));
  const combine = combineOf(definition, 'mean');
  const score = combine === 'mean' ? mean(scores) : median(scores, directionOf(definition) === 'minimise');
  const threshold = thresholdOf(definition);
  const clamped = voices.find(({ value }) => value !== clamp(value, range));
  return {
    status: 'graded',
    score,
    ...base,
    explanation: explain(score, scores, combine, range, stepsText(nearest(voices, scores, score).steps)),
    notes: {
      ...base.notes,
      pass_threshold: threshold,
      ...(scores.length > 1 && { scores, combine }),
      ...(clamped && { clamped_from: clamped.value }),
    },
  };
}

/** A number, also as text: models that cannot do schemas write "0.9". Nothing else is one: true is no score. */
export function readScore(value: Json | undefined): Result<number, string> {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)
        ? Number(value)
        : NaN;
  if (Number.isFinite(number)) return ok(number);
  return fail(
    value === undefined
      ? 'The answer of the judge holds no result.'
      : `The result of the judge is no number: ${JSON.stringify(value).slice(0, 100)}.`,
  );
}

export function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** It passes where more than half of the judges pass; of an even number, the middle one that passes less is taken. */
function median(values: readonly number[], lowIsGood: boolean): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = lowIsGood ? Math.floor(sorted.length / 2) : Math.floor((sorted.length - 1) / 2);
  return sorted[middle] ?? NaN;
}

function nearest<T>(voices: readonly T[], scores: readonly number[], score: number): T {
  let best = 0;
  for (const [index, each] of scores.entries())
    if (Math.abs(each - score) < Math.abs((scores[best] ?? NaN) - score)) best = index;
  const voice = voices[best];
  if (voice === undefined) throw new Error('a panel has a voice');
  return voice;
}

function explain(
  score: number,
  scores: readonly number[],
  combine: string,
  [low, high]: readonly [number, number],
  steps: string,
): string {
  const of = `of ${low} to ${high}`;
  const what =
    scores.length === 1
      ? `The judge gives ${round(score)} ${of}.`
      : `${scores.length} judges give ${scores.map(round).join(', ')}; ${combine === 'mean' ? 'their mean' : 'what most reach'} is ${round(score)} ${of}.`;
  return steps === '' ? what : `${what}\n${steps}`;
}

function round(value: number): string {
  return String(Number(value.toFixed(3)));
}
