/** The taxonomies and score schemas of the workspace, and which of them was used last. */
import { create } from 'zustand';
import type { ScoreSchema, Taxonomy } from '#shared/taxonomy.ts';
import { useEngine } from '../data/engine.ts';
import type { FormKind } from './form-value.ts';
import { useLoadedTitles } from './label-titles.ts';

export type Vocabularies = {
  readonly taxonomies: readonly Taxonomy[];
  readonly schemas: readonly ScoreSchema[];
  readonly loading: boolean;
};

const NONE: readonly never[] = [];

export function useVocabularies(): Vocabularies {
  const taxonomies = useEngine('taxonomy.list', undefined);
  const schemas = useEngine('schema.list', undefined);
  useLoadedTitles();
  return {
    taxonomies: taxonomies.data ?? NONE,
    schemas: schemas.data ?? NONE,
    loading: taxonomies.loading || schemas.loading,
  };
}

/** A form begins as the one before was left: who labels twenty traces chooses the set once. */
export const useFormHabits = create<{
  readonly kind: FormKind;
  readonly taxonomy: string | null;
  readonly schema: string | null;
}>()(() => ({ kind: 'category', taxonomy: null, schema: null }));
