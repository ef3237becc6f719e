/** The rows of the Sessions view as a store that outlives the view. It follows the engine at a bounded pace. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { AppError } from '#shared/result.ts';
import type { EngineClient } from '#shared/rpc/client.ts';
import type { EngineEvents } from '#shared/rpc/contract.ts';
import type { SessionPage } from '#shared/session.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { Result } from '#shared/result.ts';
import type { Clock } from '../../data/refresh.ts';
import { engine, onEngineReconnect } from '../../data/connection.ts';
import { createRefresher, isTouched } from '../../data/refresh.ts';
import { addPage, mergeHead, NO_ROWS, showWaiting, type SessionRows } from './model/session-rows.ts';

const PAGE_SIZE = 100;
/** So many of the loaded rows follow every change; those further down, when they are loaded anew. */
const MAX_HEAD = 1_000;
const BIG_PAGE = 200;
const HEAD = 'head';

export type SessionListState = SessionRows & {
  /** null = nothing was asked yet. */
  readonly query: string | null;
  readonly loading: boolean;
  readonly loadingMore: boolean;
  readonly error: AppError | null;
};

export function createSessionList(client: Pick<EngineClient, 'call' | 'subscribe'>, clock?: Clock) {
  const store = createStore<SessionListState>()(() => ({
    ...NO_ROWS,
    query: null,
    loading: false,
    loadingMore: false,
    error: null,
  }));
  const refresher = createRefresher(() => void loadHead(), clock);
  let hold = false;
  /** Answers of an older search are dropped. */
  let turn = 0;

  /** As many rows from the beginning as are loaded. */
  async function readHead(query: string): Promise<SessionPage> {
    const wanted = store.getState().loading
      ? PAGE_SIZE
      : Math.min(MAX_HEAD, Math.max(PAGE_SIZE, store.getState().rows.length));
    let page = await client.call('session.list', { query, limit: Math.min(wanted, BIG_PAGE) });
    while (page.rows.length < wanted && page.nextCursor !== null) {
      const next = await client.call('session.list', { query, limit: BIG_PAGE, cursor: page.nextCursor });
      page = { ...next, rows: [...page.rows, ...next.rows] };
    }
    return page;
  }

  async function loadHead(): Promise<void> {
    const { query } = store.getState();
    if (query === null) return;
    const mine = turn;
    const page: Result<SessionPage> = await attempt(refresher.measure(HEAD, () => readHead(query)));
    if (mine !== turn) return;
    if (!page.ok) {
      store.setState({ loading: false, error: page.error });
      return;
    }
    const before = store.getState();
    const rows = before.loading ? mergeHead(NO_ROWS, page.value, false) : mergeHead(before, page.value, hold);
    store.setState({ ...rows, loading: false, error: null });
  }

  async function more(): Promise<void> {
    const { query, cursor, loading, loadingMore } = store.getState();
    if (query === null || cursor === null || loading || loadingMore) return;
    const mine = turn;
    store.setState({ loadingMore: true });
    const page = await attempt(client.call('session.list', { query, limit: BIG_PAGE, cursor }));
    store.setState({ loadingMore: false });
    if (mine !== turn) return;
    if (page.ok) store.setState((state) => addPage(state, page.value));
    else store.setState({ error: page.error });
  }

  function onChange(event: EngineEvents['changed']): void {
    if (store.getState().query !== null && isTouched('session.list', null, event)) refresher.request(HEAD);
  }

  return {
    store,
    follow: (): (() => void) => client.subscribe('changed', onChange),
    /** Another search: the old rows stay until the new ones are here. */
    search(query: string): void {
      if (query === store.getState().query) return;
      turn++;
      store.setState({ query, loading: true, error: null, waiting: null });
      void loadHead();
    },
    reload(): void {
      turn++;
      store.setState({ loading: store.getState().rows.length === 0, error: null });
      void loadHead();
    },
    more,
    showWaiting: (): void => store.setState(showWaiting),
    /** True while someone reads further down: rows then stay where they are. */
    setHold(next: boolean): void {
      hold = next;
      if (!hold) store.setState(showWaiting);
    },
  } as const;
}

type SessionList = ReturnType<typeof createSessionList>;

let list: SessionList | null = null;

export function sessionList(): SessionList {
  if (!list) {
    const created = createSessionList(engine);
    created.follow();
    onEngineReconnect(() => created.reload());
    list = created;
  }
  return list;
}

export function useSessionList(query: string): SessionListState {
  const own = sessionList();
  useEffect(() => own.search(query), [own, query]);
  return useStore(own.store);
}
