/**
 * The shareable place in the URL hash: which view, which trace, what is searched, selected and open.
 *
 *     #/traces?q=agent:Planner   #/compare?tab=runs&of=<id>&of=<id>   #/trace/<encoded id>?tab=graph&span=<encoded id>   #/trace/session%3A<encoded id>   #/sessions   #/connect
 */
import { useSyncExternalStore } from 'react';

export type Place = {
  /** Id of a view; '' = not chosen yet (the app decides between Traces and Connect). */
  readonly view: string;
  /** Only in view 'trace'. */
  readonly traceId: string | null;
  /** Text of the search box. */
  readonly q: string;
  readonly tab: string | null;
  /** The selected span; in Sessions, the selected session. */
  readonly span: string | null;
  /** Ids of what is compared, the first against the others, or of what is open in Evals. */
  readonly of: readonly string[];
};

const NOWHERE: Place = { view: '', traceId: null, q: '', tab: null, span: null, of: [] };

export function parsePlace(hash: string): Place {
  const text = hash.replace(/^#\/?/, '');
  const mark = text.indexOf('?');
  const path = mark < 0 ? text : text.slice(0, mark);
  const slash = path.indexOf('/');
  const view = decode(slash < 0 ? path : path.slice(0, slash));
  const rest = slash < 0 ? '' : decode(path.slice(slash + 1));
  const params = new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1));
  return {
    view,
    traceId: view === 'trace' && rest !== '' ? rest : null,
    q: params.get('q') ?? '',
    tab: params.get('tab'),
    span: params.get('span'),
    of: params.getAll('of'),
  };
}

export function formatPlace(place: Place): string {
  const params = new URLSearchParams();
  if (place.q !== '') params.set('q', place.q);
  if (place.tab !== null) params.set('tab', place.tab);
  if (place.span !== null) params.set('span', place.span);
  for (const id of place.of) params.append('of', id);
  const path = place.traceId === null ? place.view : `${place.view}/${encodeURIComponent(place.traceId)}`;
  const search = params.toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Another view or trace starts with nothing else said; within one, only what is given changes. */
export function movePlace(from: Place, change: Partial<Place>): Place {
  const elsewhere =
    (change.view !== undefined && change.view !== from.view) ||
    (change.traceId !== undefined && change.traceId !== from.traceId);
  const view = change.view ?? from.view;
  const base = elsewhere ? { ...NOWHERE, view } : from;
  return { ...base, ...change };
}

let current: Place = typeof location === 'undefined' ? NOWHERE : parsePlace(location.hash);
const lastOfView = new Map<string, Place>();
const listeners = new Set<() => void>();

function set(next: Place): void {
  lastOfView.set(current.view, current);
  current = next;
  for (const listener of listeners) listener();
}

export function currentPlace(): Place {
  return current;
}

export function onPlaceChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes somewhere: Back returns here. With a view alone, that view is as it was left (its search, say). */
export function go(change: Partial<Place>): void {
  const { view } = change;
  const left =
    view !== undefined && view !== current.view && Object.keys(change).length === 1 ? lastOfView.get(view) : undefined;
  const next = left ?? movePlace(current, change);
  const hash = formatPlace(next);
  if (hash === formatPlace(current)) return;
  history.pushState(null, '', hash);
  set(next);
}

/** Changes the place without a step of history: for what follows the eye, such as the selected span. */
export function replacePlace(change: Partial<Place>): void {
  const next = movePlace(current, change);
  const hash = formatPlace(next);
  if (hash === formatPlace(current)) return;
  history.replaceState(null, '', hash);
  set(next);
}

if (typeof window !== 'undefined') {
  // Back, Forward, and a hash typed by hand.
  for (const event of ['popstate', 'hashchange']) {
    window.addEventListener(event, () => {
      const next = parsePlace(location.hash);
      if (formatPlace(next) !== formatPlace(current)) set(next);
    });
  }
}

export function usePlace(): Place {
  return useSyncExternalStore(onPlaceChange, currentPlace);
}
