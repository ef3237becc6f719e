import type { Json } from '#shared/json.ts';
import type { MetricRecord } from '#shared/record.ts';
import { expect, test } from 'vitest';
import { requestOf } from '../../../../test/support/signals.ts';
import { otlpMetrics } from './index.ts';

function decode(metrics: Json): { kept: MetricRecord[]; notes: string[] } {
  const body = { resourceMetrics: [{ scopeMetrics: [{ scope: { name: 'm' }, metrics }] }] };
  const result = otlpMetrics.decode(Buffer.from(JSON.stringify(body)), {
    name: null,
    contentType: 'application/json',
    userAgent: null,
  });
  if (!result.ok) throw new Error(result.error.message);
  return {
    kept: result.value.records.filter((record) => record.type === 'metric'),
    notes: result.value.records.flatMap((record) => (record.type === 'issue' ? record.message : [])),
  };
}

const TIMES = { startTimeUnixNano: '1795289346059000000', timeUnixNano: '1795289346298000000' };

function attribute(key: string, stringValue: string): Json {
  return { key, value: { stringValue } };
}

test('what counts tokens or money is kept, with what it counts', () => {
  const { kept, notes } = decode([
    {
      name: 'gen_ai.client.token.usage',
      unit: '{token}',
      histogram: {
        aggregationTemporality: 'AGGREGATION_TEMPORALITY_CUMULATIVE',
        dataPoints: [
          {
            ...TIMES,
            count: '2',
            sum: 40,
            attributes: [attribute('gen_ai.token.type', 'input'), attribute('gen_ai.request.model', 'gpt-5')],
          },
        ],
      },
    },
    {
      name: 'gemini_cli.token.usage',
      sum: {
        aggregationTemporality: 2,
        dataPoints: [
          { ...TIMES, asInt: '5', attributes: [attribute('type', 'thought'), attribute('session.id', 's1')] },
        ],
      },
    },
    {
      name: 'team.llm.cost',
      unit: 'USD',
      sum: { aggregationTemporality: 1, dataPoints: [{ ...TIMES, asDouble: 0.25 }] },
    },
    {
      name: 'gen_ai.client.operation.duration',
      unit: 's',
      histogram: { aggregationTemporality: 1, dataPoints: [{ ...TIMES, sum: 1 }] },
    },
    { name: 'llm.token.rate', unit: 'tokens', gauge: { dataPoints: [{ ...TIMES, asDouble: 3 }] } },
  ]);
  expect(
    kept.map(({ name, measure, temporality, value, model, session }) => [
      name,
      measure,
      temporality,
      value,
      model,
      session,
    ]),
  ).toEqual([
    ['gen_ai.client.token.usage', 'input', 'cumulative', 40, 'gpt-5', null],
    ['gemini_cli.token.usage', 'reasoning', 'cumulative', 5, null, 's1'],
    ['team.llm.cost', 'cost', 'delta', 0.25, null, null],
  ]);
  expect(kept[0]).toMatchObject({ start: 1795289346059000000n, time: 1795289346298000000n });
  expect(notes).toEqual(['2 data points of 2 metrics count neither tokens nor cost and are not shown.']);
});

test('both encodings of a real client say the same', () => {
  const [json, protobuf] = ['claude-code-json', 'claude-code-protobuf'].map((name) => {
    const { bytes } = requestOf(`otlp-metrics/${name}`);
    const result = otlpMetrics.decode(bytes, { name: null, contentType: null, userAgent: null });
    if (!result.ok) throw new Error(result.error.message);
    return result.value.records.flatMap((record) =>
      record.type === 'metric' ? [[record.name, record.measure, record.value, record.agent, record.temporality]] : [],
    );
  });
  expect(json?.length).toBe(10);
  expect(protobuf).toEqual(json);
});

test('a body cut anywhere is refused or read, never a crash', () => {
  const { bytes } = requestOf('otlp-metrics/claude-code-protobuf');
  for (let length = 1; length < bytes.length; length += 3) {
    const result = otlpMetrics.decode(bytes.subarray(0, length), { name: null, contentType: null, userAgent: null });
    if (!result.ok) expect(result.error.code).toBe('bad_request');
  }
});
