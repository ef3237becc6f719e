import { expect, test } from 'vitest';
import { decodeFixture, kindsOf } from '../../../../test/support/format-facts.ts';
import { atif } from './index.ts';

test('terminus: steps of one agent; observations without calls are spans of their own', () => {
  const { spans, traces } = decodeFixture(atif, 'terminus');
  expect(kindsOf(spans)).toEqual({ agent: 1, generation: 3, custom: 4 });
  expect(spans[0]).toMatchObject({
    agent: 'terminus-2',
    model: 'openai/gpt-4o',
    reportedUsage: { input: 2252, output: 160 },
  });
  const usage = spans.flatMap((span) => span.usage?.input ?? []);
  expect(usage.reduce((sum, each) => sum + each, 0)).toBe(2252);
  expect(spans.every((span) => span.start === null && span.end === null)).toBe(true);
  expect(traces).toMatchObject([
    { sessionId: 'NORMALIZED_SESSION_ID', metadata: { continued_trajectory_ref: 'trajectory.cont-1.json' } },
  ]);
});

test('terminus-continued: copied steps are read, not run again; another trace of the session', () => {
  const { spans, traces } = decodeFixture(atif, 'terminus-continued');
  expect(traces[0]?.traceId).not.toBe(decodeFixture(atif, 'terminus').traces[0]?.traceId);
  expect(spans.filter((span) => span.kind === 'generation').map((span) => span.usage?.input)).toEqual([
    1700, 850, 850, 850,
  ]);
  expect(spans.find((span) => span.kind === 'generation')?.input.length).toBe(4);
});

test('sub-agents: calls joined with results by id, an agent below the call that started it', () => {
  const { spans, issues } = decodeFixture(atif, 'sub-agents');
  expect(spans.filter((span) => span.kind === 'tool').map((span) => [span.tool, span.toolCallId, span.output])).toEqual(
    [
      ['grep', 'c1', [{ kind: 'text', text: 'a.py:3' }]],
      ['delegate', 'c2', [{ kind: 'text', text: 'done' }]],
    ],
  );
  expect(spans[1]).toMatchObject({
    model: 'm-2',
    usage: { input: 100, output: 20, cacheRead: 60 },
    cost: 0.01,
    output: [
      {
        parts: [
          { type: 'reasoning', content: 'Search first.' },
          { type: 'text', content: 'Looking.' },
          { type: 'tool_call' },
          { type: 'tool_call' },
        ],
      },
    ],
  });
  const reviewer = spans.find((span) => span.name === 'reviewer');
  expect(reviewer).toMatchObject({ kind: 'agent', parentId: 's1.t1' });
  expect(spans.filter((span) => span.parentId === reviewer?.spanId).length).toBe(1);
  expect(new Set(spans.map((span) => span.spanId)).size).toBe(spans.length);
  expect(issues.map((issue) => issue.code)).toEqual(['unknown_item', 'invalid_item']);
});
