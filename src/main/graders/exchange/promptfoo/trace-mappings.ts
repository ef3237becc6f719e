/** Assertions about what happened: tool calls, spans, time and cost; and those that ask a model. */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { JUDGE_PRESETS } from '#shared/judge-presets.ts';
import {
  ANSWER,
  info,
  listOf,
  made,
  numberOf,
  refused,
  textOf,
  warning,
  type Assertion,
  type Mapped,
  type Mapping,
  type Note,
} from './assertion.ts';
import { boundsSource } from './code.ts';

export const TRACE_MAPPINGS: Readonly<Record<string, Mapping>> = {
  cost: ({ threshold, value }) => bound('cost', threshold ?? numberOf(value), 'It has no threshold.'),
  latency: ({ threshold, value }) =>
    bound(
      'duration_ms',
      threshold ?? numberOf(value),
      'It has no threshold.',
      info('Latency is the time of the whole trace.'),
    ),
  'tool-call-f1': ({ value, threshold }) => {
    const tools = listOf(value);
    if (tools === null) return refused('Its value is no list of tools.');
    return made({ type: 'tool_use', expected: tools, metric: 'set_f1', pass_threshold: threshold ?? 1 }, 'score');
  },
  'is-valid-openai-tools-call': () => schemaCheck(),
  'is-valid-openai-function-call': () => schemaCheck(),
  'is-valid-function-call': () => schemaCheck(),
  guardrails: () =>
    made(
      { type: 'guardrail', expect: 'not_triggered' },
      'binary',
      warning('It looks at guardrails in the trace, and not at a provider that flags content.'),
    ),
  'trace-error-spans': ({ value, threshold }) => {
    const { max_count: most = null, max_percentage: share = null, pattern = null } = isJsonObject(value) ? value : {};
    if (share !== null)
      return refused('A share of spans with errors is not counted here: give max_count, or write it as code.');
    if (pattern !== null)
      return refused('Spans with errors are not told apart by a pattern of names here: write it as code.');
    return made({ type: 'error_spans', max: numberOf(most) ?? numberOf(value) ?? threshold ?? 0 });
  },
  'trace-span-count': ({ value }) => {
    const { pattern = '*', min, max } = isJsonObject(value) ? value : {};
    const [low, high] = [numberOf(min), numberOf(max)];
    if (low === null && high === null) return refused('It has neither min nor max.');
    if (typeof pattern !== 'string') return refused('Its pattern is no text.');
    return made({
      type: 'javascript',
      source: boundsSource(
        `spans named ${pattern}`,
        `trace.spans.filter((span) => glob(${JSON.stringify(pattern)}, span.name)).length`,
        low,
        high,
      ),
    });
  },
  'trace-span-duration': ({ value }) => {
    const { pattern = '*', max, percentile = 100 } = isJsonObject(value) ? value : {};
    const [most, share] = [numberOf(max), numberOf(percentile)];
    if (most === null || share === null || typeof pattern !== 'string') return refused('It has no max.');
    const durations = `trace.spans.filter((span) => span.duration_ms !== null && glob(${JSON.stringify(pattern)}, span.name)).map((span) => span.duration_ms).sort((a, b) => a - b)`;
    return made({
      type: 'javascript',
      source: boundsSource(
        `milliseconds of spans named ${pattern}`,
        `((all) => all.length === 0 ? null : all[Math.max(0, Math.ceil((${share} / 100) * all.length) - 1)])(${durations})`,
        null,
        most,
      ),
    });
  },
  'trajectory:tool-used': ({ value, negated }) => toolUsed(value, negated),
  'trajectory:tool-args-match': ({ value }) => {
    const { name, args, arguments: given, mode } = isJsonObject(value) ? value : {};
    if (typeof name !== 'string') return refused('It names no tool.');
    const expected = args ?? given;
    return made({
      type: 'trajectory_match',
      reference: [{ name, ...(expected === undefined ? {} : { arguments: expected }) }],
      mode: 'superset',
      arguments: expected === undefined ? 'ignore' : mode === 'exact' ? 'exact' : 'superset',
    });
  },
  'trajectory:tool-sequence': ({ value }) => {
    const steps = isJsonObject(value) ? value.steps : value;
    const names = Array.isArray(steps)
      ? (steps as readonly Json[]).map((step) => (isJsonObject(step) ? (step.name ?? step.tool ?? null) : step))
      : null;
    if (names === null || names.some((name) => typeof name !== 'string') || names.length === 0)
      return refused('Its steps are no list of tools.');
    const isExact = isJsonObject(value) && value.mode === 'exact';
    return made({
      type: 'trajectory_match',
      reference: names,
      mode: isExact ? 'strict' : 'in_order',
      arguments: 'ignore',
    });
  },
  'trajectory:step-count': ({ value }) => {
    const { type = 'any', pattern, min, max } = isJsonObject(value) ? value : {};
    const [low, high] = [numberOf(min), numberOf(max)];
    if (low === null && high === null) return refused('It has neither min nor max.');
    const bounds = { ...(low === null ? {} : { min: low }), ...(high === null ? {} : { max: high }) };
    if (type === 'tool')
      return made({ type: 'tool_rules', counts: [{ tool: typeof pattern === 'string' ? pattern : '*', ...bounds }] });
    if (pattern !== undefined && pattern !== '*')
      return refused('Only tools are told apart by a pattern of names here: write it as code.');
    const unit =
      type === 'any' || type === undefined
        ? 'steps'
        : type === 'span'
          ? 'spans'
          : type === 'message'
            ? 'generations'
            : null;
    if (unit === null) return refused(`Steps of the type ${JSON.stringify(type)} are not told apart here.`);
    return made(
      {
        type: 'budget',
        ...(low === null ? {} : { min: { [unit]: low } }),
        ...(high === null ? {} : { max: { [unit]: high } }),
      },
      'binary',
      info(unit === 'steps' ? 'Steps are generations, tool calls and handoffs.' : `They are counted as ${unit}.`),
    );
  },
  'trajectory:goal-success': ({ value, source }) => {
    const [preset] = JUDGE_PRESETS.filter(({ id }) => id === 'goal_success');
    const goal = isJsonObject(value) ? textOf(value.goal ?? null) : textOf(value);
    if (!preset) return refused('There is no such judge.');
    const { name: _, ...definition } = preset.definition;
    const input = Array.isArray(definition.input) ? (definition.input as readonly Json[]) : [];
    return made(
      {
        ...definition,
        type: preset.definition.type,
        model: modelOf(source),
        input: goal === null ? input : [...input, { role: 'user', content: `What the user wanted: ${goal}` }],
      },
      'binary',
      ...judgeNotes(source),
    );
  },
  'llm-rubric': (assertion) => rubric(assertion, assertion.value),
  'g-eval': (assertion) => {
    const list = Array.isArray(assertion.value) ? (assertion.value as readonly Json[]) : [assertion.value];
    const texts = list.flatMap((each) => textOf(each) ?? []);
    if (texts.length === 0) return refused('It has no criteria.');
    return judge(
      assertion,
      'score',
      `Score how far the answer meets these criteria:\n${texts.map((each) => `- ${each}`).join('\n')}`,
      0.7,
    );
  },
  'model-graded-closedqa': (assertion) => {
    const text = textOf(assertion.value);
    if (text === null) return refused('It has no criterion.');
    return judge(assertion, 'label', `The answer passes if it meets this criterion, and else it fails:\n${text}`);
  },
  factuality: factuality,
  'model-graded-factuality': factuality,
};

