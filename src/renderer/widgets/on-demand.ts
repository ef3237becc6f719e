/**
 * Parts of the page whose code is fetched when they are first shown, or ahead of that. Instead of React's `lazy`: once
 * that shows a fallback, React keeps it for 300 ms, which is most of the time that opening a picture takes.
 */
import { useEffect, useReducer, type ComponentType } from 'react';

export type OnDemand<P> = { readonly load: () => Promise<void>; readonly loaded: () => ComponentType<P> | null };

export function onDemand<P>(fetch: () => Promise<ComponentType<P>>): OnDemand<P> {
  let found: ComponentType<P> | null = null;
  let failure: unknown = null;
  return {
    async load() {
      if (found) return;
      try {
        found = await fetch();
        failure = null;
      } catch (cause) {
        failure = cause;
      }
    },
    loaded() {
      // To whatever guards the page from errors, as if it had failed to draw.
      if (failure !== null)
        throw failure instanceof Error ? failure : new Error('A part of the page cannot be loaded.');
      return found;
    },
  };
}

/** The part, or null while its code is on the way. */
export function useOnDemand<P>(part: OnDemand<P>): ComponentType<P> | null {
  const [, again] = useReducer((count: number) => count + 1, 0);
  const loaded = part.loaded();
  useEffect(() => {
    if (loaded) return undefined;
    let wanted = true;
    void part.load().then(() => {
      if (wanted) again();
    });
    return () => {
      wanted = false;
    };
  }, [part, loaded]);
  return loaded;
}
