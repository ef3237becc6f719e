import { expect, test } from 'vitest';
import type { ContentItem } from '#shared/message.ts';
import { agentFact, fact, usage } from '../../../../test/support/span-facts.ts';
import { ask, found, inAgent, json, say, SECOND, text, type CaseSpan } from '../../../../test/support/detector-case.ts';

type Given = Partial<CaseSpan> & { readonly spanId: string };

const turn = (spanId: string, given: Partial<CaseSpan> = {}): Given => ({ spanId, kind: 'generation', ...given });

/** One run of the Agents SDK: agents one after the other, each handing control to the next. */
function relay(...names: readonly string[]): CaseSpan[] {
  const task = fact('task', { kind: 'chain', subtype: 'task', dialect: 'agents_sdk', end: names.length * SECOND });
  return [
    task,
    ...names.flatMap((name, k): CaseSpan[] => {
      const start = k * SECOND;
      const agent = agentFact(`a${k}`, name, { parentId: 'task', start, end: start + SECOND / 2 });
      const next = names[k + 1];
      if (next === undefined) return [agent];
      const at = { start: start + SECOND / 2, end: start + SECOND / 2 };
      return [agent, fact(`h${k}`, { parentId: `a${k}`, kind: 'handoff', ...at, handoffFrom: name, handoffTo: next })];
    }),
  ];
}

test('ping-pong: back and forth at least four times', () => {
  expect(found('ping-pong', relay('A', 'B', 'A', 'B', 'A'))).toEqual(['medium A h0 h1 h2 h3']);
  expect(found('ping-pong', relay('A', 'B', 'A', 'B'))).toEqual([]);
  expect(found('ping-pong', relay('A', 'B', 'C', 'A', 'B', 'C'))).toEqual([]);
});

test('call-loop: an agent inside itself', () => {
  const nest = (...names: readonly string[]): CaseSpan[] =>
    names.map((name, k) =>
      agentFact(`a${k}`, name, { parentId: k === 0 ? null : `a${k - 1}`, start: k, end: 100 - k }),
    );
  expect(found('call-loop', nest('A', 'B', 'A'))).toEqual(['high A a2']);
  expect(found('call-loop', nest('A', 'B', 'C'))).toEqual([]);
});

test('call-loop: control that goes round in a circle of three', () => {
  expect(found('call-loop', relay('A', 'B', 'C', 'A', 'B', 'C', 'A'))).toEqual(['medium B h0 h1 h2 h3 h4 h5']);
  expect(found('call-loop', relay('A', 'B', 'C', 'A', 'D'))).toEqual([]);
});

test('stall: time that a person took for the next message is none', () => {
  const agent = agentFact('a', 'A', { start: 0, end: 100 * SECOND });
  const call = (spanId: string, start: number, ...input: ContentItem[]) => ({
    ...fact(spanId, { parentId: 'a', kind: 'generation', start: start * SECOND, end: (start + 1) * SECOND }),
    input,
  });
  const first = call('g1', 0, say('user', 'Begin.'));
  expect(found('stall', [agent, first, call('g2', 60, say('user', 'And now this.'))])).toEqual([]);
  expect(found('stall', [agent, first, call('g2', 60, say('user', 'Begin.'), say('assistant', 'Yes.'))])).toEqual([
    'low A g2 g1',
  ]);
});

test('stall: nothing under way inside an agent', () => {
  const agent = agentFact('a', 'A', { start: 0, end: 100 * SECOND });
  const first = fact('t1', { parentId: 'a', kind: 'tool', start: 0, end: SECOND });
  const late = fact('t2', { parentId: 'a', kind: 'tool', start: 60 * SECOND, end: 61 * SECOND });
  expect(found('stall', [agent, first, late])).toEqual(['low A t2 t1']);
  expect(found('stall', [agent, first, late], { edits: { stall: { parameters: { gapSeconds: 90 } } } })).toEqual([]);
  // Between two runs time is a person's.
  const apart = [
    agentFact('a', 'A', { start: 0, end: 2 * SECOND }),
    first,
    agentFact('b', 'B', { start: 60 * SECOND, end: 70 * SECOND }),
    { ...late, parentId: 'b' },
  ];
  expect(found('stall', apart)).toEqual([]);
});

