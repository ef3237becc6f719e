/**
 * AutoGen core: one span per message that is sent, published or processed (`autogen process Writer.(default)-A`; `-A`
 * marks an agent, `-T` a topic), beside GenAI spans. Read in the source, not captured.
 */
import { KIND, readName } from './readers.ts';
import type { Dialect, KindFact } from './types.ts';

const PREFIX = 'autogen ';

export const autogen: Dialect = {
  id: 'autogen',
  scopes: [/^autogen(?:[-_. ]|$)/],
  tells: [],
  facts: [
    {
      field: 'kind',
      rank: 29,
      key: 'messaging.message.type',
      bare: true,
      read: (value, span) =>
        value === 'HandoffMessage' && /^autogen (?:send|publish) /.test(span.name) ? KIND.handoff : null,
    },
  ],
  names: [
    { field: 'kind', rank: 128, bare: true, read: kindOfName },
    { field: 'agent', rank: 122, bare: true, when: ['chain'], read: (name) => agentIn(name, 'process') },
    { field: 'handoffTo', rank: 24, bare: true, when: ['handoff'], read: (name) => agentIn(name, 'send') },
  ],
};

function kindOfName(name: string): KindFact | null {
  if (!name.startsWith(PREFIX)) return null;
  const operation = name.slice(PREFIX.length).split(' ', 1)[0] ?? '';
  if (operation === 'process') return { kind: 'chain', subtype: 'process' };
  return /^[a-z]{1,20}$/.test(operation) ? { kind: 'custom', subtype: operation } : null;
}

/** AgentChat appends the id of the team to the type of each agent: "Writer_0f3c…". */
const TEAM_ID = /_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function agentIn(name: string, operation: 'process' | 'send'): string | null {
  const start = `${PREFIX}${operation} `;
  const end = name.lastIndexOf('.(');
  if (!name.startsWith(start) || !name.endsWith(')-A') || end < start.length) return null;
  return readName(name.slice(start.length, end).replace(TEAM_ID, ''));
}
