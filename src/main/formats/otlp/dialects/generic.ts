/** What any OpenTelemetry span may say, and what its name gives away when nothing else does. */
import { KIND, readFailure, readName, text } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

export const generic: Dialect = {
  id: 'generic',
  scopes: [],
  tells: [],
  facts: [
    { field: 'kind', rank: 131, key: 'db.vector.query.top_k', read: () => KIND.retrieval },
    { field: 'failed', rank: 10, key: 'error.type', read: readFailure },
    { field: 'failed', rank: 20, key: 'error', read: readFailure },
    { field: 'failed', rank: 30, key: 'error.message', read: (value) => (readName(value) === null ? null : true) },
    text('errorType', 10, 'error.type'),
    text('errorMessage', 20, 'error.message'),
    {
      field: 'errorMessage',
      rank: 30,
      key: 'error',
      read: (value) => (typeof value === 'string' ? value || null : null),
    },
    text('session', 20, 'session.id'),
    text('user', 10, 'user.id'),
    text('user', 20, 'enduser.id'),
  ],
  names: [
    { field: 'kind', rank: 140, read: kindOfName },
    { field: 'tool', rank: 80, when: ['tool'], read: (name) => readName(bareName(name)) },
    { field: 'agent', rank: 150, when: ['agent'], read: (name) => readName(bareName(name)) },
    { field: 'handoffTo', rank: 25, when: ['handoff'], read: (name) => readName(afterPrefix(name, 'handoff to ')) },
  ],
  resource: [
    { field: 'workflow', rank: 120, key: 'service.name' },
    { field: 'session', rank: 120, key: 'session.id' },
  ],
};

const EXACT: ReadonlyMap<string, KindFact> = new Map<string, KindFact>([
  ['agent run', KIND.agent],
  ['running tool', KIND.tool],
  ['running tools', KIND.step],
]);
const PREFIXES: readonly (readonly [string, KindFact])[] = [
  ['invoke_agent ', KIND.agent],
  ['execute_tool ', KIND.tool],
  ['invoke_workflow ', KIND.workflow],
];
const SUFFIXES: readonly (readonly [string, KindFact])[] = [
  ['.workflow', KIND.workflow],
  ['.agent', KIND.agent],
  ['.tool', KIND.tool],
  ['.task', KIND.task],
  ['.run', { kind: 'chain', subtype: 'run' }],
];

function kindOfName(name: string): KindFact | null {
  const exact = EXACT.get(name);
  if (exact) return exact;
  for (const [prefix, fact] of PREFIXES) if (name.startsWith(prefix)) return fact;
  for (const [suffix, fact] of SUFFIXES) if (name.endsWith(suffix)) return fact;
  return /^Step \d{1,9}$/.test(name) ? KIND.step : null;
}

/** The span's name without what conventions put around the name of the tool or agent. */
function bareName(name: string): string {
  for (const prefix of ['execute_tool ', 'invoke_agent ', 'create_agent ']) {
    if (name.startsWith(prefix)) return name.slice(prefix.length);
  }
  for (const suffix of ['.run', '.agent', '.execute', '.tool']) {
    if (name.endsWith(suffix)) return name.slice(0, -suffix.length);
  }
  return name;
}

function afterPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : '';
}
