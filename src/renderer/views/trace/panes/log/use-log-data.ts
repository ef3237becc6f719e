/** What the log shows, from the engine: all pages of events, and the beginnings of contents near the viewport. */
import { useEffect, useRef, useState } from 'react';
import type { EventPage, SpanPreview } from '#shared/event-log.ts';
import { PREVIEW_SPANS } from '#shared/event-log.ts';
import type { SpanColumns } from '#shared/trace.ts';
import { engine, useEngine } from '../../../../data/engine.ts';

const NO_PAGES: readonly EventPage[] = [];
const REST_MS = 60;
const KEPT = 5_000;

/** Grows page by page; what is shown stays until the newer first page is there. */
export function useEventPages(traceId: string): { readonly pages: readonly EventPage[]; readonly failed: boolean } {
  const query = useEngine('trace.events', { traceId }, { keepPrevious: true });
  const [pages, setPages] = useState(NO_PAGES);
  const first = query.data;
  useEffect(() => {
    if (!first) return undefined;
    const abort = new AbortController();
    async function read(page: EventPage): Promise<void> {
      const all = [page];
      setPages([...all]);
      for (let cursor = page.nextCursor; cursor !== null && !abort.signal.aborted;) {
        const next = await engine.call('trace.events', { traceId, cursor }, { signal: abort.signal });
        all.push(next);
        setPages([...all]);
        cursor = next.nextCursor;
      }
    }
    // A page that does not come leaves those before it; the next change of the trace asks again.
    read(first).catch(() => undefined);
    return () => abort.abort();
  }, [traceId, first]);
  return { pages, failed: query.error !== null && !first };
}

/** Asks for the spans near the viewport once scrolling rests; answers are kept while the trace stays as it is. */
export function usePreviews(
  traceId: string,
  columns: SpanColumns,
  wanted: readonly string[],
): ReadonlyMap<string, SpanPreview> {
  const [known, setKnown] = useState<ReadonlyMap<string, SpanPreview>>(() => new Map());
  const asked = useRef({ columns, ids: new Set<string>() });
  const key = wanted.join('\n');
  useEffect(() => {
    if (asked.current.columns !== columns) asked.current = { columns, ids: new Set() };
    const { ids } = asked.current;
    const missing = key.split('\n').filter((id) => id !== '' && !ids.has(id));
    if (missing.length === 0) return undefined;
    const timer = setTimeout(() => {
      for (const id of missing) ids.add(id);
      askPreviews(traceId, missing).then(
        (previews) =>
          setKnown((before) => {
            const next = new Map(before.size > KEPT ? [] : before);
            for (const preview of previews) next.set(preview.spanId, preview);
            return next;
          }),
        () => {
          for (const id of missing) ids.delete(id);
        },
      );
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [traceId, columns, key]);
  return known;
}

export async function askPreviews(traceId: string, spanIds: readonly string[]): Promise<readonly SpanPreview[]> {
  const answers: SpanPreview[] = [];
  for (let at = 0; at < spanIds.length; at += PREVIEW_SPANS) {
    answers.push(...(await engine.call('trace.previews', { traceId, spanIds: spanIds.slice(at, at + PREVIEW_SPANS) })));
  }
  return answers;
}
