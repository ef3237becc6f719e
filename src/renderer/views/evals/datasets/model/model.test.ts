import { expect, test } from 'vitest';
import type { DatasetExample } from '#shared/dataset.ts';
import { cellText, columnsOf, readTrajectory, trajectoryText, withCell } from './cells.ts';
import {
  act,
  addExample,
  discardDraft,
  editsToSave,
  NO_EDITS,
  putExample,
  redoAct,
  removeRows,
  rowsWith,
  undoAct,
  useDatasetDrafts,
} from './drafts.ts';
import { moved, nextCell } from './grid-move.ts';

const EXAMPLE: DatasetExample = {
  key: 'k',
  item: { id: 'k', question: 'Where?', level: 3, note: 'n' },
  input: 'Where?',
  expectedOutput: null,
  expectedTrajectory: null,
  origin: { kind: 'hand' },
};
const field = (name: string) => ({ kind: 'field', name, label: name }) as const;
const INPUT = { kind: 'input', label: '' } as const;

test('columns: what stands in one already needs no second', () => {
  const { columns, more } = columnsOf([EXAMPLE]);
  expect(columns.flatMap((column) => (column.kind === 'field' ? [column.name] : []))).toEqual(['level', 'note']);
  expect(more).toBe(0);
  // In another row the field says something else.
  const other = { ...EXAMPLE, input: 'Here?' };
  expect(columnsOf([EXAMPLE, other]).columns.map(({ label }) => label)).toContain('question');
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, at]));
  expect(columnsOf([{ ...EXAMPLE, item: many }]).more).toBe(6);
});

test('an edited input takes its field along; a number stays one; nothing takes a field away', () => {
  expect(withCell(EXAMPLE, INPUT, 'When?')).toMatchObject({ value: { input: 'When?', item: { question: 'When?' } } });
  expect(withCell(EXAMPLE, INPUT, '')).toMatchObject({ value: { input: null, item: { id: 'k', level: 3 } } });
  expect(withCell(EXAMPLE, field('level'), '4')).toMatchObject({ value: { item: { level: 4 } } });
  expect(withCell(EXAMPLE, field('level'), 'four').ok).toBe(false);
  expect(withCell(EXAMPLE, field('new'), '4')).toMatchObject({ value: { item: { new: '4' } } });
  const without = withCell(EXAMPLE, field('note'), '');
  expect(without.ok && Object.keys(without.value.item)).toEqual(['id', 'question', 'level']);
  expect(cellText(EXAMPLE, field('level'))).toBe('3');
  expect(cellText(EXAMPLE, field('toString'))).toBe('');
});

test('trajectories: none, no call, calls, and what is none', () => {
  expect(readTrajectory(' ')).toEqual({ ok: true, value: null });
  expect(readTrajectory('[]')).toEqual({ ok: true, value: [] });
  expect(readTrajectory('["a", {"name": "b", "arguments": 1, "agent": "x"}]')).toEqual({
    ok: true,
    value: [
      { name: 'a', arguments: null },
      { name: 'b', arguments: 1, agent: 'x' },
    ],
  });
  expect(readTrajectory('{}').ok).toBe(false);
  expect(readTrajectory('[{"name": ""}]')).toEqual({ ok: false, error: 'Call 1 needs a "name".' });
  expect(trajectoryText([])).toBe('no tool call');
  expect(trajectoryText(Array.from({ length: 9 }, () => ({ name: 't', arguments: null })))).toBe(
    '9: t, t, t, t, t, t, …',
  );
});

test('edits: put back as it was is none, marked rows come back, new ones vanish', () => {
  const changed = putExample(NO_EDITS, 'k', { ...EXAMPLE, input: 'x' }, EXAMPLE);
  expect(rowsWith([EXAMPLE], changed)).toMatchObject([{ state: 'changed', example: { input: 'x' } }]);
  expect(putExample(changed, 'k', EXAMPLE, EXAMPLE).changed.size).toBe(0);
  const { edits, id } = addExample(changed);
  expect(editsToSave(edits)).toHaveLength(1);
  const filled = putExample(edits, id, { ...EXAMPLE, key: '', input: 'new' }, null);
  // It gets its key when it is saved.
  expect(JSON.stringify(editsToSave(filled)[1])).not.toContain('"key"');
  const removed = removeRows(filled, ['k', id]);
  expect(editsToSave(removed)).toEqual([{ op: 'remove', key: 'k' }]);
  expect(removeRows(removed, ['k']).removed.size).toBe(0);
});

test('acts are taken back and done again, one by one', () => {
  const now = () => useDatasetDrafts.getState().drafts.d?.now;
  act('d', 3, (edits) => putExample(edits, 'k', { ...EXAMPLE, input: '1' }, EXAMPLE));
  act('d', 3, (edits) => removeRows(edits, ['k']));
  expect(undoAct('d')).toBe(true);
  expect(now()?.removed.size).toBe(0);
  expect(undoAct('d')).toBe(true);
  expect(undoAct('d')).toBe(false);
  expect(redoAct('d')).toBe(true);
  expect(now()?.changed.get('k')?.input).toBe('1');
  act('d', 3, (edits) => removeRows(edits, ['k']));
  expect(redoAct('d')).toBe(false);
  discardDraft('d');
  expect(now()).toBeUndefined();
});

test('keys move within the grid, Tab goes on in the next row', () => {
  const press = (key: string, ctrlKey = false) =>
    moved({ key, ctrlKey, metaKey: false }, { row: 1, column: 1 }, 10, 4, 5);
  expect(press('ArrowUp')).toEqual({ row: 0, column: 1 });
  expect(press('PageDown')).toEqual({ row: 6, column: 1 });
  expect(press('PageUp')).toEqual({ row: 0, column: 1 });
  expect(press('End')).toEqual({ row: 1, column: 3 });
  expect(press('End', true)).toEqual({ row: 9, column: 3 });
  expect(press('x')).toBeNull();
  expect(nextCell({ row: 0, column: 3 }, 1, 10, 4)).toEqual({ row: 1, column: 0 });
  expect(nextCell({ row: 0, column: 0 }, -1, 10, 4)).toEqual({ row: 0, column: 0 });
});
