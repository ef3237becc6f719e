import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContentItem } from '#shared/message.ts';
import type { TraceWaste } from '#shared/lanes.ts';
import { agentFact, anyFacts, cpuMs, fact, manyFacts, usage } from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { readWords } from './content-words.ts';
import { laneFacts } from './lane-views.ts';
import { summarise } from './totals.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { findWaste } from './waste.ts';

type Said = { readonly input?: readonly ContentItem[]; readonly output?: readonly ContentItem[] };

/** Contents by span id; equal items get equal keys, as in the store. */
function wasteOf(spans: readonly SpanFact[], said: Readonly<Record<string, Said>>): TraceWaste {
  const keys = new Map<string, number>();
  const items: [number, ContentItem][] = [];
  const keyOf = (item: ContentItem): number => {
    const text = JSON.stringify(item);
    const known = keys.get(text);
    if (known !== undefined) return known;
    items.push([keys.size, item]);
    keys.set(text, keys.size);
    return keys.size - 1;
  };
  const contents = spans.map(({ spanId }) => {
    const own = said[spanId];
    return own ? { input: (own.input ?? []).map(keyOf), output: (own.output ?? []).map(keyOf) } : null;
  });
  const tree = buildTree(spans);
  return findWaste(laneFacts(spans, tree, effectiveAgents(spans, tree)), contents, readWords(items));
}

const text = (said: string): ContentItem => ({ kind: 'text', text: said });
const says = (role: string, content: string): ContentItem => ({
  kind: 'message',
  role,
  parts: [{ type: 'text', content }],
});
const asks = (id: string, name: string): ContentItem => ({
  kind: 'message',
  role: 'assistant',
  parts: [{ type: 'tool_call', id, name, arguments: {} }],
});
const result = (id: string, response: string): ContentItem => ({
  kind: 'message',
  role: 'tool',
  parts: [{ type: 'tool_call_response', id, response }],
});
const call = (spanId: string, start: number, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId: 'a', kind: 'generation', start, end: start + 10, usage: usage(100, 10), ...given });
const tool = (spanId: string, start: number, given: Partial<SpanFact> = {}): SpanFact =>
  fact(spanId, { parentId: 'a', kind: 'tool', tool: 'search', start, end: start + 10, ...given });
const agent = agentFact('a', 'A', { start: 0, end: 100 });

const reasons = (waste: TraceWaste): string[] => waste.items.map(({ spanId, reason }) => `${spanId} ${reason}`).sort();

test('a tool result that no later input holds is unread; by id, by text and inside a text, one is read', () => {
  const spans = [agent, call('g1', 0), ...[1, 2, 3, 4].map((k) => tool(`t${k}`, k * 10)), call('g2', 60)];
  const waste = wasteOf(spans, {
    g1: { input: [says('user', 'Find out.')], output: [asks('c1', 'search'), asks('c2', 'search')] },
    t1: { input: [text('one')], output: [text('{"flights": [ "LH 400" ]}')] },
    t2: { input: [text('two')], output: [text('The weather is fine today.')] },
    t3: { input: [text('three')], output: [text('Nobody ever reads this.')] },
    t4: { input: [text('four')], output: [text('It is inside of a longer one.')] },
    g2: {
      input: [
        result('c1', '{"flights":["LH 400"]}'),
        says('user', 'The weather is fine today.'),
        says('user', 'Notes: It is inside of a longer one. So.'),
      ],
      output: [says('assistant', 'Fly LH 400.')],
    },
  });
  expect(reasons(waste)).toEqual(['t3 unread']);
  expect(waste).toMatchObject({ judgedReading: true, ns: 10, count: 1, tokens: { input: 0, output: 0 } });
});

test('what a span around gives back is used', () => {
  const spans = [agent, call('g1', 0), tool('t1', 10), tool('t2', 20), call('g2', 30)];
  const waste = wasteOf(spans, {
    a: { output: [text('The final report, as the tool wrote it.')] },
    t1: { input: [text('1')], output: [text('The final report, as the tool wrote it.')] },
    t2: { input: [text('2')], output: [text('A fact that is read.')] },
    g2: { input: [text('A fact that is read.')], output: [text('bye bye')] },
  });
  expect(reasons(waste)).toEqual([]);
});

