import { expect, test } from 'vitest';
import { decodeText, fixture } from '../../../../test/formats/decoding.ts';
import { autoGen } from './index.ts';

test('a team: agents, tool calls joined by id, the handoff with its ends', () => {
  const { traces, spans, issues } = decodeText(autoGen, fixture('autogen/hand-swarm/input.json'));
  expect(traces[0]).toMatchObject({
    name: 'Refund flight 507811',
    metadata: { stop_reason: "Text 'TERMINATE' mentioned" },
  });
  expect(spans.map(({ spanId, kind, agent, name, status }) => [spanId, kind, agent, name, status].join(' '))).toEqual([
    'm0 custom  user unset',
    'm1 generation travel_agent travel_agent unset',
    'm2 tool travel_agent transfer_to_flights_refunder ok',
    'm3 handoff travel_agent travel_agent → flights_refunder unset',
    'm4 custom flights_refunder thought unset',
    'm5 generation flights_refunder flights_refunder unset',
    'm6.0 tool flights_refunder refund_flight ok',
    'm6.1 tool flights_refunder refund_flight error',
    'm7 custom flights_refunder ToolCallSummaryMessage unset',
    'm8 generation flights_refunder flights_refunder unset',
    'm9 custom later BrandNewEvent unset',
  ]);
  expect(spans[3]?.handoff).toEqual({ from: 'travel_agent', to: 'flights_refunder' });
  expect(spans[5]).toMatchObject({ usage: { input: 500, output: 60 } });
  expect(spans[6]).toMatchObject({ toolCallId: 'call_a', input: [{ value: { flight_id: '507811' } }] });
  expect(spans[6]!.end! - spans[6]!.start!).toBe(1_000_000_000n);
  expect(issues.map(({ code }) => code)).toEqual(['unmapped_field']);
});

test('one message per line is one trace, and a chat history names its speakers', () => {
  expect(decodeText(autoGen, fixture('autogen/hand-lines/input.jsonl')).traces).toHaveLength(1);
  const { spans } = decodeText(autoGen, fixture('autogen/hand-chat-history/input.json'));
  expect(spans.map(({ kind, agent }) => `${kind} ${agent}`)).toEqual([
    'custom null',
    'generation coder',
    'custom null',
    'generation coder',
  ]);
});
