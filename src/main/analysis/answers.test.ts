/** Origins and handoffs on small traces made by hand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContentItem } from '#shared/message.ts';
import type { HandoffFacts, Origin } from '#shared/answers.ts';
import { agentFact, fact } from '../../../test/support/span-facts.ts';
import { findArcs } from './graph.ts';
import { findHandoffFacts } from './handoff-facts.ts';
import { indexOrigins } from './origin-index.ts';
import { findOrigin } from './provenance.ts';
import { createTexts } from './trace-texts.ts';
import type { SpanFact } from './types.ts';

type Said = { readonly input?: readonly ContentItem[]; readonly output?: readonly ContentItem[]; callId?: string };

/** Contents by span id; equal items have equal keys, as in the store. */
function prepare(spans: readonly SpanFact[], said: Readonly<Record<string, Said>>) {
  const keys = new Map<string, number>();
  const keyOf = (item: ContentItem): number => {
    const body = JSON.stringify(item);
    const key = keys.get(body) ?? keys.size;
    keys.set(body, key);
    return key;
  };
  const contents = spans.map(({ spanId }) => {
    const own = said[spanId];
    const list = (items: readonly ContentItem[] = []): number[] => items.map(keyOf);
    return { input: list(own?.input), output: list(own?.output), error: null, callId: own?.callId ?? null };
  });
  const bodies = [...keys.keys()];
  const texts = createTexts({ of: (span) => contents[span]!, body: (key) => bodies[key] ?? null, complete: true });
  const { scene, contacts, arcs } = findArcs(spans, { expanded: false });
  return { index: indexOrigins(scene, contacts, texts), texts, arcs };
}

const says = (role: string, content: string): ContentItem => ({
  kind: 'message',
  role,
  parts: [{ type: 'text', content }],
});
const result = (id: string, response: string): ContentItem => ({
  kind: 'message',
  role: 'tool',
  parts: [{ type: 'tool_call_response', id, response }],
});
const calls = (id: string, name: string, args: { [key: string]: string }): ContentItem => ({
  kind: 'message',
  role: 'assistant',
  parts: [{ type: 'tool_call', id, name, arguments: args }],
});

const REQUEST =
  'Book a train from Berlin to Rome for Anna Keller on 2026-03-12. It must cost at most 300 EUR. Never book a night train.';
const FOUND = '{"trains":[{"id":"EC85","price":"289 EUR","leaves":"07:10"}]}';
const user = says('user', REQUEST);
const asked = calls('c1', 'find_trains', { from: 'Berlin', to: 'Rome' });
const told = says('assistant', 'Please reserve EC85 for Anna Keller on March 12, 2026 for 389 EUR.');

/** A planner that looks for trains and hands off to a booker, which is given only what the planner says. */
const SPANS: SpanFact[] = [
  fact('run', { kind: 'chain', start: 0, end: 100, subtype: 'task' }),
  agentFact('a', 'Planner', { parentId: 'run', start: 0, end: 50 }),
  fact('g1', { parentId: 'a', kind: 'generation', start: 1, end: 10 }),
  fact('t1', { parentId: 'a', kind: 'tool', tool: 'find_trains', start: 11, end: 15 }),
  fact('g2', { parentId: 'a', kind: 'generation', start: 16, end: 30 }),
  fact('h', { parentId: 'a', kind: 'handoff', handoffFrom: 'Planner', handoffTo: 'Booker', start: 31, end: 32 }),
  agentFact('b', 'Booker', { parentId: 'run', start: 51, end: 90 }),
  fact('g3', { parentId: 'b', kind: 'generation', start: 52, end: 60 }),
];
const SAID: Record<string, Said> = {
  g1: { input: [says('system', 'You are a planner. You must answer in English.'), user], output: [asked] },
  t1: {
    input: [{ kind: 'json', value: { from: 'Berlin', to: 'Rome' } }],
    output: [{ kind: 'text', text: FOUND }],
    callId: 'c1',
  },
  g2: {
    input: [says('system', 'You are a planner. You must answer in English.'), user, asked, result('c1', FOUND)],
    output: [told],
  },
  g3: {
    input: [
      says('system', 'You book trains.'),
      says('user', 'Please reserve EC85 for Anna Keller on March 12, 2026 for 389 EUR.'),
    ],
    output: [says('assistant', 'I booked EC85 for **Anna Keller**; the code is XK4471.')],
  },
};

