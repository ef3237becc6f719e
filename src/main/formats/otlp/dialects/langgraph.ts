/**
 * LangGraph, seen through OpenInference: every span is a CHAIN, and the JSON attribute `metadata` tells its node.
 * The top-level nodes of a graph are its agents; nodes of a graph inside a node (`researcher:…|agent:…`) are how one
 * agent works.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import { readJsonText } from '../../messages/index.ts';
import type { OtlpSpan } from '../span.ts';
import type { Dialect } from './types.ts';

export const langGraph: Dialect = {
  id: 'langgraph',
  scopes: [],
  tells: [],
  facts: [
    {
      field: 'kind',
      rank: 38,
      key: 'metadata',
      read: (value, span) => (agentNode(value, span) === null ? null : { kind: 'agent', subtype: 'node' }),
    },
    { field: 'agent', rank: 130, key: 'metadata', when: ['agent'], read: agentNode },
    { field: 'handoffTo', rank: 20, key: 'output.value', when: ['agent'], read: commandTarget },
  ],
};

/** Not actors: the prebuilt tool node, and the graph's own `__start__` and `__end__`. */
export function isActor(node: string): boolean {
  return node !== 'tools' && !node.startsWith('__');
}

/** The one node that a `Command` sends on to; several run side by side, and none of them is a handoff. */
function commandTarget(value: Json, span: OtlpSpan): string | null {
  if (agentNode(span.attributes['metadata'] ?? null, span) === null) return null;
  if (typeof value === 'string' && !value.includes('"Command"')) return null;
  const output = typeof value === 'string' ? readJsonText(value) : value;
  const commands = (Array.isArray(output) ? output : [output]).filter(
    (item) => isJsonObject(item) && item['lg_name'] === 'Command',
  );
  const targets = commands.flatMap((command) => (isJsonObject(command) ? (command['goto'] ?? []) : []));
  const [target] = targets;
  return targets.length === 1 && typeof target === 'string' && isActor(target) ? target : null;
}

function agentNode(value: Json, span: OtlpSpan): string | null {
  const kind = span.attributes['openinference.span.kind'];
  if (kind !== undefined && kind !== 'CHAIN' && kind !== 'AGENT') return null;
  if (typeof value === 'string' && !value.includes('"langgraph_node"')) return null;
  const metadata = typeof value === 'string' ? readJsonText(value) : value;
  if (!isJsonObject(metadata)) return null;
  const { langgraph_node: node, langgraph_checkpoint_ns: path } = metadata;
  if (typeof node !== 'string' || node !== span.name || !isActor(node)) return null;
  return typeof path === 'string' && !path.includes('|') ? node : null;
}
