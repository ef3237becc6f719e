/** Examples of one version, loaded page by page as they are scrolled to. What a version says never changes. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DatasetExample } from '#shared/dataset.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { AppError } from '#shared/result.ts';
import { engine } from '../../../data/engine.ts';

const PAGE = 500;

type Loaded = {
  readonly of: string;
  readonly rows: readonly DatasetExample[];
  readonly total: number;
  readonly cursor: number | null;
  readonly error: AppError | null;
};

const NOTHING: Loaded = { of: '', rows: [], total: 0, cursor: null, error: null };

export type Examples = Loaded & {
  /** Nothing of what is asked for is there yet; rows of before are shown meanwhile. */
  readonly loading: boolean;
  readonly more: () => void;
  /** Loads all the rest. */
  readonly rest: () => Promise<void>;
  readonly retry: () => void;
};

export function useExamples(id: string, version: number, text: string): Examples {
  const wanted = `${id} ${version} ${text}`;
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const [tries, setTries] = useState(0);
  const latest = useRef<Loaded>(NOTHING);
  const flight = useRef<Promise<boolean> | null>(null);
  const current = useRef('');

  const put = useCallback((next: Loaded) => {
    latest.current = next;
    setLoaded(next);
  }, []);

  /** One more page; answers whether there may be another. */
  const page = useCallback(async (): Promise<boolean> => {
    const { of, rows, cursor } = latest.current;
    if (cursor === null) return false;
    const result = await attempt(engine.call('dataset.examples', { id, version, text, cursor, limit: PAGE }));
    if (current.current !== of || latest.current.rows !== rows) return false;
    if (!result.ok) {
      put({ ...latest.current, error: result.error });
      return false;
    }
    const { nextCursor, total } = result.value;
    put({ of, rows: [...rows, ...result.value.rows], total, cursor: nextCursor, error: null });
    return nextCursor !== null;
  }, [id, version, text, put]);

  useEffect(() => {
    current.current = wanted;
    const before = latest.current;
    // After a save the same stretch is shown again at once, so that nothing jumps.
    const stretch = before.of.startsWith(`${id} `) ? before.rows.length : 0;
    let left = false;
    async function load(): Promise<void> {
      const rows: DatasetExample[] = [];
      let cursor: number | undefined;
      for (;;) {
        const result = await attempt(
          engine.call('dataset.examples', {
            id,
            version,
            text,
            limit: PAGE,
            ...(cursor === undefined ? {} : { cursor }),
          }),
        );
        if (left) return;
        if (!result.ok) {
          put({ of: wanted, rows, total: rows.length, cursor: null, error: result.error });
          return;
        }
        const { nextCursor, total } = result.value;
        rows.push(...result.value.rows);
        if (nextCursor === null || rows.length >= stretch) {
          put({ of: wanted, rows, total, cursor: nextCursor, error: null });
          return;
        }
        cursor = nextCursor;
      }
    }
    void load();
    return () => {
      left = true;
    };
  }, [wanted, id, version, text, put, tries]);

  /** One page at a time, whoever asks. */
  const next = useCallback((): Promise<boolean> => {
    flight.current ??= page().finally(() => {
      flight.current = null;
    });
    return flight.current;
  }, [page]);

  const more = useCallback(() => void next(), [next]);

  const rest = useCallback(async () => {
    while (await next());
  }, [next]);

  const retry = useCallback(() => setTries((count) => count + 1), []);

  return { ...loaded, loading: loaded.of !== wanted && loaded.error === null, more, rest, retry };
}
