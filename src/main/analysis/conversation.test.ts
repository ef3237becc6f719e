import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentFact, agentsSdkTraces, anyFacts, fact } from '../../../test/support/span-facts.ts';
import { effectiveAgents } from './agents.ts';
import { conversationTurns, createFolder } from './conversation.ts';
import { buildTree } from './tree.ts';
import type { SpanFact } from './types.ts';

function turnsOf(spans: readonly SpanFact[]) {
  const tree = buildTree(spans);
  return conversationTurns(spans, tree, effectiveAgents(spans, tree));
}

test('turns are model calls, tools, handoffs and guardrails in time order, nested agents deeper (recorded)', () => {
  const [spans] = agentsSdkTraces('js03-multi-agent/input.json');
  const lines = turnsOf(spans!).map(
    ({ index, kind, agent, depth }) => `${depth} ${agent} ${kind} ${spans![index]!.name}`,
  );
  expect(lines.slice(0, 9)).toEqual([
    '0 Triage guardrail topic_check',
    '0 Triage guardrail profanity_check',
    '0 Triage generation fake-triage-1b',
    '0 Triage handoff Triage → Planner',
    '0 Planner generation fake-plan-8b',
    '0 Planner tool fact_check',
    '0 Planner tool research',
    '1 Fact checker generation fake-check-3b',
    '1 Researcher generation fake-research-7b',
  ]);
  expect(lines).toHaveLength(12 + 9 + 3 + 3);
});

test('wrappers of model calls are no turns', () => {
  const spans = [fact('outer', { kind: 'generation' }), fact('inner', { kind: 'generation', parentId: 'outer' })];
  expect(turnsOf(spans).map(({ index }) => spans[index]!.spanId)).toEqual(['inner']);
});

test('history is folded for each agent, repeats within one input are counted', () => {
  const fold = createFolder();
  const a = { kind: 'generation', agent: 'A' } as const;
  const b = { kind: 'generation', agent: 'B' } as const;
  expect(fold(a, [1, 2], [3])).toEqual({ input: [1, 2], repeated: 0 });
  expect(fold(a, [1, 2, 3, 4], [5])).toEqual({ input: [4], repeated: 3 });
  expect(fold(b, [1, 2, 3], [3])).toEqual({ input: [1, 2, 3], repeated: 0 });
  // The user says the same words (2) again, and the agent answered the same (5) twice.
  expect(fold(a, [1, 2, 3, 4, 5, 2], [5])).toEqual({ input: [2], repeated: 5 });
  expect(fold(a, [1, 2, 3, 4, 5, 2, 5], [])).toEqual({ input: [], repeated: 7 });
  // The arguments of a tool call are shown each time.
  expect(fold({ kind: 'tool', agent: 'A' }, [2], [9])).toEqual({ input: [2], repeated: 0 });
  expect(fold({ kind: 'tool', agent: 'A' }, [2], [9])).toEqual({ input: [2], repeated: 0 });
});

test('each item is shown as often as the longest input that held it', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(4), { maxLength: 8 }), { maxLength: 8 }), (inputs) => {
      const fold = createFolder();
      const shown = inputs.flatMap((input) => fold({ kind: 'generation', agent: null }, input, []).input);
      for (let key = 0; key <= 4; key++) {
        const count = (list: readonly number[]): number => list.filter((one) => one === key).length;
        expect(count(shown)).toBe(Math.max(0, ...inputs.map(count)));
      }
    }),
  );
});

test('a long conversation folds in linear time', () => {
  const fold = createFolder();
  const history: number[] = [];
  let fresh = 0;
  for (let k = 0; k < 1_500; k++) {
    history.push(2 * k);
    fresh += fold({ kind: 'generation', agent: 'A' }, history, [2 * k + 1]).input.length;
    history.push(2 * k + 1);
  }
  expect(fresh).toBe(1_500);
});

test('any spans have turns in time order', () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const starts = turnsOf(facts).map(({ index }) => facts[index]!.start ?? Infinity);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }),
  );
  expect(turnsOf([agentFact('a', 'A')])).toEqual([]);
});
