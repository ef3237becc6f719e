/** Names that a pattern may hold: those of the trace at hand first, then those of the workspace. */
import { useMemo } from 'react';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { PatternVocabulary } from '#shared/pattern-complete.ts';
import type { FacetCounts } from '#shared/trace.ts';
import { useEngine } from '../../data/engine.ts';

const MOST = 500;

/** `subject` is what a grader is given of a trace; null = no trace is at hand. */
export function useVocabulary(subject: Json | null): PatternVocabulary {
  const { data } = useEngine('trace.facets', {});
  return useMemo(() => vocabularyOf(subject, data ?? null), [subject, data]);
}

export function vocabularyOf(
  subject: Json | null,
  facets: Pick<FacetCounts, 'agent' | 'tool'> | null,
): PatternVocabulary {
  const trace = isJsonObject(subject) ? subject.trace : null;
  const of = (key: string): readonly Json[] => {
    const list = isJsonObject(trace) ? trace[key] : null;
    return Array.isArray(list) ? (list as readonly Json[]) : [];
  };
  const named = (list: readonly Json[]): readonly Json[] =>
    list.map((each) => (isJsonObject(each) ? (each.name ?? null) : each));
  const values = (list: readonly { readonly value: string }[] | undefined) => (list ?? []).map(({ value }) => value);
  return {
    agents: names([...of('agents'), ...values(facets?.agent)]),
    tools: names([...named(of('tool_calls')), ...values(facets?.tool)]),
    guardrails: names(named(of('guardrails'))),
  };
}

function names(all: readonly Json[]): readonly string[] {
  const texts = all.filter((each): each is string => typeof each === 'string' && each.trim() !== '');
  return [...new Set(texts)].slice(0, MOST);
}
