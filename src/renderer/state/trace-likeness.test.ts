import { expect, test } from 'vitest';
import type { TraceRow } from '#shared/trace.ts';
import { likeness, mostAlikeFirst } from './trace-likeness.ts';

const row = (id: string, more: Partial<TraceRow>): TraceRow =>
  ({ id, name: id, workflow: null, agents: [], metadata: null, ...more }) as TraceRow;

test('a trace of the same task comes before one of the same workflow, and both before others', () => {
  const own = row('own', { metadata: { task_id: 7 }, workflow: 'W' });
  const task = row('task', { metadata: { metadata: { task_id: 7 } } });
  const workflow = row('workflow', { workflow: 'W', metadata: { task_id: 8 } });
  const other = row('other', {});
  expect(mostAlikeFirst([other, workflow, task], own).map(({ row: { id } }) => id)).toEqual([
    'task',
    'workflow',
    'other',
  ]);
  expect(likeness(own, task)).toBe('same task');
  expect(likeness(row('a', { agents: ['x'] }), row('b', { agents: ['x'] }))).toBe('same agents');
});
