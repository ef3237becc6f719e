/**
 * Semantic Kernel: names of its own for model calls (`chat.completions gpt-4o`), spans of kernel functions that are
 * named by the function alone. From its documentation, not captured.
 */
import type { OtlpSpan } from '../span.ts';
import { kind, KIND, text } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

const OPERATIONS = {
  'chat.completions': KIND.generation,
  'text.completions': KIND.generation,
  'chat.streaming_completions': KIND.generation,
  'text.streaming_completions': KIND.generation,
} as const;

export const semanticKernel: Dialect = {
  id: 'semantic_kernel',
  scopes: [/^Microsoft\.SemanticKernel/, /^semantic_kernel(?:\.|$)/],
  tells: ['semantic_kernel.function.name', 'semantic_kernel.function.invocation.name'],
  facts: [
    { ...kind(89, 'gen_ai.operation.name', OPERATIONS), bare: true },
    text('tool', 68, 'semantic_kernel.function.name', { when: ['tool'] }),
  ],
  names: [{ field: 'kind', rank: 138, bare: true, read: kindOfName }],
};

const MODEL_CALL = /^(?:chat|text)\.(?:streaming_)?completions /;

/** A kernel function may be a tool or a prompt around a model call: only the way that it was called tells. */
function kindOfName(name: string, { scope }: OtlpSpan): KindFact | null {
  if (MODEL_CALL.test(name)) return KIND.generation;
  if (name.startsWith('AutoFunctionInvocationLoop')) return KIND.step;
  return (scope.name ?? '').endsWith('kernel_function') ? { kind: 'chain', subtype: 'function' } : null;
}
