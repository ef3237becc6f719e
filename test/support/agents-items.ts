/** Items and requests of the Agents SDK, as small as they may be, for tests that are not about the format. */
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { endpoint } from './workspace.ts';

type Item = Readonly<Record<string, unknown>>;

export function spanItem(fields: Item = {}): Item {
  return {
    object: 'trace.span',
    id: 's1',
    trace_id: 't1',
    parent_id: null,
    started_at: '2026-01-01T00:00:00Z',
    ended_at: '2026-01-01T00:00:01Z',
    span_data: { type: 'custom', name: 'step', data: {} },
    error: null,
    ...fields,
  };
}

export function toolItem(input: string, fields: Item = {}): Item {
  return spanItem({ span_data: { type: 'function', name: 'look', input, output: 'done' }, ...fields });
}

export function traceItem(fields: Item = {}): Item {
  return { object: 'trace', id: 't1', workflow_name: 'flow', group_id: null, metadata: null, ...fields };
}

/** Sends one request and returns the status of its answer. */
export async function sendItems(engine: Engine, items: readonly Item[]): Promise<number> {
  const response = await fetch(endpoint(engine, '/v1/traces/ingest'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: items }),
  });
  return response.status;
}
