import { expect, test } from 'vitest';
import type { TraceRow } from '#shared/trace.ts';
import { toFacts, type StepNode } from '../../../../test/support/step-edits.ts';
import type { SpanFact } from '../types.ts';
import { alignSteps } from './align-steps.ts';
import { downstreamOf, type DownstreamSide } from './downstream.ts';

type Made = {
  readonly kind: SpanFact['kind'];
  readonly name: string;
  readonly agent: string;
  readonly failed?: boolean;
  readonly words?: number;
};

const KINDS: readonly SpanFact['kind'][] = ['agent', 'generation', 'tool', 'handoff'];
const names = new Map<string, number>();
const number = (name: string): number => names.get(name) ?? (names.set(name, names.size + 1), names.size);

function side(trace: Partial<TraceRow>, made: readonly Made[]): DownstreamSide {
  const nodes = made.map(({ kind, name, words = 1 }): StepNode => ({
    kind: KINDS.indexOf(kind) + 1,
    key: number(`${kind} ${name}`),
    input: words,
    output: words,
    inside: [],
  }));
  const facts = toFacts(nodes);
  return {
    trace: {
      status: 'ok',
      scores: [],
      cost: null,
      tokens: { input: null, output: null },
      durationNs: null,
      spans: made.length,
      ...trace,
    } as unknown as TraceRow,
    steps: {
      facts: { ...facts, status: Uint8Array.from(made, ({ failed }) => (failed ? 1 : 0)) },
      rows: Int32Array.from(made, (_, row) => row),
    },
    spanAt: (row) => {
      const { kind, name, agent, failed } = made[row]!;
      return {
        kind,
        name,
        agent,
        tool: kind === 'tool' ? name : null,
        handoffTo: null,
        status: failed ? 'error' : 'ok',
      } as SpanFact;
    },
    agentAt: (row) => made[row]!.agent,
  };
}

const told = (a: DownstreamSide, b: DownstreamSide): string[] =>
  downstreamOf(alignSteps(a.steps.facts, b.steps.facts), a, b).map(({ says, step }) =>
    step === null ? says : `${says} @${step}`,
  );

const START: Made[] = [
  { kind: 'generation', name: 'm', agent: 'P', words: 5 },
  { kind: 'tool', name: 'search', agent: 'P', words: 6 },
];

test('outcome, failures, agents, the last answer, calls and totals, the gravest first', () => {
  const a = side({ cost: 0.1, durationNs: 1e9 }, [
    ...START,
    { kind: 'tool', name: 'write', agent: 'W', words: 7 },
    { kind: 'generation', name: 'm', agent: 'P', words: 8 },
  ]);
  const b = side({ status: 'error', cost: 0.3, durationNs: 1.05e9 }, [
    ...START,
    { kind: 'tool', name: 'search', agent: 'P', words: 17, failed: true },
    { kind: 'tool', name: 'search', agent: 'P', words: 18, failed: true },
    { kind: 'generation', name: 'm', agent: 'P', words: 9 },
  ]);
  const sentences = told(a, b);
  expect(sentences[0]).toBe('A ends well, B ends in an error.');
  expect(sentences[1]).toMatch(/^Tool search fails 2 times in B where it did not in A\. @\d$/);
  expect(sentences[2]).toMatch(/^Agent W acts in A and no longer in B\. @\d$/);
  expect(sentences[3]).toMatch(/^The last answer of a model is another one\. @\d$/);
  expect(sentences.slice(4).join('\n')).toMatch(/Tool search: once in A, 3 times in B/);
  expect(sentences).toContain('Cost: $0.10 in A, $0.30 in B (+200 %).');
  expect(sentences.join()).not.toMatch(/Duration/);
});

test('two that did the same say nothing', () => {
  expect(told(side({}, START), side({}, START))).toEqual([]);
});

test('a score that came with the data is told', () => {
  const score = (value: number) => ({ scores: [{ name: 'reward', value, label: null, passed: value === 1 }] });
  const b = [...START.slice(0, 1), { kind: 'tool', name: 'search', agent: 'P', words: 99 } as const];
  expect(told(side(score(1), START), side(score(0), b))).toContain('reward: 1 in A, 0 in B.');
});

test('where words part first, the first other action is told, and a call that another one stands for has its step', () => {
  const a = side({}, [
    { kind: 'generation', name: 'm', agent: 'P', words: 5 },
    { kind: 'tool', name: 'search', agent: 'P', words: 6 },
    { kind: 'generation', name: 'm', agent: 'P', words: 7 },
    { kind: 'generation', name: 'u', agent: 'User', words: 8 },
  ]);
  const b = side({}, [
    { kind: 'generation', name: 'm', agent: 'P', words: 15 },
    { kind: 'tool', name: 'look up', agent: 'P', words: 6 },
    { kind: 'generation', name: 'm', agent: 'P', words: 7 },
    { kind: 'generation', name: 'u', agent: 'User', words: 18 },
  ]);
  const sentences = told(a, b);
  expect(sentences[0]).toMatch(/^The first different action: Tool search.* in A.*\. @\d$/);
  expect(sentences.find((says) => says.startsWith('Tool look up: never in A, once in B.'))).toMatch(/@\d$/);
  // Who plays the user gives no answer.
  expect(sentences.join()).not.toMatch(/last answer/);
});

test('where the first thing that differs is an action, it is not said twice', () => {
  const b = side({}, [...START.slice(0, 1), { kind: 'tool', name: 'search', agent: 'P', words: 99 }]);
  expect(told(side({}, START), b).join()).not.toMatch(/first different action/);
});
