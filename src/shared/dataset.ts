/** Datasets: rows that agents are tried on, in versions that never change. */
import type { Json, JsonObject } from './json.ts';

/** One row. `item` is what templates see as `{{ item.* }}`. */
export type DatasetExample = {
  /** Unique within the dataset, the same in all its versions. */
  readonly key: string;
  readonly item: JsonObject;
  /** What the agent is given: `item.input` and the like; null = unknown. */
  readonly input: string | null;
  /** The expected answer; null = none. */
  readonly expectedOutput: string | null;
  /** Tool calls that are expected, in order; null = none. */
  readonly expectedTrajectory: readonly ExpectedCall[] | null;
  /** Where it came from: a trace here, or a file with its row. */
  readonly origin: ExampleOrigin;
};

export type ExpectedCall = { readonly name: string; readonly arguments: Json; readonly agent?: string | null };

export type ExampleOrigin =
  | { readonly kind: 'trace'; readonly traceId: string }
  | { readonly kind: 'file'; readonly file: string; readonly row: number }
  | { readonly kind: 'hand' };

export type DatasetRow = {
  readonly id: string;
  readonly name: string;
  /** Newest version: 1, 2, 3… */
  readonly version: number;
  readonly examples: number;
  readonly archived: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type DatasetVersion = {
  readonly version: number;
  readonly examples: number;
  /** Against the version before. */
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly note: string | null;
  readonly author: string | null;
  readonly createdAt: number;
};

export type ExamplePage = {
  readonly rows: readonly DatasetExample[];
  readonly total: number;
  readonly nextCursor: number | null;
};

/** Edits that together make the next version. */
export type DatasetEdit =
  | { readonly op: 'put'; readonly example: Omit<DatasetExample, 'key'> & { readonly key?: string } }
  | { readonly op: 'remove'; readonly key: string };

export type DatasetImport = {
  readonly dataset: DatasetRow;
  readonly format: string;
  readonly added: number;
  readonly changed: number;
  readonly problems: readonly {
    readonly severity: 'error' | 'warning';
    readonly path: string;
    readonly message: string;
  }[];
};

export const MOST_EXAMPLES = 100_000;
/** Characters of one example as JSON. */
export const EXAMPLE_SIZE = 1_000_000;
