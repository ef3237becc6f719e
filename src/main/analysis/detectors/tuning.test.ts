import { expect, test } from 'vitest';
import type { DetectorEdits } from '#shared/detect.ts';
import { contentsOf, found, inAgent, json, text } from '../../../../test/support/detector-case.ts';
import { detectFaults } from './detect.ts';
import { DETECTORS } from './registry.ts';
import { describeDetectors, mergeEdits, parseDetectorEdits } from './tuning.ts';

const call = (spanId: string) => ({
  spanId,
  kind: 'tool' as const,
  tool: 'search',
  input: [json({ q: 'flights' })],
  output: [text('nothing')],
});
const spans = inAgent('A', [call('t1'), call('t2')]);

function problem(value: unknown): string {
  const parsed = parseDetectorEdits(value);
  return parsed.ok ? 'none' : parsed.error.message;
}

test('a detector can be switched off, given a severity, and other parameters', () => {
  expect(found('repeated-call', spans)).toEqual(['medium A t2 t1']);
  const edited = (edits: DetectorEdits): string[] => found('repeated-call', spans, { edits });
  expect(edited({ 'repeated-call': { enabled: false } })).toEqual([]);
  expect(edited({ 'repeated-call': { severity: 'low' } })).toEqual(['low A t2 t1']);
  expect(edited({ 'repeated-call': { parameters: { alike: 3 } } })).toEqual([]);
  expect(edited({ stall: { enabled: false } })).toEqual(['medium A t2 t1']);
  const { detectors } = detectFaults(spans, contentsOf(spans), { 'repeated-call': { enabled: false } });
  expect(detectors.filter(({ enabled }) => !enabled).map(({ id }) => id)).toEqual(['repeated-call']);
});

test('what equals the default is no edit, and the order given says nothing', () => {
  const given = {
    stall: { enabled: true, parameters: { gapSeconds: 30, callSeconds: 60.5 } },
    'ping-pong': { enabled: false, severity: 'high', parameters: {} },
  };
  const parsed = parseDetectorEdits(given);
  expect(parsed).toEqual({
    ok: true,
    value: { 'ping-pong': { enabled: false, severity: 'high' }, stall: { parameters: { callSeconds: 60.5 } } },
  });
  expect(JSON.stringify(parsed)).toBe(
    JSON.stringify(parseDetectorEdits(Object.fromEntries(Object.entries(given).reverse()))),
  );
  const defaults = Object.fromEntries(
    describeDetectors({}).map(({ id, enabled, parameters }) => [
      id,
      { enabled, parameters: Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value])) },
    ]),
  );
  expect(parseDetectorEdits(defaults)).toEqual({ ok: true, value: {} });
});

test('a wrong setting says which, and what it takes', () => {
  expect(problem(null)).toBe('Settings of detectors must be an object by detector id.');
  expect(problem([])).toBe('Settings of detectors must be an object by detector id.');
  expect(problem({ pingpong: {} })).toBe('There is no detector "pingpong".');
  expect(problem(JSON.parse('{"__proto__":{}}'))).toBe('There is no detector "__proto__".');
  expect(problem({ stall: 3 })).toBe('The settings of stall must be an object.');
  expect(problem({ stall: { enabled: 'no' } })).toBe('"enabled" of stall must be true or false.');
  expect(problem({ stall: { severity: 'worst' } })).toBe('"severity" of stall must be one of high, medium, low.');
  expect(problem({ stall: { gap: 3 } })).toBe('"gap" is no setting of stall.');
  expect(problem({ stall: { parameters: { constructor: 3 } } })).toBe('"constructor" is no setting of stall.');
  for (const value of [1, 1_001, 2.5, NaN, '4', null])
    expect(problem({ 'ping-pong': { parameters: { atLeast: value } } })).toBe(
      '"atLeast" of ping-pong must be a whole number from 2 to 1,000.',
    );
  expect(problem({ stall: { parameters: { gapSeconds: 0 } } })).toBe(
    '"gapSeconds" of stall must be a number from 0.001 to 86,400.',
  );
});

test('edits over edits: the second counts, field by field', () => {
  const under: DetectorEdits = { stall: { enabled: false, parameters: { gapSeconds: 5, callSeconds: 6 } } };
  const over: DetectorEdits = {
    stall: { enabled: true, parameters: { gapSeconds: 7 } },
    'call-loop': { severity: 'low' },
  };
  expect(mergeEdits(under, over)).toEqual({
    stall: { enabled: true, parameters: { gapSeconds: 7, callSeconds: 6 } },
    'call-loop': { severity: 'low', parameters: {} },
  });
  expect(under).toEqual({ stall: { enabled: false, parameters: { gapSeconds: 5, callSeconds: 6 } } });
});

test('every parameter takes its bounds, and findings at them are well formed', () => {
  for (const { id, parameters } of DETECTORS) {
    for (const [name, { least, most }] of Object.entries(parameters)) {
      for (const value of [least, most]) {
        expect(parseDetectorEdits({ [id]: { parameters: { [name]: value } } }).ok).toBe(true);
        const { findings } = detectFaults(spans, contentsOf(spans), { [id]: { parameters: { [name]: value } } });
        for (const { reason } of findings) expect(reason).not.toMatch(/NaN|undefined/);
      }
    }
  }
});
