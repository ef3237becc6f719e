/** What labels are called, where an annotation names one by its code: "2.3" says nothing to a reader. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { Taxonomy } from '#shared/taxonomy.ts';
import { useEngine } from '../data/engine.ts';

type Titles = ReadonlyMap<string, ReadonlyMap<string, string>>;

const useTitles = create<{ readonly titles: Titles }>()(() => ({ titles: new Map() }));

/** Keeps the titles while mounted; what shows labels asks `useLabelTitles`, so that it follows. */
export function useLoadedTitles(): void {
  const { data } = useEngine('taxonomy.list', undefined);
  useEffect(() => {
    if (data) useTitles.setState({ titles: titlesOf(data) });
  }, [data]);
}

/** Draws the caller anew when titles change. */
export function useLabelTitles(): void {
  useTitles((state) => state.titles);
}

/** The title of a code; any other spelling stays as it was written. */
export function labelTitle(taxonomy: string | null, category: string): string {
  return (taxonomy === null ? undefined : useTitles.getState().titles.get(taxonomy)?.get(category)) ?? category;
}

export function titlesOf(taxonomies: readonly Pick<Taxonomy, 'id' | 'categories'>[]): Titles {
  return new Map(
    taxonomies.map(({ id, categories }) => [id, new Map(categories.map(({ code, title }) => [code, title]))]),
  );
}
