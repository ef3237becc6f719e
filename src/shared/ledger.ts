/** The ingest ledger: what became of everything that was received. */

export const LEDGER_KINDS = [
  'received',
  'understood',
  'guessed',
  'unmapped',
  'dropped',
  'late',
  'orphaned',
  'duplicated',
  'truncated',
  'skewed',
] as const;
/**
 * - received: spans as sent, those sent again included
 * - understood: spans of a convention that we know
 * - guessed: spans that fit no known convention, or that only messages tell of
 * - unmapped: fields and items that have no place in what we show; they are kept as received
 * - dropped: items that could not be taken at all; their bytes are kept
 * - late: spans that arrived more than ten seconds after the root of their trace
 * - orphaned: spans whose parent never arrived
 * - duplicated: spans and whole requests that were sent again
 * - truncated: fields that the sender or we shortened
 * - skewed: spans that start before their parent, or end before they start: clocks differ
 */
export type LedgerKind = (typeof LEDGER_KINDS)[number];

export type LedgerCounts = { readonly [K in LedgerKind]: number };

export type LedgerItem = {
  readonly traceId: string | null;
  /** Null where the item is no span. */
  readonly spanId: string | null;
  /** What it is, for people: the span's name, or what is wrong. */
  readonly label: string;
  /** The offending item where it is text. */
  readonly detail: string | null;
  /** The received body that holds it; see the call `raw.get`. Null when it was deleted. */
  readonly rawKey: number | null;
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number | null;
};

export type LedgerPage = { readonly items: readonly LedgerItem[]; readonly total: number };
