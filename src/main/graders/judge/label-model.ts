/** OpenAI's `label_model`: a model chooses one of the labels; some of them pass. */
import type { GraderDefinition, GraderProblem } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { graderSchema } from '../text/fields.ts';
import type { GradeContext, GraderKind, Verdict } from '../types.ts';
import { thresholdOf } from '../verdict.ts';
import { stepsText } from './answer.ts';
import { COMMON, INPUT, listOf, MODEL, samplingProblems, textsOf } from './fields.ts';
import { messageNeeds, messageProblems } from './messages.ts';
import { askPanel, combineOf } from './panel.ts';

const LABELS = {
  type: 'array',
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  items: { type: 'string', minLength: 1 },
};

export const labelModel: GraderKind = {
  type: 'label_model',
  label: 'Label by a model',
  about: 'A model reads what you show it and chooses one of your labels.',
  group: 'judge',
  runs: 'endpoint',
  schema: graderSchema('label_model', ['model', 'input', 'labels', 'passing_labels'], {
    model: MODEL,
    input: INPUT,
    labels: { ...LABELS, title: 'Labels' },
    passing_labels: { ...LABELS, title: 'Labels that pass', minItems: 0 },
    not_applicable_labels: {
      ...LABELS,
      title: 'Labels for "not applicable"',
      minItems: 0,
      description: 'A trace with one of these counts neither as passed nor as failed.',
    },
    ...COMMON,
  }),
  example: {
    type: 'label_model',
    name: 'Tone',
    model: 'default',
    input: [
      { role: 'system', content: 'You label the tone of the final answer of an AI agent towards its user.' },
      { role: 'user', content: '{{ trace.transcript }}' },
    ],
    labels: ['friendly', 'neutral', 'rude'],
    passing_labels: ['friendly', 'neutral'],
  },
  check: (definition) => [
    ...labelProblems(definition),
    ...messageProblems(listOf(definition.input)),
    ...samplingProblems(definition),
  ],
  needs: ({ input }) => messageNeeds(listOf(input)),
  grade: gradeLabel,
};

function labelProblems(definition: GraderDefinition): GraderProblem[] {
  const labels = textsOf(definition.labels);
  return ['passing_labels', 'not_applicable_labels'].flatMap((field) =>
    textsOf(definition[field])
      .map((label, index): GraderProblem | null =>
        labels.includes(label)
          ? null
          : { severity: 'error', path: `/${field}/${index}`, message: `"${label}" is none of the labels.` },
      )
      .filter((problem) => problem !== null),
  );
}

async function gradeLabel(definition: GraderDefinition, context: GradeContext): Promise<Verdict> {
  const labels = textsOf(definition.labels);
  const passing = new Set(textsOf(definition.passing_labels));
  const none = new Set(textsOf(definition.not_applicable_labels));
  const schema = { type: 'string', enum: labels };
  const asked = await askPanel(definition, context, listOf(definition.input), schema, (value) =>
    readLabel(value, labels),
  );
  if ('verdict' in asked) return asked.verdict;
  const { voices, base } = asked.panel;
  const votes = voices.map(({ value }) => value);
  const label = mostOf(votes, (each) => (passing.has(each) ? 2 : none.has(each) ? 1 : 0));
  const combine = combineOf(definition, 'majority');
  const steps = stepsText(voices.find(({ value }) => value === label)?.steps ?? []);
  const said = votes.length === 1 ? `The judge says "${label}".` : `${counted(votes)}: "${label}".`;
  const explanation = steps === '' ? said : `${said}\n${steps}`;
  const notes = { ...base.notes, ...(votes.length > 1 && { labels: votes, combine }) };
  if (none.has(label)) return { status: 'not_applicable', label, ...base, explanation, notes };
  const applicable = votes.filter((each) => !none.has(each));
  const share = applicable.filter((each) => passing.has(each)).length / applicable.length;
  const score = combine === 'mean' ? share : passing.has(label) ? 1 : 0;
  // Labels pass or fail whatever the direction says of scores.
  const passed = combine === 'mean' ? share >= thresholdOf(definition) : passing.has(label);
  return { status: 'graded', score, label, passed, ...base, explanation, notes };
}

export function readLabel(value: Json | undefined, labels: readonly string[]): Result<string, string> {
  const label = typeof value === 'string' ? labels.find((each) => each === value || each === value.trim()) : undefined;
  if (label !== undefined) return ok(label);
  return fail(
    value === undefined
      ? 'The answer of the judge holds no result.'
      : `The judge gave none of the labels: ${JSON.stringify(value).slice(0, 100)}.`,
  );
}

/** The most frequent one; of a tie, the one with the lowest rank. */
function mostOf(votes: readonly string[], rank: (label: string) => number): string {
  const counts = new Map<string, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  const [most] = [...counts].sort(([a, many], [b, other]) => other - many || rank(a) - rank(b));
  return most?.[0] ?? '';
}

function counted(votes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  return `Of ${votes.length} judges, ${[...counts].map(([label, many]) => `${many} say "${label}"`).join(' and ')}`;
}
