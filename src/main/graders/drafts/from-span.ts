/** What one span suggests: that others do as it did, or not. */
import type { GraderDefinition, Subject, SubjectSpan, SubjectTrace } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { beginning, short } from './words.ts';

const LONGEST_ARGUMENTS = 4_000;

export function draftsFromSpan({ trace, span }: Subject): GraderDefinition[] {
  if (!trace || !span) return [];
  return [
    ...(span.status === 'error' ? errors(span) : []),
    ...(span.kind === 'tool' ? toolCall(trace, span) : []),
    ...handoffs(trace, span),
    ...(span.kind === 'guardrail' ? guardrail(trace, span) : []),
    ...(span.kind === 'generation' || span.kind === 'agent' ? answer(trace, span) : []),
    ...likeThis(span),
  ];
}

function errors({ tool, agent, name, kind }: SubjectSpan): GraderDefinition[] {
  const what = tool ?? (agent === null ? name : agent);
  const only: JsonObject =
    tool !== null && tool !== ''
      ? { tools: [tool] }
      : agent !== null && agent !== ''
        ? { agents: [agent] }
        : { kinds: [kind] };
  return [
    { type: 'error_spans', name: `No errors of ${short(what)}`, max: 0, ...only },
    { type: 'error_spans', name: 'No errors', max: 0 },
    ...(tool !== null && tool !== ''
      ? [{ type: 'retries', name: `${short(tool)} gets through`, max: 1, must_recover: true, tools: [tool] }]
      : []),
  ];
}

function toolCall(trace: SubjectTrace, span: SubjectSpan): GraderDefinition[] {
  const call = trace.tool_calls.find(({ span_id: id }) => id === span.id);
  const tool = call?.name ?? span.tool ?? span.name;
  if (tool === '') return [];
  const given: Json = call?.arguments ?? null;
  const hasArguments = given !== null && JSON.stringify(given).length <= LONGEST_ARGUMENTS;
  return [
    ...(hasArguments
      ? [
          {
            type: 'trajectory_match',
            name: `Calls ${short(tool)} like this`,
            reference: [{ name: tool, arguments: given }],
            mode: 'superset',
            arguments: 'superset',
          },
        ]
      : []),
    { type: 'tool_rules', name: `Calls ${short(tool)}`, required: [tool] },
    { type: 'tool_schema', name: `Valid arguments of ${short(tool)}`, tools: [tool] },
    { type: 'tool_rules', name: `Never calls ${short(tool)}`, forbidden: [tool] },
  ];
}

function handoffs(trace: SubjectTrace, { id }: SubjectSpan): GraderDefinition[] {
  const edges = trace.edges.filter(
    (edge) => edge.span_id === id && (edge.kind === 'handoff' || edge.kind === 'agent_call'),
  );
  return edges.slice(0, 3).flatMap(({ from, to, kind }): GraderDefinition[] => {
    const pair = { from: agentOf(from), to: agentOf(to) };
    if (pair.from === '' || pair.to === '') return [];
    const calls: JsonObject = kind === 'agent_call' ? { agent_calls: true } : {};
    const named = `${short(pair.from, 40)} to ${short(pair.to, 40)}`;
    return [
      { type: 'handoff', name: `Hands from ${named}`, expected: [pair], ...calls },
      { type: 'handoff', name: `Never hands from ${named}`, forbidden: [pair], ...calls },
    ];
  });
}

function guardrail(trace: SubjectTrace, { id, name }: SubjectSpan): GraderDefinition[] {
  const known = trace.guardrails.find(({ span_id: span }) => span === id);
  const expect = known?.triggered === true ? 'triggered' : 'not_triggered';
  return [
    {
      type: 'guardrail',
      name: `${short(name) || 'Guardrail'} is ${expect === 'triggered' ? '' : 'not '}triggered`,
      expect,
      ...(name === '' ? {} : { names: [name] }),
    },
  ];
}

function answer(trace: SubjectTrace, { output: text }: SubjectSpan): GraderDefinition[] {
  const isFinal = text !== '' && text.trim() === trace.output_text.trim();
  const said = beginning(isFinal ? trace.output_text : text);
  const checks: GraderDefinition[] =
    said === ''
      ? []
      : [
          { type: 'final_answer', name: 'Answer says the same', check: 'contains', reference: said, ignore_case: true },
          {
            type: 'string_check',
            name: 'Answer contains',
            input: '{{ sample.output_text }}',
            reference: said,
            operation: 'ilike',
          },
        ];
  return [
    ...checks,
    {
      type: 'score_model',
      name: 'Quality of the answer',
      model: 'default',
      input: [
        {
          role: 'system',
          content:
            'You judge the final answer of an AI agent. Score how well it does what the user asked for: 1 = fully, 0 = not at all.',
        },
        {
          role: 'user',
          content: 'The user asked:\n{{ trace.input }}\n\nThe agent answered:\n{{ sample.output_text }}',
        },
      ],
      range: [0, 1],
      pass_threshold: 0.7,
      guard: true,
    },
  ];
}

/** Of each span like this one. */
function likeThis(span: SubjectSpan): GraderDefinition[] {
  const { tool, agent, name, kind } = span;
  const what = short(tool ?? name) || kind;
  const filter: JsonObject = {
    kind,
    ...(tool !== null && tool !== ''
      ? { tool }
      : agent !== null && agent !== ''
        ? { agent }
        : name === ''
          ? {}
          : { name }),
  };
  const check = { type: 'string_check', operation: 'ilike' } as const;
  const [given, said] = [beginning(span.input), beginning(span.output)];
  return [
    ...(said === ''
      ? []
      : [
          {
            ...check,
            ...{ name: `Output of ${what}`, input: '{{ span.output }}', reference: said },
            scope: { on: 'span', filter, aggregate: 'any' },
          },
        ]),
    ...(given === ''
      ? []
      : [
          {
            ...check,
            ...{ name: `Input of ${what}`, input: '{{ span.input }}', reference: given },
            scope: { on: 'span', filter, aggregate: 'any' },
          },
        ]),
    {
      ...{ type: 'string_check', operation: 'ne', name: `${what} succeeds` },
      ...{ input: '{{ span.status }}', reference: 'error', scope: { on: 'span', filter, aggregate: 'all' } },
    },
  ];
}

export function agentOf(nodeId: string): string {
  return nodeId.slice(nodeId.indexOf(':') + 1);
}
