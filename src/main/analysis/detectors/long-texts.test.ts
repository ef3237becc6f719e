/** Texts without an end in sight: the patterns of the detectors read each in time that grows with it. */
import { expect, test } from 'vitest';
import { answer, ask, contentsOf, inAgent, say, text, type CaseSpan } from '../../../../test/support/detector-case.ts';
import { cpuMs } from '../../../../test/support/span-facts.ts';
import { detectFaults } from './detect.ts';

const LENGTH = 200_000;
const UNITS = [
  'a',
  '1',
  '-',
  ' ',
  '\n',
  '"',
  '“',
  '{',
  '[',
  '\\',
  'ß',
  '.',
  '. A',
  '"a":',
  'Ab ',
  '1-',
  '@',
  '1 ',
  'not ',
  "don't ",
  '🙂',
  '{"error": ',
];

function traceWith(long: string): CaseSpan[] {
  const call = { kind: 'generation' } as const;
  return inAgent('Clerk', [
    {
      spanId: 'g1',
      ...call,
      input: [say('system', long), say('user', `${long}1`)],
      output: [ask({ id: 'c1', name: 'find', arguments: { id: `W99${long}`, q: long } })],
    },
    { spanId: 't1', kind: 'tool', tool: 'find', callId: 'c1', input: [text(long)], output: [text(`error: ${long}`)] },
    {
      spanId: 't2',
      kind: 'tool',
      tool: 'find',
      input: [text(`{"id": "${long}`)],
      output: [text(long)],
      error: long,
      status: 'error',
    },
    { spanId: 'h1', kind: 'handoff', handoffTo: 'Other', input: [text(long)] },
    {
      spanId: 'g2',
      ...call,
      agent: 'Other',
      input: [say('user', `${long}x`), answer('c1', long)],
      output: [say('assistant', long, { finishReason: 'length' })],
    },
    { spanId: 'g3', ...call, input: [say('assistant', long)], output: [ask({ name: 'find', arguments: long })] },
  ]);
}

test.each(UNITS.map((unit) => [JSON.stringify(unit), unit] as const))(
  '%s, again and again',
  { timeout: 60_000 },
  (_, unit) => {
    const spans = traceWith(unit.repeat(LENGTH / unit.length));
    const contents = contentsOf(spans);
    // Some milliseconds; a pattern that is quadratic takes seconds on the shortest of what is read.
    expect(cpuMs(() => detectFaults(spans, contents))).toBeLessThan(1_500);
  },
);
