/** Turns commits into `changed` events: coalesced, at most ten a second, with what was touched. */
import type { EngineEvents, EventName } from '#shared/rpc/contract.ts';

export type Events = {
  readonly emit: <E extends EventName>(event: E, data: EngineEvents[E]) => void;
  readonly on: <E extends EventName>(event: E, listener: (data: EngineEvents[E]) => void) => () => void;
};

export function createEvents(): Events {
  const listeners = new Map<EventName, Set<(data: never) => void>>();
  return {
    emit(event, data) {
      for (const listener of listeners.get(event) ?? []) listener(data as never);
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      return () => {
        set.delete(listener);
      };
    },
  };
}

const INTERVAL_MS = 100;
const LISTED_TRACES = 200;

export type ChangeFeed = {
  readonly nextRevision: () => number;
  readonly revision: () => number;
  readonly changed: (tables: readonly string[], traceIds: readonly string[]) => void;
  readonly stop: () => void;
};

export function createChangeFeed(events: Events, first: number): ChangeFeed {
  let revision = first;
  let tables = new Set<string>();
  let traces = new Set<string>();
  let lastSent = 0;
  let timer: NodeJS.Timeout | null = null;

  function send(): void {
    timer = null;
    lastSent = Date.now();
    const event = { revision, tables: [...tables], traceIds: traces.size > LISTED_TRACES ? null : [...traces] };
    tables = new Set();
    traces = new Set();
    events.emit('changed', event);
  }

  return {
    nextRevision: () => ++revision,
    revision: () => revision,
    changed(touchedTables, traceIds) {
      for (const table of touchedTables) tables.add(table);
      // One over the limit is enough to know that the list is useless.
      for (const id of traceIds) if (traces.size <= LISTED_TRACES) traces.add(id);
      timer ??= setTimeout(send, Math.max(0, lastSent + INTERVAL_MS - Date.now()));
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
