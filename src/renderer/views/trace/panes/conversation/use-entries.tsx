/**
 * The entries of a conversation, page by page: only pages on screen are asked for and kept up to date, so that a
 * conversation of thousands of entries opens like one of ten. A cursor is the position of the first entry.
 */
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { ConversationEntry, ConversationPage } from '#shared/graph.ts';
import type { AppError } from '#shared/result.ts';
import { useEngine } from '../../../../data/engine.ts';

export const PAGE = 80;

export type Entries = {
  /** Null until the first page is there. */
  readonly total: number | null;
  readonly at: (index: number) => ConversationEntry | null;
  /** All that is there, in order: what is not loaded is left out. */
  readonly loaded: readonly ConversationEntry[];
  readonly error: AppError | null;
  readonly retry: () => void;
  /** Asks for the pages of these entries. */
  readonly want: (first: number, last: number) => void;
  /** Draws nothing; must be rendered for pages to come. */
  readonly loaders: ReactNode;
};

type Pages = ReadonlyMap<number, ConversationPage>;

export function useEntries(traceId: string): Entries {
  const [pages, setPages] = useState<Pages>(new Map());
  const [total, setTotal] = useState<number | null>(null);
  const [failure, setFailure] = useState<{ error: AppError; retry: () => void } | null>(null);
  const [range, setRange] = useState({ first: 0, last: 0 });

  const take = useCallback((page: number, data: ConversationPage) => {
    setPages((before) => (before.get(page) === data ? before : new Map(before).set(page, data)));
    setTotal(data.total);
    setFailure(null);
  }, []);
  const fail = useCallback((error: AppError, retry: () => void) => setFailure({ error, retry }), []);
  const want = useCallback((first: number, last: number) => {
    const next = { first: Math.floor(Math.max(0, first) / PAGE), last: Math.floor(Math.max(0, last) / PAGE) };
    setRange((before) => (before.first === next.first && before.last === next.last ? before : next));
  }, []);
  const at = useCallback(
    (index: number) => pages.get(Math.floor(index / PAGE))?.entries[index % PAGE] ?? null,
    [pages],
  );
  const loaded = useMemo(() => [...pages].sort(([a], [b]) => a - b).flatMap(([, page]) => page.entries), [pages]);

  const wanted = Array.from({ length: range.last - range.first + 1 }, (_, step) => range.first + step);
  return {
    total,
    at,
    loaded,
    error: failure?.error ?? null,
    retry: failure?.retry ?? (() => undefined),
    want,
    loaders: wanted.map((page) => <Loader key={page} traceId={traceId} page={page} onPage={take} onError={fail} />),
  };
}

type LoaderProps = {
  readonly traceId: string;
  readonly page: number;
  readonly onPage: (page: number, data: ConversationPage) => void;
  readonly onError: (error: AppError, retry: () => void) => void;
};

function Loader({ traceId, page, onPage, onError }: LoaderProps) {
  const { data, error, refetch } = useEngine('trace.conversation', { traceId, cursor: page * PAGE, limit: PAGE });
  useEffect(() => {
    if (data) onPage(page, data);
  }, [data, page, onPage]);
  const message = error?.message ?? null;
  useEffect(() => {
    if (error) onError(error, refetch);
    // `error` and `refetch` are new at each draw; their text is what changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [message, onError]);
  return null;
}
