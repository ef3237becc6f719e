/** `align` on recorded traces, and on two runs of one made task that differ in one place. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { STEP_CHANGES, STEP_OPS } from '#shared/alignment.ts';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';

const place = makePlace();
afterAll(place.remove);
const at = ['--workspace', place.workspace];
const id = z.string().nullable();
const answer = z.strictObject({
  similarity: z.number().min(0).max(1),
  editDistance: z.number().int().nonnegative(),
  firstDivergence: z.strictObject({ a: id, b: id }).nullable(),
  counts: z.strictObject(Object.fromEntries(STEP_OPS.map((op) => [op, z.number()]))),
  downstream: z.array(z.strictObject({ says: z.string(), step: z.number().nullable() })),
  steps: z.array(z.strictObject({ op: z.enum(STEP_OPS), a: id, b: id, changes: z.array(z.enum(STEP_CHANGES)) })),
});

const align = async (a: string, b: string): Promise<z.infer<typeof answer>> =>
  answer.parse(await ask(['align', a, b, ...at]));

type Call = { readonly tool: string; readonly args: string; readonly result: string };

/** A run of one agent: model call, tool call, and so on, with ids of its own and a history that grows. */
function runOf(trace: string, calls: readonly Call[], end: string): object[] {
  const spans: object[] = [{ object: 'trace', id: trace, workflow_name: 'Trip' }];
  const history: object[] = [{ role: 'user', content: 'Book the trip.' }];
  const root = `span_${trace.slice(-4)}root`;
  let second = 0;
  const span = (parent: string | null, data: object, seconds = 1): string => {
    const own = parent === null ? root : `span_${trace.slice(-4)}${String(second).padStart(16, '0')}`;
    const time = (value: number): string => new Date(Date.UTC(2026, 0, 1) + value * 1000).toISOString();
    spans.push({
      object: 'trace.span',
      id: own,
      trace_id: trace,
      parent_id: parent,
      started_at: time(second),
      ended_at: time(second + seconds),
      span_data: data,
      error: null,
    });
    second += parent === null ? 0 : 1;
    return own;
  };
  span(null, { type: 'agent', name: 'Planner' }, 100);
  for (const [k, { tool, args, result }] of calls.entries()) {
    const call = `call_${trace.slice(-4)}${k}x${k}9Zq`;
    const asking = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: call, type: 'function', function: { name: tool, arguments: args } }],
    };
    span(root, { type: 'generation', model: 'gpt-4.1', input: [...history], output: [asking] });
    span(root, { type: 'function', name: tool, input: args, output: result });
    history.push(asking, { role: 'tool', tool_call_id: call, content: result });
  }
  span(root, {
    type: 'generation',
    model: 'gpt-4.1',
    input: [...history],
    output: [{ role: 'assistant', content: end }],
  });
  return spans;
}

const CALLS: Call[] = [
  { tool: 'find_user', args: '{"name": "Ada", "zip": 1}', result: '{"id": 7}' },
  { tool: 'search', args: '{"to": "Rome"}', result: '["AZ1"]' },
  { tool: 'book', args: '{"flight": "AZ1"}', result: 'booked' },
];

async function give(name: string, spans: readonly object[]): Promise<void> {
  const file = join(place.folder, `${name}.jsonl`);
  writeFileSync(file, spans.map((span) => `${JSON.stringify(span)}\n`).join(''));
  await ask(['import', file, ...at]);
}

const A = 'trace_000000000000000000000000000000a1';

test('two runs that differ in ids, times and the spaces of JSON are the same', async () => {
  await give('a', runOf(A, CALLS, 'Done.'));
  const other = CALLS.map(({ args, ...call }) => ({
    ...call,
    args: args.replace('{"name": "Ada", "zip": 1}', '{"zip":1,"name":"Ada"}'),
  }));
  await give('b', runOf('trace_000000000000000000000000000000b2', other, 'Done.'));
  const found = await align(A, 'trace_000000000000000000000000000000b2');
  expect(found.steps.filter(({ op }) => op !== 'same')).toEqual([]);
  expect(found).toMatchObject({ similarity: 1, editDistance: 0, firstDivergence: null, downstream: [] });
});

test('another argument is where they part, both ways, with what came of it', async () => {
  const C = 'trace_000000000000000000000000000000c3';
  const other = [...CALLS];
  other[1] = { tool: 'search', args: '{"to": "Oslo"}', result: '["SK4"]' };
  other.push({ tool: 'refund', args: '{}', result: 'no' });
  await give('c', runOf(C, other, 'Sorry.'));
  const found = await align(A, C);
  const first = found.steps.findIndex(({ op }) => op !== 'same');
  // The model asked for another city.
  expect(found.steps[first]).toMatchObject({ op: 'changed', changes: ['output'] });
  expect(found.firstDivergence).toEqual({ a: found.steps[first]?.a, b: found.steps[first]?.b });
  expect(found.steps.map(({ op }) => op).join(' ')).toBe(
    'same same same changed changed changed same changed added added',
  );
  expect(found.downstream.map(({ says }) => says)).toContain('Tool refund: never in A, once in B.');
  const back = await align(C, A);
  expect(back.counts).toEqual({ ...found.counts, added: found.counts.removed, removed: found.counts.added });
  expect(back.firstDivergence).toEqual({ a: found.firstDivergence?.b, b: found.firstDivergence?.a });

  const text = await cli(['align', A, C, ...at]);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/first divergence/);
  expect(text.stdout).toMatch(/What became different:/);
  expect(text.stderr).toMatch(/they first part at step 4\.\n$/);
});

test('recorded traces are the same as themselves, and what there is is told once', async () => {
  const { traceIds } = z
    .object({ traceIds: z.array(z.string()) })
    .parse(await ask(['import', fixture('formats/agents-sdk/js03-multi-agent'), ...at]));
  const [own = ''] = traceIds;
  const found = await align(own, own);
  expect(found).toMatchObject({ similarity: 1, firstDivergence: null });
  const other = await align(own, A);
  const shown = z.object({ spans: z.array(z.object({ id: z.string() })) });
  const { spans } = shown.parse(await ask(['show', own, ...at]));
  expect(other.steps.flatMap(({ a }) => a ?? []).sort()).toEqual(spans.map((span) => span.id).sort());
});

test('a trace that is not there is an error, and one argument is wrong usage', async () => {
  expect((await cli(['align', A, 'nowhere', ...at])).code).toBe(1);
  expect((await cli(['align', A, ...at])).code).toBe(2);
});
