/** What a row of a file becomes, and what is said of those that become nothing. */
import type { DatasetExample } from '#shared/dataset.ts';

/** Key and origin are the importer's; `key` is what the row itself names. */
export type DraftExample = Omit<DatasetExample, 'key' | 'origin'> & {
  readonly key: string | null;
  /** The row is said several times on purpose, as trials are: further ones are no fault. */
  readonly repeats?: boolean;
};

export type RowProblem = {
  readonly severity: 'error' | 'warning';
  /** Of the part of the row: `expected_trajectory[2]`; '' = the row. */
  readonly path: string;
  readonly message: string;
};

export type ReadRow = { readonly examples: readonly DraftExample[]; readonly problems: readonly RowProblem[] };
