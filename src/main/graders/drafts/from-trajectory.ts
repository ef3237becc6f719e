/** What a good trace suggests: that others go the way that it went, and take not much more. */
import type { GraderDefinition, SubjectTrace } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import { expectedTrajectory } from '../trajectory/from-trace.ts';
import { stepsIn } from '../trajectory/kind.ts';
import { agentOf } from './from-span.ts';
import { beginning, short } from './words.ts';

const MOST = 100;
/** So much more than the good trace may others take. */
const SLACK = 1.5;

export function draftsFromTrajectory(trace: SubjectTrace): GraderDefinition[] {
  const named = short(trace.name.trim() === '' ? trace.id : trace.name, 60);
  return [
    ...answer(trace, named),
    expectedTrajectory(trace),
    ...handoffs(trace, named),
    ...tools(trace, named),
    ...budget(trace, named),
    ownCode(named),
  ];
}

function handoffs(trace: SubjectTrace, named: string): GraderDefinition[] {
  const expected = trace.handoffs
    .slice(0, MOST)
    .map(({ from, to }) => ({ from: agentOf(from), to: agentOf(to) }))
    .filter(({ from, to }) => from !== '' && to !== '');
  // Without tool calls the expected trajectory is this already.
  if (expected.length === 0 || trace.tool_calls.length === 0) return [];
  return [{ type: 'handoff', name: `Handoffs of ${named}`, expected, in_order: true }];
}

function tools({ tool_calls: calls }: SubjectTrace, named: string): GraderDefinition[] {
  const names = [...new Set(calls.map(({ name }) => name).filter((name) => name !== ''))].slice(0, MOST);
  if (names.length === 0) return [];
  const order = names
    .slice(1, 20)
    .map((then, at): JsonObject => ({ first: names[at] ?? '', then, rule: 'only_after' }));
  return [
    { type: 'tool_rules', name: `Tools of ${named}`, required: names, ...(order.length === 0 ? {} : { order }) },
    { type: 'tool_use', name: `Right tools, as in ${named}`, expected: names, metric: 'set_f1', pass_threshold: 1 },
  ];
}

function budget(trace: SubjectTrace, named: string): GraderDefinition[] {
  const amounts: Readonly<Record<string, number | null>> = {
    duration_ms: trace.duration_ms,
    cost: trace.cost,
    total_tokens: trace.usage.total_tokens,
    tool_calls: trace.tool_calls.length,
    steps: stepsIn(trace),
  };
  const max = Object.fromEntries(
    Object.entries(amounts).flatMap(([what, amount]) =>
      amount === null || !(amount > 0) || !Number.isFinite(amount)
        ? []
        : [[what, what === 'cost' ? Number((amount * SLACK).toPrecision(3)) : Math.ceil(amount * SLACK)] as const],
    ),
  );
  if (Object.keys(max).length === 0) return [];
  return [{ type: 'budget', name: `At most half as much again as ${named}`, max }];
}

function answer({ output_text: text }: SubjectTrace, named: string): GraderDefinition[] {
  const said = beginning(text);
  if (said === '') return [];
  const input = '{{ sample.output_text }}';
  return [{ type: 'string_check', name: `Answer of ${named}`, input, reference: said, operation: 'ilike' }];
}

function ownCode(named: string): GraderDefinition {
  return {
    type: 'javascript',
    name: `Code for ${named}`,
    source: [
      '// sample.output_text is the final answer; trace and span are there, too.',
      'function grade(sample, item) {',
      '  return sample.output_text.length > 0 ? 1 : 0;',
      '}',
    ].join('\n'),
  };
}