function bound(what: string, most: number | null, why: string, ...notes: readonly Note[]): Mapped {
  return most === null ? refused(why) : made({ type: 'budget', max: { [what]: most } }, 'binary', ...notes);
}

function schemaCheck(): Mapped {
  return made({ type: 'tool_schema' }, 'binary', info('Calls are held against the schemas that the trace records.'));
}

function toolUsed(value: Json, negated: boolean): Mapped {
  const list: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const names = list.map((each) => (isJsonObject(each) ? (each.name ?? each.pattern ?? null) : each));
  if (names.length === 0 || names.some((name) => typeof name !== 'string' || name === ''))
    return refused('It names no tool.');
  const counted = list.flatMap((each, at): JsonObject[] => {
    if (!isJsonObject(each)) return [];
    const [min, max] = [numberOf(each.min), numberOf(each.max)];
    if (min === null && max === null) return [];
    return [{ tool: names[at] ?? '*', ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }];
  });
  if (negated && counted.length === 0) return made({ type: 'tool_rules', forbidden: names }, 'done');
  const required = names.filter((_, at) => {
    const each = list[at];
    return !isJsonObject(each) || (numberOf(each.min) === null && numberOf(each.max) === null);
  });
  return made({
    type: 'tool_rules',
    ...(required.length === 0 ? {} : { required }),
    ...(counted.length === 0 ? {} : { counts: counted }),
  });
}

