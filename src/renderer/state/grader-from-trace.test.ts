import { expect, test } from 'vitest';
import type { GraderKindInfo, Subject, SubjectSpan, SubjectTrace } from '#shared/grader.ts';
import { ideasFrom } from './grader-from-trace.ts';

const kinds = ['string_check', 'trajectory_match'].map((type): GraderKindInfo => ({
  ...{ type, label: type, about: '', group: 'text', runs: 'pure', schema: {} },
  example: { type, name: type },
}));
const call = {
  ...{ span_id: 's', id: null, name: 'search', arguments: { q: 'Oslo' }, output: '', status: 'ok' as const },
  ...{ error: null, agent: null, schema: null },
};
const trace = {
  name: 'Trip',
  output_text: 'x',
  tool_calls: [call, { ...call, arguments: null }],
} as Partial<SubjectTrace>;
const subject: Subject = {
  item: {},
  sample: { output_text: `\n\n${'Fly to Oslo on Monday. '.repeat(20)}` },
  trace: trace as SubjectTrace,
};

test('a trace suggests its answer and its tool calls', () => {
  const ideas = ideasFrom(subject, kinds);
  expect(ideas.map(({ definition }) => definition.type)).toEqual(['string_check', 'trajectory_match']);
  const reference = ideas[0]?.definition.reference;
  expect(reference).toMatch(/^Fly to Oslo .*[^ ]$/);
  expect(JSON.stringify(reference).length).toBeLessThanOrEqual(122);
  expect(ideas[1]?.definition.reference).toEqual([{ name: 'search', arguments: { q: 'Oslo' } }, { name: 'search' }]);
});

test('a span suggests graders of spans like it', () => {
  const span = { kind: 'tool', tool: 'search', name: 'execute', agent: 'A', input: 'q', output: '3 hits' };
  const [first] = ideasFrom({ ...subject, span: span as SubjectSpan }, kinds);
  expect(first?.definition).toMatchObject({
    ...{ input: '{{ span.output }}', reference: '3 hits' },
    scope: { on: 'span', filter: { kind: 'tool', tool: 'search' } },
  });
});

test('a trace without tool calls suggests no list of them', () => {
  const bare = { ...subject, trace: { ...trace, tool_calls: [] } as unknown as SubjectTrace };
  expect(ideasFrom(bare, kinds).map(({ definition }) => definition.type)).toEqual(['string_check']);
});
