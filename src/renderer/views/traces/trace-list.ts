/**
 * The rows of the Traces view as a store that outlives the view: coming back finds the same rows at the same place.
 * It follows the engine's changes: the first page at a bounded pace, and rows further down when they are on screen.
 */
import { createStore } from 'zustand/vanilla';
import type { AppError } from '#shared/result.ts';
import type { EngineClient } from '#shared/rpc/client.ts';
import type { EngineEvents } from '#shared/rpc/contract.ts';
import type { TraceRow } from '#shared/trace.ts';
import type { Clock } from '../../data/refresh.ts';
import type { TraceRows } from './trace-rows.ts';
import { attempt } from '#shared/rpc/client.ts';
import { createRefresher, isTouched } from '../../data/refresh.ts';
import { NO_ROWS, addPage, firstPage, mergeHead, showWaiting, updateRows, withoutRows } from './trace-rows.ts';

export const PAGE_SIZE = 200;
const BIG_PAGE = 1_000;
/** More rows than this are not loaded at once: nobody reads them, and a search narrows. */
const MAX_ROWS = 50_000;
/** Rows further down that are asked for one by one after a change. */
const MAX_SINGLE = 12;
const HEAD = 'head';

export type TraceListState = TraceRows & {
  /** null = nothing was asked yet. */
  readonly query: string | null;
  readonly loading: boolean;
  readonly loadingMore: boolean;
  readonly error: AppError | null;
};

export function createTraceList(engine: Pick<EngineClient, 'call' | 'subscribe'>, clock?: Clock) {
  const store = createStore<TraceListState>()(() => ({
    ...NO_ROWS,
    query: null,
    loading: false,
    loadingMore: false,
    error: null,
  }));
  const refresher = createRefresher(() => void loadHead(), clock);
  let live = true;
  let visible: readonly string[] = [];
  /** Answers of an older search are dropped. */
  let turn = 0;

  async function loadHead(): Promise<void> {
    const { query } = store.getState();
    if (query === null) return;
    const mine = turn;
    const page = await attempt(refresher.measure(HEAD, () => engine.call('trace.list', { query, limit: PAGE_SIZE })));
    if (mine !== turn) return;
    if (!page.ok) {
      store.setState({ loading: false, error: page.error });
      return;
    }
    const before = store.getState();
    const rows = before.loading ? firstPage(page.value) : mergeHead(before, page.value, live);
    store.setState({ ...rows, loading: false, error: null });
  }

  async function loadSingles(ids: readonly string[]): Promise<void> {
    const mine = turn;
    const answers = await Promise.all(ids.map((traceId) => attempt(engine.call('trace.get', { traceId }))));
    if (mine !== turn) return;
    const rows = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    store.setState((state) => ({ rows: updateRows(state.rows, rows) }));
  }

  function onChange(event: EngineEvents['changed']): void {
    if (store.getState().query === null || !isTouched('trace.list', null, event)) return;
    refresher.request(HEAD);
    const touched = event.traceIds === null ? null : new Set(event.traceIds);
    const deep = visible.slice(0, MAX_SINGLE).filter((id) => touched === null || touched.has(id));
    const head = new Set(
      store
        .getState()
        .rows.slice(0, PAGE_SIZE)
        .map((row) => row.id),
    );
    const singles = deep.filter((id) => !head.has(id));
    if (singles.length > 0) void loadSingles(singles);
  }

  function search(query: string): void {
    if (query === store.getState().query) return;
    turn++;
    store.setState({ query, loading: true, error: null, waiting: null, fresh: 0 });
    void loadHead();
  }

  function reload(): void {
    turn++;
    store.setState({ loading: store.getState().rows.length === 0, error: null });
    void loadHead();
  }

  /** Loads what is left, within reason. */
  async function loadAll(): Promise<void> {
    const mine = turn;
    while (mine === turn && store.getState().cursor !== null && store.getState().rows.length < MAX_ROWS) {
      const before = store.getState().rows.length;
      await more(BIG_PAGE);
      if (store.getState().rows.length === before) return;
    }
  }

  async function more(limit = PAGE_SIZE): Promise<void> {
    const { query, cursor, loading, loadingMore } = store.getState();
    if (query === null || cursor === null || loading || loadingMore) return;
    const mine = turn;
    store.setState({ loadingMore: true });
    const page = await attempt(engine.call('trace.list', { query, limit, cursor }));
    store.setState({ loadingMore: false });
    if (mine !== turn) return;
    if (page.ok) store.setState((state) => addPage(state, page.value));
    else store.setState({ error: page.error });
  }

  function setLive(next: boolean): void {
    live = next;
    if (live) showFresh();
  }

  function showFresh(): void {
    if (store.getState().waiting) store.setState((state) => showWaiting(state));
  }

  return {
    store,
    /** Follows the engine until the returned function is called. */
    follow: (): (() => void) => engine.subscribe('changed', onChange),
    /** Another search: the old rows stay until the new ones are here. */
    search,
    reload,
    more,
    loadAll,
    /** Live = nobody reads further down, so new rows may push the others. */
    setLive,
    showFresh,
    remove: (ids: ReadonlySet<string>): void => store.setState((state) => withoutRows(state, ids)),
    /** The rows on screen, which are kept up to date one by one where the first page does not reach. */
    setVisible: (rows: readonly TraceRow[]): void => {
      visible = rows.map((row) => row.id);
    },
  } as const;
}

export type TraceList = ReturnType<typeof createTraceList>;
