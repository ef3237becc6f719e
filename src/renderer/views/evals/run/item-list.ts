/** The items of a run as far as they are loaded: page after page, and the pages on the screen again when they changed. */
import { createStore } from 'zustand';
import { ITEM_PAGE, type RunItemFilter, type RunItemRow } from '#shared/eval.ts';
import type { AppError } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import { engine } from '../../../data/engine.ts';

type Page = { readonly cursor: number | null; readonly rows: readonly RunItemRow[] };

type ItemListState = {
  readonly rows: readonly RunItemRow[];
  /** Null = all are here. */
  readonly cursor: number | null;
  /** Nothing was answered yet. */
  readonly loading: boolean;
  readonly error: AppError | null;
};

/** Fewer at first: the first rows should be there at once. */
const FIRST_PAGE = 200;

export function createItemList(runId: string, filter: RunItemFilter) {
  const store = createStore<ItemListState>()(() => ({ rows: [], cursor: null, loading: true, error: null }));
  let pages: readonly Page[] = [];
  let asking: Promise<void> | null = null;
  let again: readonly [number, number] | null = null;

  async function fetchPage(cursor: number | null, limit: number): Promise<(Page & { next: number | null }) | null> {
    const at = cursor === null ? {} : { cursor };
    const page = await attempt(engine.call('run.items', { id: runId, filter, limit, ...at }));
    if (page.ok) return { cursor, rows: page.value.rows, next: page.value.nextCursor };
    store.setState({ error: page.error, loading: false });
    return null;
  }

  function show(next: number | null): void {
    const [only] = pages;
    const rows = pages.length === 1 && only ? only.rows : pages.flatMap((page) => page.rows);
    store.setState({ rows, cursor: next, loading: false, error: null });
  }

  /** One at a time, in order: pages follow each other. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = (asking ?? Promise.resolve()).then(work);
    asking = turn;
    return turn.finally(() => {
      if (asking === turn) asking = null;
    });
  }

  async function addPage(): Promise<void> {
    const { cursor } = store.getState();
    if (pages.length > 0 && cursor === null) return;
    const page = await fetchPage(pages.length === 0 ? null : cursor, pages.length === 0 ? FIRST_PAGE : ITEM_PAGE);
    if (!page) return;
    pages = [...pages, page];
    show(page.next);
  }

  async function renew(from: number, to: number): Promise<void> {
    if (pages.length === 0) return addPage();
    let start = 0;
    for (let at = 0; at < pages.length; at++) {
      const old = pages[at];
      if (!old) return undefined;
      const end = start + old.rows.length;
      const last = at === pages.length - 1;
      if ((start <= to && end > from) || (last && from >= end) || pages.length === 1) {
        const page = await fetchPage(old.cursor, Math.max(old.rows.length, at === 0 ? FIRST_PAGE : ITEM_PAGE));
        if (!page) return undefined;
        const following = pages[at + 1];
        // Under a filter rows come and go: what no longer follows is loaded anew by scrolling.
        const fits = following !== undefined && following.cursor === page.next;
        pages = [...pages.slice(0, at), page, ...(fits ? pages.slice(at + 1) : [])];
        show(fits ? store.getState().cursor : page.next);
        if (!fits) return undefined;
      }
      start = end;
    }
    return undefined;
  }

  return {
    store,
    more: (): Promise<void> => (asking ? asking : inTurn(addPage)),
    /** What is left, so that the last can be shown. */
    async loadAll(): Promise<void> {
      await asking;
      while (store.getState().cursor !== null && store.getState().error === null) await inTurn(addPage);
    },
    /** Rows `from` to `to` may have changed. Asked while busy, it is done once more afterwards. */
    refresh(from: number, to: number): void {
      if (asking) {
        again = [from, to];
        return;
      }
      void inTurn(async () => {
        await renew(from, to);
        while (again) {
          const [first, last] = again;
          again = null;
          await renew(first, last);
        }
      });
    },
    reload(): void {
      store.setState({ error: null, loading: store.getState().rows.length === 0 });
      void inTurn(() => (pages.length === 0 ? addPage() : renew(0, Number.MAX_SAFE_INTEGER)));
    },
  } as const;
}
