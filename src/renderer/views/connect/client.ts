import type { TraceRow } from '#shared/trace.ts';

/** One thing to paste. */
export type Snippet = {
  /** Said on its tab when a client has several. */
  readonly label: string;
  /** In resources/snippets. */
  readonly file: string;
  /** What has to be there before; null = nothing. */
  readonly install: string | null;
};

export type ConnectClient = {
  /** Stands in the address of the page. */
  readonly id: string;
  readonly title: string;
  readonly languages: readonly string[];
  /** Other words that people look for it by. */
  readonly alsoCalled?: readonly string[];
  /** The best way first. */
  readonly snippets: readonly Snippet[];
  /** One sentence each. */
  readonly arrives: string;
  readonly lacks: string;
  /** Facts about the client that explain why nothing, or too little, arrives. */
  readonly pitfalls: readonly string[];
  /** How its traces are known; null = they look like those of others. */
  readonly tell: Tell | null;
};

export type Tell = {
  readonly dialects: readonly string[];
  /** Of the instrumentation that is shown as the source, where several clients share a dialect. */
  readonly source?: RegExp;
};

export function isFrom({ tell }: ConnectClient, row: Pick<TraceRow, 'dialect' | 'source'>): boolean {
  return (
    tell !== null && tell.dialects.includes(row.dialect) && (tell.source === undefined || tell.source.test(row.source))
  );
}
