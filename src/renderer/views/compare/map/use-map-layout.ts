import { useEffect, useMemo, useState } from 'react';
import { chooseDirection, layoutKey, layoutNow, requestLayout } from '../../../charts/graph/layout-client.ts';
import type { Layout, LayoutPair } from '../../../charts/graph/layout-types.ts';
import type { Pane } from '../../../charts/graph/use-zoom.ts';
import { type DrawnMap, layoutInputOf } from './model/picture.ts';

export type PlacedMap = { readonly drawn: DrawnMap; readonly layout: Layout };

/** While a new one is laid out, the picture stays the old one, whole. Null until there is a first. */
export function useMapLayout(drawn: DrawnMap, pane: Pane | null): PlacedMap | null {
  const input = useMemo(() => layoutInputOf(drawn), [drawn]);
  const key = useMemo(() => layoutKey(input), [input]);
  const now = useMemo(() => layoutNow(key, input), [key, input]);
  const [later, setLater] = useState<{ readonly drawn: DrawnMap; readonly pair: LayoutPair } | null>(null);

  useEffect(() => {
    if (now) return undefined;
    return requestLayout(key, input, (pair) => setLater({ drawn, pair }));
  }, [now, key, input, drawn]);

  return useMemo(() => {
    const done = now ? { drawn, pair: now } : later;
    return done && pane ? { drawn: done.drawn, layout: done.pair[chooseDirection(done.pair, pane)] } : null;
  }, [now, later, drawn, pane]);
}
