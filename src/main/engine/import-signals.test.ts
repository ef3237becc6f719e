import { expect, test } from 'vitest';
import { otlpTraces } from '../formats/otlp/index.ts';
import { otlpLogs } from '../formats/otlp-logs/index.ts';
import { otlpMetrics } from '../formats/otlp-metrics/index.ts';
import { whoAndWhen } from '../formats/who-and-when/index.ts';
import { bySignal } from './import-signals.ts';

const SPANS = '{"resourceSpans":[]}';
const LOGS = '{ "resource_logs" : [] }';
const METRICS = '{"resourceMetrics":[]}';

function cut(...lines: readonly string[]): (readonly [string, string])[] | null {
  const bodies = bySignal(otlpTraces, Buffer.from(lines.join('\n')));
  return bodies?.map(({ format, bytes }) => [format.id, Buffer.from(bytes).toString()] as const) ?? null;
}

test('each line goes to its signal and keeps its number', () => {
  expect(cut(SPANS, '', LOGS, 'broken', METRICS, SPANS)).toEqual([
    [otlpTraces.id, `${SPANS}\n\n\nbroken\n\n${SPANS}`],
    [otlpLogs.id, `\n\n${LOGS}`],
    [otlpMetrics.id, `\n\n\n\n${METRICS}`],
  ]);
  expect(cut(LOGS)).toEqual([[otlpLogs.id, LOGS]]);
});

test('what is of one signal, no JSON lines, or no OTLP stays as it is', () => {
  expect(cut(SPANS, SPANS)).toBeNull();
  expect(cut(SPANS)).toBeNull();
  expect(cut('{', '"resourceSpans": [', '{"resourceLogs":1}', ']}')).toBeNull();
  expect(cut('[', SPANS, LOGS, ']')).toBeNull();
  expect(cut('')).toBeNull();
  expect(bySignal(whoAndWhen, Buffer.from(`${SPANS}\n${LOGS}`))).toBeNull();
  expect(bySignal(otlpTraces, Buffer.from([0x0a, 0x02, 0x0a, 0x00]))).toBeNull();
});