test('stall: one call that takes far longer than the others', () => {
  const calls = Array.from({ length: 6 }, (_, k) =>
    fact(`t${k}`, { kind: 'tool', start: k * SECOND, end: k * SECOND + (k === 5 ? 200 : 1) * SECOND }),
  );
  expect(found('stall', calls)).toEqual(['medium - t5']);
  expect(found('stall', calls.slice(0, 5))).toEqual([]);
});

test('premature-finish: tools were asked for and never ran', () => {
  const spans = inAgent('A', [
    { spanId: 't', kind: 'tool', name: 'search', tool: 'search' },
    turn('g', { output: [ask({ name: 'search', arguments: { q: 'x' } })] }),
  ]);
  expect(found('premature-finish', spans)).toEqual(['high A g']);
  const ran = inAgent('A', [
    turn('g', { output: [ask({ name: 'search', arguments: { q: 'x' } })] }),
    { spanId: 't', kind: 'tool', name: 'search', tool: 'search' },
    turn('g2', { output: [say('assistant', 'Here is what I found.')] }),
  ]);
  expect(found('premature-finish', ran)).toEqual([]);
});

test('premature-finish: the last words announce more, unless it is still going on', () => {
  const spans = inAgent('A', [turn('g', { output: [say('assistant', 'Good. Let me check the other page.')] })]);
  expect(found('premature-finish', spans)).toEqual(['medium A g']);
  expect(found('premature-finish', [{ ...spans[0]!, status: 'running', end: null }, spans[1]!])).toEqual([]);
});

test('premature-finish: control was handed to nobody', () => {
  const spans = inAgent('A', [turn('g'), { spanId: 'h', kind: 'handoff', handoffFrom: 'A', handoffTo: 'Writer' }]);
  expect(found('premature-finish', spans)).toEqual(['high A h']);
  expect(found('premature-finish', relay('A', 'Writer'))).toEqual([]);
  const self = inAgent('A', [turn('g'), { spanId: 'h', kind: 'handoff', handoffFrom: 'A', handoffTo: 'A' }]);
  expect(found('premature-finish', self)).toEqual([]);
});

test('work-after-done: calls after TERMINATE', () => {
  const spans = inAgent('A', [
    turn('g1', { output: [say('assistant', 'The answer is 4. TERMINATE')] }),
    turn('g2', { output: [say('assistant', 'As I said, 4.')] }),
    turn('g3', { output: [say('assistant', 'Yes.')] }),
  ]);
  expect(found('work-after-done', spans)).toEqual(['low A g2 g1']);
  expect(found('work-after-done', spans.slice(0, 3))).toEqual([]);
});

test('work-after-done: a call that begins after its agent ended', () => {
  const agent = agentFact('a', 'A', { start: 0, end: SECOND });
  const late = fact('t', { parentId: 'a', kind: 'tool', start: 3 * SECOND, end: 4 * SECOND });
  expect(found('work-after-done', [agent, late])).toEqual(['medium A t']);
  expect(found('work-after-done', [agent, { ...late, start: SECOND + 1 }])).toEqual([]);
});

test('lost-instruction: the receiver is told neither the request nor its numbers', () => {
  const request = say('user', 'Find a hotel in Rome for at most 140 euros. It must be near "Termini".');
  const spans = (given: string): CaseSpan[] =>
    relay('Planner', 'Booker').flatMap((span): CaseSpan[] => {
      const own = { parentId: span.spanId, kind: 'generation' as const, start: span.start, end: span.end };
      if (span.spanId === 'a0') return [span, { ...fact('g0', own), input: [request] }];
      if (span.spanId === 'a1') return [span, { ...fact('g1', own), input: [say('user', given)] }];
      return [span];
    });
  expect(found('lost-instruction', spans('Book a nice hotel in Rome.'))).toEqual(['medium Planner h0 g1']);
  expect(found('lost-instruction', spans('Book a hotel near Termini in Rome, 140 euros at most.'))).toEqual([]);
});

