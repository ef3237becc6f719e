import { expect, test } from 'vitest';
import type { DetectorInfo, DetectorParameter } from '#shared/detect.ts';
import { isChanged, readValue, withEdit, withEdits, withSeverity, withoutEdit } from './edits.ts';

const parameter: DetectorParameter = { value: 4, standard: 4, least: 2, most: 1_000, whole: true, about: 'Handoffs' };
const detector: DetectorInfo = {
  id: 'ping-pong',
  title: 'Ping-pong',
  definition: '',
  enabled: true,
  severity: null,
  parameters: { atLeast: parameter },
};

test('edits of one detector do not touch the others, and can be taken back', () => {
  const other = { stall: { enabled: false } };
  const edits = withSeverity(withEdit(other, 'ping-pong', { parameters: { atLeast: 6 } }), 'ping-pong', 'low');
  expect(edits).toEqual({ stall: { enabled: false }, 'ping-pong': { severity: 'low', parameters: { atLeast: 6 } } });
  expect(withSeverity(edits, 'ping-pong', null)['ping-pong']).toEqual({ parameters: { atLeast: 6 } });
  expect(withoutEdit(edits, 'ping-pong')).toEqual(other);
});

test('a detector is shown with its edits, and told as changed only when it is', () => {
  expect(isChanged(detector)).toBe(false);
  for (const edit of [{ enabled: false }, { severity: 'high' as const }, { parameters: { atLeast: 5 } }])
    expect(withEdits([detector], { 'ping-pong': edit }).map(isChanged)).toEqual([true]);
  const [shown] = withEdits([{ ...detector, enabled: false }], { 'ping-pong': { parameters: { atLeast: 4 } } });
  expect(shown && isChanged(shown)).toBe(false);
});

test('what is typed must be within the bounds', () => {
  expect(readValue(' 12 ', parameter)).toEqual({ ok: true, value: 12 });
  for (const text of ['', '1', '1001', '2.5', 'x', '1e400'])
    expect(readValue(text, parameter)).toEqual({ ok: false, error: 'A whole number from 2 to 1,000.' });
  expect(readValue('0.25', { ...parameter, least: 0.1, whole: false })).toEqual({ ok: true, value: 0.25 });
});
