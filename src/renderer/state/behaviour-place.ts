/**
 * What the behaviour map is of, as it stands in the place: `q` is a search; `of` holds ids of traces, or `run:<id>` for one
 * eval run or two, `query:<text>` for a second search, `all` for a search that finds everything, `by:verdict` for passed
 * against failed, and `trace:<id>` for a trace whose id looks like one of these.
 */
import { go, type Place } from './place.ts';

export type Chosen =
  | { readonly kind: 'search'; readonly queries: readonly string[]; readonly split: boolean }
  | { readonly kind: 'traces'; readonly traceIds: readonly string[]; readonly split: boolean }
  | { readonly kind: 'runs'; readonly runIds: readonly string[]; readonly split: boolean };

const MARKED = /^(?:run:|query:|trace:|by:verdict$|all$)/;

/** Null = nothing is chosen yet. */
export function chosenIn({ q, of }: Pick<Place, 'q' | 'of'>): Chosen | null {
  const split = of.includes('by:verdict');
  const runIds = rest(of, 'run:').slice(0, 2);
  if (runIds.length > 0) return { kind: 'runs', runIds, split: split && runIds.length === 1 };
  const traceIds = of.flatMap((id) => (id.startsWith('trace:') ? [id.slice(6)] : MARKED.test(id) ? [] : [id]));
  if (traceIds.length > 0) return { kind: 'traces', traceIds, split };
  const [second] = rest(of, 'query:');
  if (q === '' && second === undefined && !of.includes('all')) return null;
  const queries = second === undefined ? [q] : [q, second];
  return { kind: 'search', queries, split: split && queries.length === 1 };
}

export function placeOf(chosen: Chosen | null): Pick<Place, 'q' | 'of'> {
  if (chosen === null) return { q: '', of: [] };
  const by = chosen.split ? ['by:verdict'] : [];
  switch (chosen.kind) {
    case 'runs':
      return { q: '', of: [...chosen.runIds.map((id) => `run:${id}`), ...by] };
    case 'traces':
      return { q: '', of: [...chosen.traceIds.map((id) => (MARKED.test(id) ? `trace:${id}` : id)), ...by] };
    case 'search': {
      const [q = '', second] = chosen.queries;
      const all = q === '' && second === undefined ? ['all'] : [];
      return { q, of: [...all, ...(second === undefined ? [] : [`query:${second}`]), ...by] };
    }
  }
}

function rest(of: readonly string[], mark: string): string[] {
  return of.flatMap((id) => (id.startsWith(mark) ? [id.slice(mark.length)] : []));
}

/** The map of what is selected, else of all that a search finds. */
export function showBehaviourMap(traceIds: readonly string[], query = ''): void {
  const chosen: Chosen =
    traceIds.length > 0
      ? { kind: 'traces', traceIds, split: false }
      : { kind: 'search', queries: [query], split: false };
  go({ view: 'compare', tab: 'map', ...placeOf(chosen) });
}
