/** Model Context Protocol: `{method} {target}` on both sides of a connection; only `tools/call` is a tool call. */
import type { Json } from '#shared/json.ts';
import { kind, KIND } from './readers.ts';
import type { Dialect } from './types.ts';

const CALL = 'tools/call';
/** Python's SDK puts words of its own before the method on the client's side. */
const CALLED = /^(?:MCP send )?tools\/call (.+)$/s;

export const mcp: Dialect = {
  id: 'mcp',
  scopes: [],
  tells: ['mcp.method.name'],
  facts: [
    kind(130, 'mcp.method.name', {
      [CALL]: KIND.tool,
      'resources/read': { kind: 'retrieval', subtype: 'resource' },
      'prompts/get': KIND.prompt,
    }),
    { field: 'failed', rank: 60, key: 'rpc.response.status_code', read: readRpcFailure },
  ],
  names: [
    {
      field: 'tool',
      rank: 70,
      read: (name, span) => (span.attributes['mcp.method.name'] === CALL ? (CALLED.exec(name)?.[1] ?? null) : null),
    },
  ],
};

/** MCP sets the code only on failure; gRPC sets it always, 0 or "OK" for success. */
function readRpcFailure(value: Json): true | null {
  return value === null || value === 0 || value === '' || value === '0' || value === 'OK' ? null : true;
}
