import { useMemo } from 'react';
import type { DatasetRow } from '#shared/dataset.ts';
import { useEngine } from '../../data/engine.ts';

const NONE: readonly DatasetRow[] = [];

/** All datasets, archived ones too, and their names by id. */
export function useDatasets(): { readonly rows: readonly DatasetRow[]; readonly names: ReadonlyMap<string, string> } {
  const list = useEngine('dataset.list', { archived: true }, { keepPrevious: true });
  const rows = list.data ?? NONE;
  const names = useMemo(() => new Map(rows.map(({ id, name }) => [id, name])), [rows]);
  return { rows, names };
}