function factuality(assertion: Assertion): Mapped {
  const text = textOf(assertion.value);
  if (text === null) return refused('It has no reference.');
  return made(
    {
      type: 'label_model',
      model: modelOf(assertion.source),
      input: [
        {
          role: 'system',
          content: 'You compare the facts of an answer with those of a reference. Style and wording do not count.',
        },
        {
          role: 'user',
          content: `Reference:\n${text}\n\nAnswer:\n${ANSWER}\n\nsubset: the answer says less, and all of it agrees. superset: it says more, and all of the reference is in it. same: the same facts. differs: a fact contradicts the reference. immaterial: they differ, and not in facts.`,
        },
      ],
      labels: ['subset', 'superset', 'same', 'differs', 'immaterial'],
      passing_labels: ['subset', 'superset', 'same', 'immaterial'],
      guard: true,
    },
    'binary',
    ...judgeNotes(assertion.source),
  );
}

function rubric(assertion: Assertion, value: Json): Mapped {
  const text = textOf(value) ?? (isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : null);
  if (text === null) return refused('It has no rubric.');
  return assertion.threshold === null
    ? judge(assertion, 'label', `The answer passes if it meets this rubric, and else it fails:\n${text}`)
    : judge(
        assertion,
        'score',
        `Score how far the answer meets this rubric, from 0 (not at all) to 1 (fully):\n${text}`,
      );
}

function judge(assertion: Assertion, how: 'label' | 'score', task: string, standard = 0.5): Mapped {
  const { source, threshold } = assertion;
  const input = [
    { role: 'system', content: `You grade the answer of an AI agent. ${task}` },
    { role: 'user', content: `The answer:\n${ANSWER}` },
  ];
  const common = { model: modelOf(source), input, guard: true };
  return how === 'label'
    ? made(
        { type: 'label_model', ...common, labels: ['pass', 'fail'], passing_labels: ['pass'] },
        'binary',
        ...judgeNotes(source),
      )
    : made(
        { type: 'score_model', ...common, range: [0, 1], pass_threshold: threshold ?? standard },
        'score',
        ...judgeNotes(source),
      );
}

/** `openai:chat:gpt-4.1` names a model. */
function modelOf({ provider }: JsonObject): string {
  const name = isJsonObject(provider) ? provider.id : provider;
  if (typeof name !== 'string' || /^(file|https?|exec|python):/.test(name)) return 'default';
  return name.split(':').at(-1) || 'default';
}

function judgeNotes(source: JsonObject): Note[] {
  return [
    info(
      modelOf(source) === 'default'
        ? 'The judge is the one of the endpoint in Settings, and its prompt is worded here: verdicts may differ.'
        : `The judge is ${modelOf(source)}, asked through the endpoint in Settings, and its prompt is worded here: verdicts may differ.`,
    ),
    ...(source.rubricPrompt === undefined ? [] : [warning('Its own rubricPrompt is not taken along.')]),
  ];
}
