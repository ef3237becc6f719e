/** `tool_use`: how well the tools that were called agree with the expected ones, as a number. */
import type { JsonObject } from '#shared/json.ts';
import { templateNeeds } from '../template.ts';
import type { GraderKind, Verdict } from '../types.ts';
import type { Call } from './calls.ts';
import { callsOf, flat } from './calls.ts';
import { choiceOf, count, evidenceOf, graded, listed, trajectoryKind } from './kind.ts';
import { listOf, problemsOf } from './match.ts';
import { pairCalls } from './matching.ts';
import { MOST_ALIGNED, measureNames, ragasAccuracy, toolCorrectness } from './tool-metrics.ts';

const MEASURES = [
  'f1',
  'precision',
  'recall',
  'set_f1',
  'ordered_ratio',
  'edit_similarity',
  'exact',
  'in_order',
  'any_order',
  'argument_accuracy',
  'argument_accuracy_any_order',
  'tool_correctness',
  'tool_correctness_in_order',
] as const;
type Measure = (typeof MEASURES)[number];

/** Which of them have nothing to divide by when nothing was expected and nothing was called. */
const UNDEFINED: readonly Measure[] = ['f1', 'precision', 'recall'];

const CALLS: JsonObject = {
  anyOf: [
    { type: 'string', format: 'template' },
    { type: 'array', items: { type: ['string', 'object'] } },
  ],
};

export const toolUse: GraderKind = trajectoryKind({
  type: 'tool_use',
  label: 'Tool use',
  about: 'How well the tools that were called agree with the expected ones: precision, recall, F1 and others.',
  required: ['expected'],
  fields: {
    expected: {
      ...CALLS,
      title: 'Expected tools',
      description: 'Names of tools, or calls with arguments, or a path to such a list: {{ item.expected_tools }}.',
    },
    metric: {
      enum: MEASURES,
      default: 'f1',
      title: 'Measure',
      description:
        'The score; all of them are in the result. precision: share of the calls that were expected; recall: share of the expected ones that were called; set_f1: each name once; ordered_ratio: longest common order; argument_accuracy: as ragas; tool_correctness: as DeepEval.',
    },
    actual: { ...CALLS, title: 'Calls that are judged', description: "The trace's tool calls unless given." },
  },
  example: { name: 'Right tools', expected: ['search', 'book'], metric: 'f1' },
  check: (definition) => [...problemsOf(definition.expected, '/expected'), ...problemsOf(definition.actual, '/actual')],
  needs: (definition) =>
    templateNeeds([definition.expected, definition.actual].filter((each) => typeof each === 'string')),
  grade: (definition, { subject }) => {
    const expected = listOf(definition.expected ?? [], subject, 'expected');
    if (!expected.ok) return expected.error;
    const actual = definition.actual === undefined ? null : listOf(definition.actual ?? [], subject, 'actual');
    if (actual && !actual.ok) return actual.error;
    const called = actual ? flat(actual.value) : callsOf(subject);
    if (subject.trace?.running) return { status: 'not_applicable', explanation: 'The trace is still running.' };
    return verdictOf(choiceOf(definition.metric, MEASURES, 'f1'), called, flat(expected.value));
  },
});

function verdictOf(metric: Measure, called: readonly Call[], expected: readonly Call[]): Verdict {
  const names = measureNames(
    called.map(({ name }) => name),
    expected.map(({ name }) => name),
  );
  const measures: Readonly<Record<Measure, number>> = {
    f1: names.f1,
    precision: names.precision,
    recall: names.recall,
    set_f1: names.set_f1,
    ordered_ratio: names.ordered_ratio,
    edit_similarity: names.normalized_edit_similarity,
    exact: Number(names.exact),
    in_order: Number(names.in_order),
    any_order: Number(names.any_order),
    argument_accuracy: ragasAccuracy(called, expected, false),
    argument_accuracy_any_order: ragasAccuracy(called, expected, true),
    tool_correctness: toolCorrectness(called, expected, false),
    tool_correctness_in_order: toolCorrectness(called, expected, true),
  };
  const said = `${count(called.length, 'tool call')} made, ${expected.length} expected`;
  if (called.length === 0 && expected.length === 0 && UNDEFINED.includes(metric))
    return {
      status: 'not_applicable',
      explanation: `${said}: ${metric} has nothing to divide by.`,
      subRewards: measures,
    };
  const { extra, missing } = pairCalls(called, expected, () => 'ignore');
  const parts = [
    ...(missing.length > 0 ? [`missing ${listed(missing.map((k) => expected[k]?.name ?? ''))}`] : []),
    ...(extra.length > 0 ? [`not expected ${listed(extra.map((k) => called[k]?.name ?? ''))}`] : []),
  ];
  const score = measures[metric];
  return graded(score, `${metric} ${round(score)}: ${said}${parts.length > 0 ? `; ${parts.join('; ')}` : ''}.`, {
    evidence: evidenceOf(
      extra.map((k) => called[k]?.spanId),
      'not expected',
    ),
    subRewards: measures,
    notes: {
      edit_distance: names.edit_distance,
      redundant_calls: names.redundant_calls,
      ...(Math.max(called.length, expected.length) > MOST_ALIGNED ? { order_compared_up_to: MOST_ALIGNED } : {}),
    },
  });
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