test('where no result was left to be read, nothing is said about reading', () => {
  const spans = [agent, { ...tool('t1', 10), status: 'error' as const }, call('g2', 30)];
  const waste = wasteOf(spans, {
    t1: { input: [text('1')], output: [text('503 service unavailable')] },
    g2: { input: [text('503 service unavailable')], output: [text('bye bye')] },
  });
  expect(waste).toMatchObject({ count: 1, judgedReading: true });
});

test('a source whose inputs never say a result again is not judged', () => {
  const spans = [agent, tool('t1', 10), call('g2', 30)];
  const waste = wasteOf(spans, {
    t1: { input: [text('1')], output: [text('A long result of a tool')] },
    g2: { input: [says('user', 'Go on.')], output: [text('bye bye')] },
  });
  expect(waste).toMatchObject({ count: 0, judgedReading: false });
});

test('failed calls, with all that is inside, and calls repeated to the same result', () => {
  const spans = [
    agent,
    call('g0', 0, { status: 'error' }),
    tool('ask', 10, { tool: 'ask', status: 'error', end: 40 }),
    agentFact('b', 'B', { parentId: 'ask', start: 10, end: 40 }),
    call('inner', 15, { parentId: 'b' }),
    tool('t1', 50),
    tool('t2', 60),
    tool('t3', 70),
    call('last', 80),
  ];
  const found = wasteOf(spans, {
    t1: { input: [text('x')], output: [text('The same result')] },
    t2: { input: [text('x')], output: [text('The same result')] },
    t3: { input: [text('x')], output: [text('Another result')] },
    last: { input: [text('The same result'), text('Another result')], output: [text('Done, thanks.')] },
  });
  expect(reasons(found)).toEqual(['ask failed', 'g0 failed', 't2 repeated']);
  expect(found.items.find(({ spanId }) => spanId === 't2')?.repeats).toBe('t1');
  expect(found.tokens).toEqual({ input: 200, output: 20 });
  expect(found.ns).toBe(50);
});

test('a generation that neither asks nor is read is unread; the last one of its agent is the answer', () => {
  const spans = [agent, call('thought', 0), call('kept', 10), tool('t', 20), call('answer', 30)];
  const waste = wasteOf(spans, {
    thought: { input: [says('user', 'Go')], output: [says('assistant', 'A draft that is thrown away.')] },
    kept: { input: [says('user', 'Go')], output: [says('assistant', 'A plan to follow.')] },
    t: { input: [text('q')], output: [text('A useful result')] },
    answer: {
      input: [says('assistant', 'A plan to follow.'), result('c', 'A useful result')],
      output: [says('assistant', 'The answer.')],
    },
  });
  expect(reasons(waste)).toEqual(['thought unread']);
  expect(waste.tokens).toEqual({ input: 100, output: 10 });
});

test('any trace: waste is a part of the trace, each token once', () => {
  const said = fc.array(fc.constantFrom('The first text', 'The second text', 'ok'), { maxLength: 2 });
  fc.assert(
    fc.property(anyFacts(), fc.array(fc.tuple(said, said), { minLength: 40, maxLength: 40 }), (spans, texts) => {
      const contents = Object.fromEntries(
        spans.map(({ spanId }, k) => [
          spanId,
          { input: (texts[k]?.[0] ?? []).map(text), output: (texts[k]?.[1] ?? []).map(text) },
        ]),
      );
      const waste = wasteOf(spans, contents);
      const { duration } = summarise(spans);
      if (duration !== null) expect(waste.ns).toBeLessThanOrEqual(duration);
      expect(waste.items.reduce((sum, { tokens }) => sum + tokens.input, 0)).toBe(waste.tokens.input);
      expect(waste.items.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBeCloseTo(waste.cost ?? 0, 9);
      expect(new Set(waste.items.map(({ spanId }) => spanId)).size).toBe(waste.count);
    }),
  );
});

test('100,000 spans with contents', () => {
  const many = manyFacts(100_000);
  const tree = buildTree(many);
  const facts = laneFacts(many, tree, effectiveAgents(many, tree));
  const contents = many.map((_, k) => ({ input: [k, k + 1], output: [k + 100_000] }));
  const items = Array.from({ length: 200_001 }, (_, k): [number, ContentItem] => [k, text(`Some text number ${k}`)]);
  expect(cpuMs(() => findWaste(facts, contents, readWords(items)))).toBeLessThan(4_000);
}, 60_000);
