/**
 * Microsoft Agent Framework: agents follow the GenAI conventions; workflows are executors with messages between them,
 * joined by span links. Read in the source, not captured.
 */
import { KIND, text } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

const KINDS: ReadonlyMap<string, KindFact> = new Map<string, KindFact>([
  ['workflow.run', KIND.workflow],
  ['workflow.session', KIND.workflow],
  ['workflow_invoke', KIND.workflow],
  ['workflow.build', { kind: 'custom', subtype: 'workflow.build' }],
  ['executor.process', { kind: 'chain', subtype: 'executor' }],
  ['edge_group.process', { kind: 'custom', subtype: 'edge_group' }],
  ['message.send', { kind: 'custom', subtype: 'message' }],
]);

export const msAgentFramework: Dialect = {
  id: 'ms_agent_framework',
  scopes: [/^agent_framework(?:\.|$)/, /^Microsoft\.Agents\./],
  tells: ['executor.id', 'edge_group.id', 'edge_group.type', 'message.source_id', 'workflow.definition'],
  facts: [
    text('agent', 120, 'executor.id', { when: ['chain', 'agent'] }),
    text('workflow', 40, 'workflow.name', { bare: true }),
    text('errorType', 30, 'build.error.type'),
    text('errorMessage', 50, 'build.error.message'),
    { field: 'failed', rank: 80, key: 'build.error.message', read: (value) => (value ? true : null) },
  ],
  // The id of the executor or the type of the group follows in later versions: "executor.process writer".
  names: [{ field: 'kind', rank: 125, bare: true, read: (name) => KINDS.get(name.split(' ', 1)[0] ?? '') ?? null }],
};
