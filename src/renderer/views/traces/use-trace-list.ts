import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { TraceList, TraceListState } from './trace-list.ts';
import { engine, onEngineReconnect } from '../../data/connection.ts';
import { createTraceList } from './trace-list.ts';

let list: TraceList | null = null;

/** The page's one list; it goes on following the engine while another view is open. */
export function traceList(): TraceList {
  if (!list) {
    const created = createTraceList(engine);
    created.follow();
    onEngineReconnect(() => created.reload());
    list = created;
  }
  return list;
}

export function useTraceList(query: string): TraceListState {
  const own = traceList();
  useEffect(() => own.search(query), [own, query]);
  return useStore(own.store);
}
