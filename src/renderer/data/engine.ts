/** How views ask the engine: queries that follow its changes, and its events. */
import { useEffect, useEffectEvent } from 'react';
import { keepPreviousData, QueryClient, useQuery } from '@tanstack/react-query';
import type { Answer, Args, EngineEvents, EventName, Method } from '#shared/rpc/contract.ts';
import type { EngineClient } from '#shared/rpc/client.ts';
import type { AppError } from '#shared/result.ts';
import { toAppError } from '#shared/result.ts';
import type { Refresher } from './refresh.ts';
import { engine, onEngineReconnect } from './connection.ts';
import { createRefresher, isTouched } from './refresh.ts';

export { engine } from './connection.ts';

type EngineKey = readonly [method: Method, args: unknown];

/** Small answers of plain known shape, for which an equal answer keeps its identity and nothing is drawn again. */
const SHARED: ReadonlySet<Method> = new Set<Method>(['engine.info', 'trace.facets']);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The engine says what changed; time and focus say nothing.
      staleTime: Infinity,
      gcTime: 30_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      structuralSharing: false,
      retryDelay: 200,
      retry: (failures, cause) => failures < 3 && toAppError(cause).code === 'engine_restarted',
    },
  },
});

const refresher: Refresher = createRefresher((hash) => {
  void queryClient
    .getQueryCache()
    .get(hash)
    ?.fetch()
    .catch(() => undefined);
});

function engineKey(key: readonly unknown[]): EngineKey | null {
  return typeof key[0] === 'string' && key[0].includes('.') ? (key as unknown as EngineKey) : null;
}

/** Makes mounted queries follow the engine's data; returns the undo. Called once, with the page's client. */
export function followChanges(client: Pick<EngineClient, 'subscribe'> = engine): () => void {
  const cache = queryClient.getQueryCache();

  function apply(event: EngineEvents['changed']): void {
    for (const query of cache.getAll()) {
      const key = engineKey(query.queryKey);
      if (!key || !isTouched(key[0], key[1], event)) continue;
      // Stale from now on: what leaves the screen before it is fetched again is fetched when it comes back.
      query.invalidate();
      if (query.isActive()) refresher.request(query.queryHash);
    }
  }

  const stops = [
    client.subscribe('changed', apply),
    onEngineReconnect(() => void queryClient.invalidateQueries()),
    cache.subscribe((event) => {
      if (event.type === 'removed') refresher.forget(event.query.queryHash);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

export type EngineQuery<T> = {
  readonly data: T | undefined;
  /** The last fetch failed; `data` may still hold the answer before. */
  readonly error: AppError | null;
  /** Nothing to show yet and a fetch is under way. */
  readonly loading: boolean;
  readonly refetch: () => void;
};

/** `keepPrevious` shows the answer to the previous arguments until the new one is there. */
export function useEngine<M extends Method>(
  method: M,
  args: Args<M>,
  options: { readonly enabled?: boolean; readonly keepPrevious?: boolean } = {},
): EngineQuery<Answer<M>> {
  const key: EngineKey = [method, args ?? null];
  const query = useQuery<Answer<M>>(
    {
      queryKey: key,
      queryFn: ({ signal }) => refresher.measure(hashOf(key), () => engine.call(method, args, { signal })),
      enabled: options.enabled ?? true,
      structuralSharing: SHARED.has(method),
      ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
    },
    queryClient,
  );
  return {
    data: query.data,
    error: query.error ? toAppError(query.error) : null,
    loading: query.isLoading,
    refetch: () => void query.refetch(),
  };
}

/** Takes an answer as known, ahead of the engine: what a person just chose shows at once. */
export function assumeAnswer<M extends Method>(method: M, args: Args<M>, answer: Answer<M>): void {
  const key: EngineKey = [method, args ?? null];
  queryClient.setQueryData<Answer<M>>(key, () => answer);
}

/** Forgets the answers to a method, and asks again what is on the screen: where an old answer would be acted upon. */
export function askAnew(method: Method): void {
  void queryClient.resetQueries({ queryKey: [method] });
}

function hashOf(key: EngineKey): string {
  return queryClient.getQueryCache().find({ queryKey: key, exact: true })?.queryHash ?? '';
}

/** Subscribes while mounted; the listener may close over the newest props. */
export function useEngineEvent<E extends EventName>(event: E, listener: (data: EngineEvents[E]) => void): void {
  const latest = useEffectEvent(listener);
  useEffect(() => engine.subscribe(event, (data) => latest(data)), [event]);
}