function origin(spanId: string, text: string, said = SAID, spans = SPANS): Origin {
  const { index, texts } = prepare(spans, said);
  return findOrigin(index, texts, { spanId, text })!;
}
const way = ({ steps }: Origin): string[] =>
  steps.map(({ deed, place, via }) => `${deed} ${place.spanId}${via ? ` via ${via.spanId}` : ''}`);

test('the way of a text: tool, agent, handoff, agent', () => {
  const found = origin('g3', 'EC85');
  expect(found.verdict).toBe('found');
  expect(way(found)).toEqual(['returned t1', 'given g2', 'said g2', 'given g3 via h', 'said g3']);
  expect(found.steps.map(({ place }) => place.text)).toEqual(['EC85', 'EC85', 'EC85', 'EC85', 'EC85']);
  expect(found.steps.every(({ linked }) => linked)).toBe(true);
});

test('a text of the user, read by one agent, said by it, read and said by another', () => {
  expect(way(origin('g3', 'anna  keller'))).toEqual(['given g1', 'said g2', 'given g3 via h', 'said g3']);
  const [first] = origin('g3', 'Anna Keller').steps;
  expect(first?.voice).toBe('user');
  expect(origin('g1', 'night train').verdict).toBe('begins');
  expect(origin('t1', 'leaves: 07:10').verdict).toBe('begins');
});

test('arguments come from the call that asked for them', () => {
  expect(way(origin('t1', 'Berlin'))).toEqual(['given g1', 'said g1', 'asked t1']);
});

test('what nobody said before has no source: its longest part and its facts have', () => {
  const invented = origin('g3', 'XK4471');
  expect(invented).toMatchObject({ verdict: 'none', partial: null });
  expect(invented.facts.map(({ text, step }) => `${text} ${step === null ? 'none' : step.place.spanId}`)).toEqual([
    'XK4471 none',
  ]);
  const sentence = origin('g3', 'EC85 for Anna Keller; the code is XK4471');
  expect(sentence.verdict).toBe('none');
  expect(sentence.partial).toMatchObject({ text: 'EC85 for Anna Keller', words: 4 });
  expect(sentence.facts.map(({ text, step }) => `${text} ${step?.place.spanId ?? 'none'}`)).toEqual([
    'EC85 t1',
    'Anna Keller g1',
    'XK4471 none',
  ]);
  expect(origin('g3', 'aardvark')).toMatchObject({ verdict: 'absent', steps: [] });
});

test('a source is earlier, whatever runs beside it', () => {
  const later = SPANS.map((span) => (span.spanId === 't1' ? { ...span, start: 70, end: 80 } : span));
  const said = { ...SAID, g2: { input: [user], output: [told] } };
  expect(way(origin('g3', 'EC85', said, later))).toEqual(['said g2', 'given g3 via h', 'said g3']);
});

test('the same history again is carried, and is no step', () => {
  const again = fact('g4', { parentId: 'b', kind: 'generation', start: 61, end: 70 });
  const said = {
    ...SAID,
    g4: { input: [...SAID.g3!.input!, ...SAID.g3!.output!], output: [says('assistant', 'EC85, done.')] },
  };
  const found = origin('g4', 'EC85', said, [...SPANS, again]);
  expect(way(found)).toEqual(['returned t1', 'given g2', 'said g2', 'given g3 via h', 'said g4']);
  expect(found.carried).toBeGreaterThan(0);
});