test('lost-instruction: a helper may be asked for a part, but not for nothing of it', () => {
  const request = say('user', 'Find a hotel in Rome for at most 140 euros. It must be near "Termini".');
  const spans = (given: string): CaseSpan[] =>
    relay('Planner', 'Booker', 'Planner').flatMap((span): CaseSpan[] => {
      const own = { parentId: span.spanId, kind: 'generation' as const, start: span.start, end: span.end };
      const input = { a0: request, a1: say('user', given), a2: say('user', 'Booked.') }[span.spanId];
      return input ? [span, { ...fact(`g of ${span.spanId}`, own), input: [input] }] : [span];
    });
  expect(found('lost-instruction', spans('Book something for 140 euros.'))).toEqual([]);
  expect(found('lost-instruction', spans('Book something nice.'))).toEqual(['low Planner h0 g of a1']);
});

test('truncated-output: cut off and used', () => {
  const cut = turn('g1', { output: [say('assistant', 'The three steps are 1.', { finishReason: 'length' })] });
  expect(found('truncated-output', inAgent('A', [cut]))).toEqual(['high A g1']);
  expect(found('truncated-output', inAgent('A', [cut, turn('g2')]))).toEqual(['medium A g1']);
  const whole = turn('g1', { output: [say('assistant', 'Done.', { finishReason: 'stop' })] });
  expect(found('truncated-output', inAgent('A', [whole]))).toEqual([]);
});

test('context-overflow: refused, or shrunk on the way', () => {
  const refused = turn('g', { status: 'error', error: "This model's maximum context length is 8192 tokens." });
  expect(found('context-overflow', inAgent('A', [refused]))).toEqual(['high A g']);
  expect(found('context-overflow', inAgent('A', [{ ...refused, error: 'rate limit' }]))).toEqual([]);
  const grown = turn('g1', { usage: usage(40_000, 10) });
  expect(found('context-overflow', inAgent('A', [grown, turn('g2', { usage: usage(6_000, 10) })]))).toEqual([
    'low A g2 g1',
  ]);
  expect(found('context-overflow', inAgent('A', [grown, turn('g2', { usage: usage(41_000, 10) })]))).toEqual([]);
});

test('guardrail-ignored: the agent goes on', () => {
  const rail = (subtype: string | null, given: Partial<CaseSpan> = {}): Given => ({
    spanId: 'r',
    kind: 'guardrail',
    subtype,
    name: 'topic',
    ...given,
  });
  expect(found('guardrail-ignored', inAgent('A', [rail('triggered'), turn('g')]))).toEqual(['high A r g']);
  const told = rail(null, { output: [json({ tripwire_triggered: true })] });
  expect(found('guardrail-ignored', inAgent('A', [told, turn('g')]))).toEqual(['high A r g']);
  expect(found('guardrail-ignored', inAgent('A', [rail(null, { output: [text('fine')] }), turn('g')]))).toEqual([]);
  expect(found('guardrail-ignored', inAgent('A', [turn('g'), rail('triggered')]))).toEqual([]);
});

test('orphan-work: a parent that never came, an agent that outlives its caller', () => {
  expect(found('orphan-work', [fact('a'), fact('b', { parentId: 'gone' })])).toEqual(['low - b']);
  const pair = (end: number): CaseSpan[] => [
    agentFact('a', 'A', { start: 0, end: 2 * SECOND }),
    agentFact('b', 'B', { parentId: 'a', start: SECOND, end }),
  ];
  expect(found('orphan-work', pair(9 * SECOND))).toEqual(['medium A b a']);
  expect(found('orphan-work', pair(2 * SECOND))).toEqual([]);
});
