import { expect, test } from 'vitest';
import { decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { trail } from './index.ts';
import { durationOf } from './spans.ts';

const TRACE = '0242ca2533fac5b8b604a9060b3e15d7';

test('nested spans are read as the OpenInference spans that they are', () => {
  const { spans } = decodeText(trail, fixture('trail/hand-trace/input.json'));
  expect(
    spans.map(({ spanId, parentId, kind, status }) => [spanId.slice(-2), parentId?.slice(-2), kind, status]),
  ).toEqual([
    ['01', undefined, expect.any(String), 'unset'],
    ['02', '01', 'agent', 'unset'],
    ['03', '02', 'generation', 'unset'],
    ['04', '02', 'tool', 'error'],
  ]);
  expect(spans.every(({ traceId }) => traceId === TRACE)).toBe(true);
  expect(spans[2]).toMatchObject({ model: 'o3-mini', usage: { input: 1202, output: 336 } });
  expect(spans[1]!.end! - spans[1]!.start!).toBe(62_250_000_000n);
});

test('labels are about the trace that their file is named for', () => {
  const { annotations, scores } = decodeText(
    trail,
    fixture('trail/hand-labels/input.json'),
    `annotations/${TRACE}.json`,
  );
  expect(annotations).toMatchObject([
    {
      traceId: TRACE,
      target: { kind: 'span', id: 'aaaaaaaaaaaaaa04' },
      category: 'Resource Not Found',
      severity: 'HIGH',
      note: 'The page does not exist.',
      taxonomy: 'trail',
      extra: { evidence: '404', location: 'aaaaaaaaaaaaaa04' },
    },
    { severity: 'LOW', annotationId: 'trail:1' },
  ]);
  expect(scores.map(({ name, value, explanation }) => [name, value, explanation])).toEqual([
    ['reliability', 3, 'So so.'],
    ['security', 5, 'Safe.'],
    ['instruction_adherence', 2, 'Words.'],
    ['plan_opt', 4, 'Fine.'],
    ['overall', 3.5, null],
  ]);
});

test('rows of the data set hold both as text', () => {
  const { spans, annotations } = decodeText(trail, fixture('trail/hand-rows/input.jsonl'));
  expect(spans).toHaveLength(4);
  expect(annotations.every(({ traceId }) => traceId === TRACE)).toBe(true);
});

test('durations in ISO 8601', () => {
  expect(durationOf('PT3M9.513434S')).toBe(189_513_434_000n);
  expect(durationOf('P1DT1H')).toBe(90_000_000_000_000n);
  expect(durationOf('soon')).toBeNull();
});
