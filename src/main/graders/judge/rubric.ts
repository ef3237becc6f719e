/** A list of questions that are answered with yes or no, each a reward of its own. */
import type { GraderDefinition, GraderProblem } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { graderSchema, PASS_THRESHOLD } from '../text/fields.ts';
import { templateProblems } from '../template.ts';
import type { GradeContext, GraderKind, Verdict } from '../types.ts';
import { thresholdOf } from '../verdict.ts';
import { COMMON, INPUT, listOf, MODEL, samplingProblems } from './fields.ts';
import { messageNeeds, messageProblems } from './messages.ts';
import type { Voice } from './panel.ts';
import { askPanel, combineOf } from './panel.ts';

const MOST_ITEMS = 50;

export const rubric: GraderKind = {
  type: 'rubric',
  label: 'Rubric',
  about: 'A model answers a list of yes-or-no questions, each of which counts by itself.',
  group: 'judge',
  runs: 'endpoint',
  schema: graderSchema('rubric', ['model', 'items'], {
    model: MODEL,
    items: {
      type: 'array',
      title: 'Questions',
      minItems: 1,
      maxItems: MOST_ITEMS,
      items: {
        type: 'object',
        required: ['question'],
        properties: {
          id: { type: 'string', title: 'Name', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
          question: { type: 'string', title: 'Question', minLength: 1 },
          good: { type: 'string', title: 'Good answer', enum: ['yes', 'no'] },
          weight: { type: 'number', title: 'Weight', minimum: 0 },
        },
      },
    },
    input: { ...INPUT, description: 'What the judge is shown; without it, the transcript of the trace.' },
    pass_threshold: PASS_THRESHOLD,
    ...COMMON,
  }),
  example: {
    type: 'rubric',
    name: 'Support rubric',
    model: 'default',
    items: [
      { id: 'answered', question: 'Does the final answer settle what the user asked for?' },
      { id: 'polite', question: 'Is every message to the user polite?' },
      { id: 'invented', question: 'Does an agent state a fact that no tool, document or user gave?', good: 'no' },
    ],
    pass_threshold: 1,
  },
  check: (definition) => [
    ...itemProblems(definition),
    ...messageProblems(listOf(definition.input)),
    ...samplingProblems(definition),
  ],
  needs: (definition) => messageNeeds(inputOf(definition)),
  grade: gradeRubric,
};

type Item = { readonly id: string; readonly question: string; readonly good: Answer; readonly weight: number };
type Answer = 'yes' | 'no' | 'not_applicable';

export function itemsOf({ items }: GraderDefinition): readonly Item[] {
  return listOf(items).flatMap((item, index) => {
    if (!isJsonObject(item) || typeof item.question !== 'string') return [];
    return [
      {
        id: typeof item.id === 'string' && item.id !== '' ? item.id : `item_${index + 1}`,
        question: item.question,
        good: item.good === 'no' ? 'no' : 'yes',
        weight: typeof item.weight === 'number' && item.weight >= 0 ? item.weight : 1,
      } as const,
    ];
  });
}

function itemProblems(definition: GraderDefinition): GraderProblem[] {
  const items = itemsOf(definition);
  const problems = items.flatMap(({ id }, index): GraderProblem[] =>
    items.findIndex((other) => other.id === id) === index
      ? []
      : [{ severity: 'error', path: `/items/${index}/id`, message: `"${id}" is the name of another question too.` }],
  );
  if (items.length > 0 && items.every(({ weight }) => weight === 0))
    problems.push({ severity: 'error', path: '/items', message: 'At least one question has a weight.' });
  const templates = items.flatMap(({ question }, index) => templateProblems(question, `/items/${index}/question`));
  return [...problems, ...templates];
}

const DEFAULT_INPUT: readonly Json[] = [{ role: 'user', content: '{{ trace.transcript }}' }];

/** The questions come last: after a long record they are what is fresh. */
function inputOf(definition: GraderDefinition): readonly Json[] {
  const given = listOf(definition.input);
  const questions = itemsOf(definition)
    .map(({ id, question }) => `${id}: ${question}`)
    .join('\n');
  return [
    {
      role: 'system',
      content:
        'You answer questions about what AI agents did. Answer each by itself, with "yes" or "no", from what you are shown and nothing else; "not_applicable" only where the question cannot arise.',
    },
    ...(given.length > 0 ? given : DEFAULT_INPUT),
    { role: 'user', content: `Questions:\n${questions}` },
  ];
}

function resultSchema(items: readonly Item[]): JsonObject {
  const answer = {
    type: 'object',
    properties: {
      reason: { type: 'string' },
      answer: { type: 'string', enum: ['yes', 'no', 'not_applicable'] },
    },
    required: ['reason', 'answer'],
    additionalProperties: false,
  };
  return {
    type: 'object',
    properties: Object.fromEntries(items.map(({ id }) => [id, answer])),
    required: items.map(({ id }) => id),
    additionalProperties: false,
  };
}

type Given = { readonly answer: Answer; readonly reason: string };
type Answers = ReadonlyMap<string, Given>;

async function gradeRubric(definition: GraderDefinition, context: GradeContext): Promise<Verdict> {
  const items = itemsOf(definition);
  const asked = await askPanel(definition, context, inputOf(definition), resultSchema(items), (value) =>
    readAnswers(value, items),
  );
  if ('verdict' in asked) return asked.verdict;
  const { voices, base } = asked.panel;
  const combine = combineOf(definition, 'majority');
  const rewards = items.map((item) => ({ ...item, reward: rewardOf(item, voices, combine) }));
  const subRewards = Object.fromEntries(rewards.map(({ id, reward }) => [id, reward]));
  const counting = rewards.flatMap(({ reward, weight }) =>
    reward === null || weight === 0 ? [] : [{ reward, weight }],
  );
  const notes = { ...base.notes, items: rewards.map((item) => describe(item, voices)), combine };
  if (counting.length === 0)
    return {
      status: 'not_applicable',
      ...base,
      notes,
      subRewards,
      explanation: 'No question of the rubric can arise here.',
    };
  const all = counting.reduce((sum, { weight }) => sum + weight, 0);
  const score = counting.reduce((sum, { reward, weight }) => sum + reward * weight, 0) / all;
  return {
    status: 'graded',
    score,
    ...base,
    subRewards,
    notes: { ...notes, pass_threshold: thresholdOf(definition) },
    explanation: explain(rewards, voices),
  };
}

function readAnswers(value: Json | undefined, items: readonly Item[]): Result<Answers, string> {
  if (!isJsonObject(value)) return fail('The answer of the judge holds no result for the questions.');
  const answers = new Map<string, Given>();
  for (const { id } of items) {
    const given = value[id];
    const answer = answerOf(isJsonObject(given) ? given.answer : given);
    if (answer === null) return fail(`The judge did not answer "${id}" with yes or no.`);
    const reason = isJsonObject(given) && typeof given.reason === 'string' ? given.reason.slice(0, 2_000) : '';
    answers.set(id, { answer, reason });
  }
  return ok(answers);
}

function answerOf(value: Json | undefined): Answer | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'yes' || word === 'no') return word;
  return ['not_applicable', 'not applicable', 'n/a', 'na'].includes(word) ? 'not_applicable' : null;
}

