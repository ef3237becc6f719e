import { expect, test } from 'vitest';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

async function filled(count: number): ReturnType<typeof startEngine> {
  const engine = await startEngine();
  for (let k = 0; k < count; k++) {
    const topology = k % 2 === 0 ? 'handoff-chain' : 'retry-loop';
    const spans = makeTrace(topology, {
      seed: k + 1,
      startNs: 1_795_000_000_000_000_000n + BigInt(k) * 60_000_000_000n,
    });
    const response = await fetch(endpoint(engine, '/v1/traces'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: otlpProtobuf(spans) as BodyInit,
    });
    expect(response.status).toBe(200);
  }
  await engine.settle();
  return engine;
}

const PATTERN = 'Triage hands to Planner';

test('a search goes on from where it was, and finds each trace once', async () => {
  const engine = await filled(6);
  const whole = await engine.call('pattern.search', { pattern: PATTERN });
  expect(whole).toMatchObject({ looked: 6, total: 6, nextCursor: null });
  expect(whole.traces).toHaveLength(3);
  const found: string[] = [];
  let looked = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof engine.call<'pattern.search'>>> = await engine.call('pattern.search', {
      pattern: PATTERN,
      limit: 1,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.traces.map(({ traceId }) => traceId));
    looked += page.looked;
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(found).toEqual(whole.traces.map(({ traceId }) => traceId));
  expect(looked).toBe(6);
});

test('the spans that prove it are those of the graph, and a grader sees the same', async () => {
  const engine = await filled(2);
  const [match] = (await engine.call('pattern.search', { pattern: PATTERN })).traces;
  const { edges } = await engine.call('trace.graph', { traceId: match!.traceId });
  const handoff = edges.find(
    ({ kind, from, to }) => kind === 'handoff' && from === 'agent:Triage' && to === 'agent:Planner',
  );
  expect(match!.spanIds).toEqual(handoff!.evidence);
  const definition = { type: 'pattern', name: 'p', pattern: PATTERN };
  const { traceId } = match!;
  const [trial] = await engine.call('grade.try', { definition, traceIds: [traceId] });
  expect(trial!.grade).toMatchObject({ passed: true, evidence: match!.spanIds.map((spanId) => ({ spanId })) });
});

test('what is no pattern is told, with its place', async () => {
  const engine = await startEngine();
  await expect(engine.call('pattern.search', { pattern: 'Triage' })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  expect(await engine.call('pattern.parse', { text: 'A calls' })).toMatchObject({
    pattern: null,
    problems: [{ from: 2, to: 7 }],
  });
});

test('a cancelled search ends', async () => {
  const engine = await filled(4);
  const controller = new AbortController();
  const search = engine.call('pattern.search', { pattern: PATTERN }, controller.signal);
  controller.abort();
  await expect(search).rejects.toMatchObject({ error: { code: 'cancelled' } });
});