test('the order of arrival changes nothing', () => {
  const withoutKeys = (found: unknown): unknown =>
    JSON.parse(JSON.stringify(found, (name, value: unknown) => (name === 'contentKey' ? undefined : value)));
  const expected = withoutKeys([origin('g3', 'EC85'), handoff('h')]);
  const order = fc.shuffledSubarray(SPANS, { minLength: SPANS.length });
  fc.assert(
    fc.property(order, (spans) => {
      expect(withoutKeys([origin('g3', 'EC85', SAID, spans), handoff('h', SAID, spans)])).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

function handoff(spanId: string, said = SAID, spans = SPANS): HandoffFacts | null {
  const { index, texts, arcs } = prepare(spans, said);
  return findHandoffFacts(index, texts, arcs, spanId);
}
const told3 = (found: HandoffFacts | null, fate: string): string[] =>
  (found?.facts ?? [])
    .filter((each) => each.fate === fate && each.matters)
    .map(({ text, became }) => (became === null ? text : `${text} → ${became}`));

test('a handoff: what was kept, dropped, rewritten', () => {
  const found = handoff('h');
  expect(found).toMatchObject({
    kind: 'handoff',
    from: 'Planner',
    to: 'Booker',
    readBy: 'g3',
    unrecorded: null,
    inferred: false,
  });
  expect(told3(found, 'dropped')).toEqual(
    expect.arrayContaining(['It must cost at most 300 EUR', 'Never book a night train', 'Berlin', 'Rome']),
  );
  expect(told3(found, 'kept')).toEqual(expect.arrayContaining(['Anna Keller', '2026-03-12', 'EC85']));
  // What the user asked for stands first, constraints before the rest.
  expect(told3(found, 'dropped')[0]).toBe('It must cost at most 300 EUR');
  // What only the tool said is counted apart.
  expect(found?.facts.find(({ text }) => text === '07:10')).toMatchObject({
    fate: 'dropped',
    matters: false,
    voice: 'tool',
  });
  expect(found?.summary).toMatch(/^\d+ of \d+ facts kept, \d+ dropped/);
});

test('a changed value in the same words is rewritten; one from nowhere is new', () => {
  const input = [says('user', 'Reserve EC85 for Anna Keller. The fare must be at most 350 EUR. Her seat is 27B-9.')];
  const request = says('user', 'Reserve a train for Anna Keller. The fare must be at most 300 EUR.');
  const said = {
    ...SAID,
    g1: { input: [request], output: [asked] },
    g2: { input: [request, asked, result('c1', FOUND)], output: [] },
    g3: { input },
  };
  const found = handoff('h', said);
  expect(told3(found, 'rewritten')).toEqual(
    expect.arrayContaining([
      '300 EUR → 350 EUR',
      'The fare must be at most 300 EUR → The fare must be at most 350 EUR',
    ]),
  );
  expect(told3(found, 'new')).toContain('27B-9');
  const changed = found?.facts.find(({ fate, kind }) => fate === 'rewritten' && kind === 'number');
  expect(changed?.sent).toMatchObject({ spanId: 'g1', before: expect.stringContaining('at most') as string });
  expect(changed?.given).toMatchObject({ spanId: 'g3', text: '350 EUR' });
});

test('contents that are not recorded are said so; other spans prove no handoff', () => {
  expect(handoff('h', { g1: SAID.g1!, g2: SAID.g2! })).toMatchObject({ unrecorded: 'receiver', facts: [] });
  expect(handoff('h', { g3: SAID.g3! })).toMatchObject({ unrecorded: 'sender' });
  expect(handoff('h', {})).toMatchObject({ unrecorded: 'both' });
  expect(handoff('g1')).toBeNull();
});

test('the whole history handed on keeps everything', () => {
  const said = { ...SAID, g3: { input: [user, asked, result('c1', FOUND), told] } };
  const found = handoff('h', said);
  expect(told3(found, 'dropped')).toEqual(['You must answer in English']);
  expect(found?.counts.rewritten).toBe(0);
});