/** 1 = good, 0 = not; null = not applicable. Of a tie between judges, what is not good counts. */
function rewardOf({ id, good }: Item, voices: readonly Voice<Answers>[], combine: 'majority' | 'mean'): number | null {
  const answers = voices.map(({ value }) => value.get(id)?.answer ?? 'not_applicable');
  const said = answers.filter((answer) => answer !== 'not_applicable');
  const goods = said.filter((answer) => answer === good).length;
  if (said.length === 0 || (combine === 'majority' && said.length * 2 < answers.length)) return null;
  if (combine === 'mean') return goods / said.length;
  return goods * 2 > said.length ? 1 : 0;
}

function describe(
  { id, question, reward }: Item & { readonly reward: number | null },
  voices: readonly Voice<Answers>[],
): JsonObject {
  const [first] = voices.flatMap(({ value }) => value.get(id) ?? []);
  return {
    id,
    question,
    reward,
    answers: voices.map(({ value }) => value.get(id)?.answer ?? null),
    reason: first?.reason ?? '',
  };
}

function explain(
  rewards: readonly (Item & { readonly reward: number | null })[],
  voices: readonly Voice<Answers>[],
): string {
  const good = rewards.filter(({ reward }) => reward !== null && reward >= 0.5).length;
  const counting = rewards.filter(({ reward }) => reward !== null).length;
  const lines = rewards
    .filter(({ reward }) => reward === null || reward < 1)
    .map(({ id, reward }) => {
      const reason = voices[0]?.value.get(id)?.reason ?? '';
      return `${id}: ${reward === null ? 'not applicable' : `${Number(reward.toFixed(2))}`}${reason === '' ? '' : `. ${reason}`}`;
    });
  return [`${good} of ${counting} questions are answered well.`, ...lines].join('\n');
}
