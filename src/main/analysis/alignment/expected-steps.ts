/** Expected tool calls, and the tool calls of a trace, as lists of steps: what was asked of whom, without what came of it. */
import type { ExpectedCall } from '#shared/dataset.ts';
import type { Json } from '#shared/json.ts';
import type { StepFacts } from './align-steps.ts';
import { canonicalJson } from './canonical-item.ts';
import type { Symbols } from './symbols.ts';

/** `arguments` is null where any will do, or none is recorded. */
type CallStep = Pick<ExpectedCall, 'name' | 'agent'> & { readonly arguments: Json };

export function callSteps(calls: readonly CallStep[], symbols: Symbols): StepFacts {
  const count = calls.length;
  const of = (number: (call: CallStep) => number): Int32Array => Int32Array.from(calls, number);
  const key = of(({ name }) => symbols(`tool ${name}`));
  return {
    count,
    parent: new Int32Array(count).fill(-1),
    end: Int32Array.from({ length: count }, (_, row) => row + 1),
    key,
    // Another tool is not the expected call made in another way: one was not made, and the other not expected.
    kind: key,
    name: key,
    input: of((call) => (call.arguments === null ? 0 : symbols(`arguments ${canonicalJson(call.arguments)}`))),
    output: new Int32Array(count),
    status: new Uint8Array(count),
    agent: of(({ agent }) => (agent ? symbols(`agent ${agent}`) : 0)),
    duration: new Float64Array(count).fill(NaN),
    tokens: new Float64Array(count).fill(NaN),
  };
}
