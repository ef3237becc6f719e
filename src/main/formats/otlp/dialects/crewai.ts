/**
 * CrewAI, seen through OpenInference: `{crew}.kickoff` around `{role}.{task}` agents. Its own spans are anonymous
 * usage figures for the vendor and say nothing about a run. Read in the source, not captured.
 */
import type { OtlpSpan } from '../span.ts';
import { KIND, readName } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

const DELEGATION = new Set(['Delegate work to coworker', 'Ask question to coworker']);

export const crewAi: Dialect = {
  id: 'crewai',
  scopes: [/^openinference\.instrumentation\.crewai$/, /^crewai(?:\.|$)/],
  tells: [],
  facts: [
    {
      field: 'kind',
      rank: 36,
      key: 'tool.name',
      bare: true,
      read: (value) =>
        typeof value === 'string' && DELEGATION.has(value) ? { kind: 'tool', subtype: 'delegation' } : null,
    },
  ],
  names: [
    { field: 'kind', rank: 37, bare: true, read: kindOfName },
    { field: 'workflow', rank: 25, bare: true, read: workflowOfName },
  ],
};

function kindOfName(name: string, { scope }: OtlpSpan): KindFact | null {
  if (name.endsWith('.kickoff')) return KIND.workflow;
  return scope.name?.startsWith('crewai') ? { kind: 'custom', subtype: 'usage_figures' } : null;
}

function workflowOfName(name: string, span: OtlpSpan): string | null {
  return span.parentId === null && name.endsWith('.kickoff') ? readName(name.slice(0, -'.kickoff'.length)) : null;
}
