/** Token counts as the source states them → one meaning: input with cache, output with reasoning. */
import type { SpanKind, Usage } from '#shared/record.ts';
import type { FactSheet } from './facts.ts';
import type { Dialect } from './dialects/types.ts';

export type UsageFacts = {
  readonly usage: Usage | null;
  readonly reportedUsage: Usage | null;
  readonly cost: number | null;
};

export const NO_USAGE: UsageFacts = { usage: null, reportedUsage: null, cost: null };

/** Model calls own their counts and cost; on any other span they are a total over descendants. */
export function readUsage(
  facts: FactSheet,
  kind: SpanKind,
  subtype: string | null,
  dialects: readonly Dialect[],
): UsageFacts {
  const usage = sum(facts, dialects);
  const cost = facts.get('cost');
  if (usage === null && cost === null) return NO_USAGE;
  if (kind === 'generation' || subtype === 'rerank') return { usage, reportedUsage: null, cost };
  return { usage: null, reportedUsage: usage, cost: null };
}

function sum(facts: FactSheet, dialects: readonly Dialect[]): Usage | null {
  let input = facts.get('inputTokens');
  let output = facts.get('outputTokens');
  const cacheRead = facts.get('cacheRead');
  const cacheWrite = facts.get('cacheWrite');
  const reasoning = facts.get('reasoning');
  // A zero beside nothing is a default that was never filled in.
  if (input === 0 && output === null) input = null;
  if (output === 0 && input === null) output = null;
  if (input === null && output === null && !cacheRead && !cacheWrite && !reasoning) return null;
  if (input !== null) {
    const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
    // More from the cache than in all can only mean that the cache was not counted in.
    if (dialects[facts.dialect('inputTokens')]?.tokens?.inputExcludesCache || cached > input) input += cached;
  }
  if (output !== null && reasoning !== null) {
    if (dialects[facts.dialect('outputTokens')]?.tokens?.outputExcludesReasoning) output += reasoning;
  }
  return { input, output, cacheRead, cacheWrite, reasoning };
}
