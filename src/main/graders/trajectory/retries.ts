/** `retries`: tool calls that try again what had failed. */
import type { SubjectCall } from '#shared/grader.ts';
import type { GraderKind } from '../types.ts';
import { nameTest } from './calls.ts';
import { amount, count, evidenceOf, graded, listed, numberOf, textsOf, traceKind } from './kind.ts';

export const retries: GraderKind = traceKind({
  type: 'retries',
  label: 'Retries',
  about: 'How often agents tried a tool again after it had failed, and whether they got through.',
  fields: {
    max: { type: 'integer', minimum: 0, default: 0, title: 'Retries at most', description: 'Of all tools together.' },
    max_per_tool: { type: 'integer', minimum: 0, title: 'Of one tool at most' },
    must_recover: {
      type: 'boolean',
      default: false,
      title: 'Must get through',
      description: 'Every tool that failed must have worked in the last call by the same agent.',
    },
    tools: {
      type: 'array',
      items: { type: 'string' },
      title: 'Tools',
      description: 'Only these; * stands for any text.',
    },
  },
  example: { name: 'Few retries', max: 2 },
  grade: (definition, trace) => {
    const tests = textsOf(definition.tools).map(nameTest);
    const calls = trace.tool_calls.filter(({ name }) => tests.length === 0 || tests.some((test) => test(name)));
    if (calls.length === 0) return { status: 'not_applicable', explanation: 'No such tool was called.' };
    const byTool = new Map<string, SubjectCall[]>();
    for (const call of calls) {
      const key = JSON.stringify([call.agent, call.name]);
      const list = byTool.get(key);
      if (list) list.push(call);
      else byTool.set(key, [call]);
    }
    const tried = [...byTool.values()].map((list) => ({
      name: list[0]?.name ?? '',
      again: list.filter((_call, k) => k > 0 && list[k - 1]?.status === 'error'),
      failedLast: list.at(-1)?.status === 'error' ? list.at(-1) : undefined,
    }));
    const again = tried.flatMap((each) => each.again);
    const max = numberOf(definition.max) ?? (definition.max_per_tool === undefined ? 0 : Infinity);
    const perTool = numberOf(definition.max_per_tool) ?? Infinity;
    const often = tried.filter((each) => each.again.length > perTool);
    const stuck = definition.must_recover === true && !trace.running ? tried.filter((each) => each.failedLast) : [];
    const said = [
      ...(again.length > max ? [`${count(again.length, 'retry', 'retries')}, at most ${amount(max)}`] : []),
      ...(often.length > 0
        ? [`too many of ${listed(often.map(({ name }) => name))} (at most ${amount(perTool)} each)`]
        : []),
      ...(stuck.length > 0 ? [`${listed(stuck.map(({ name }) => name))} failed to the last`] : []),
    ];
    const all = `${count(again.length, 'retry', 'retries')} in ${count(calls.length, 'tool call')}`;
    return graded(said.length === 0, said.length === 0 ? `${all}.` : `${all}: ${said.join('; ')}.`, {
      evidence: [
        ...evidenceOf(
          again.map(({ span_id: id }) => id),
          'retry',
        ),
        ...evidenceOf(
          stuck.map(({ failedLast }) => failedLast?.span_id),
          'failed to the last',
        ),
      ].slice(0, 50),
      notes: { retries: again.length },
    });
  },
});
