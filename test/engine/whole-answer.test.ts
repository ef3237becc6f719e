/** The answer of a trace as people compare it: in full, where a grader is given a bounded one. */
import { expect, test } from 'vitest';
import { SUBJECT_TEXT } from '#shared/grader.ts';
import { sendItems } from '../support/agents-items.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine } from '../support/workspace.ts';

test('question and answer are whole, also where a grader is given the ends only', async () => {
  const engine = await startEngine({});
  const answer = `first ${'x'.repeat(SUBJECT_TEXT)} middle ${'y'.repeat(SUBJECT_TEXT)} last`;
  for (const run of [{ id: 't1' }, { id: 't2', answer, minute: 1 }])
    expect(await sendItems(engine, supportRun(run))).toBe(204);
  await engine.settle();
  expect(await engine.call('trace.answer', { traceId: 't1' })).toEqual({
    question: 'Where is my order W1?',
    answer: 'Your order is on its way.',
  });
  expect((await engine.call('trace.answer', { traceId: 't2' })).answer).toBe(answer);
  const { sample } = await engine.call('grade.subject', { traceId: 't2' });
  expect((sample as { output_text: string }).output_text.length).toBeLessThanOrEqual(SUBJECT_TEXT);
  await expect(engine.call('trace.answer', { traceId: 'gone' })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
});
