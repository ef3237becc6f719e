/**
 * Estimates of cost: token counts × the rates of the model's row. Input counts include cached tokens (see `Usage`), so
 * the fresh ones are what is left of them; they, the cached ones and the written ones are charged at rates of their own.
 */
import type { PriceRow, PriceTable, Rates } from './prices.ts';
import type { Usage } from './record.ts';

export type PriceBook = {
  readonly asOf: string;
  /** The row for a call of this many input tokens; null for the sum of several calls, to which no `above` row applies. */
  readonly rowFor: (model: string, inputTokens: number | null) => PriceRow | null;
  /** All rows of the model's pattern, the ones for the longest calls first. */
  readonly rowsFor: (model: string) => readonly PriceRow[];
};

/** One part of an estimate: so many tokens at such a rate. */
export type EstimateTerm = {
  readonly what: 'input' | 'from cache' | 'written to cache' | 'output';
  readonly tokens: number;
  /** USD per million tokens. */
  readonly rate: number;
};

export type Estimate = { readonly usd: number; readonly row: PriceRow; readonly terms: readonly EstimateTerm[] };

/** Looked-up models are remembered up to here; names come from traces and may be endless. */
const REMEMBERED = 10_000;
const LONGEST_MODEL = 300;
/** A model id that names its vendor first means the vendor's own price. */
const VENDOR = /^(?:openai|anthropic|google|google-gla|gemini|models|mistral|mistralai|deepseek|xai|x-ai)[/:](.+)$/;
const SNAPSHOT = /^[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|latest)$/;

export function createPriceBook(table: PriceTable): PriceBook {
  const exact = new Map<string, PriceRow[]>();
  const globs: { readonly pattern: string; readonly row: PriceRow }[] = [];
  for (const row of table.rows) {
    const pattern = row.model.toLowerCase();
    if (pattern.includes('*')) globs.push({ pattern, row });
    else push(exact, pattern, row);
  }
  const found = new Map<string, readonly PriceRow[]>();

  /** Rows of the longest pattern that matches, with the `above` ones first, the highest at the top. */
  function rowsFor(model: string): readonly PriceRow[] {
    const known = found.get(model);
    if (known) return known;
    if (model.length > LONGEST_MODEL) return [];
    const name = model.trim().toLowerCase();
    const vendorless = VENDOR.exec(name)?.[1];
    let rows = match(name);
    if (rows.length === 0 && vendorless !== undefined) rows = match(vendorless);
    const sorted = [...rows].sort((a, b) => (b.above ?? 0) - (a.above ?? 0));
    if (found.size >= REMEMBERED) found.clear();
    found.set(model, sorted);
    return sorted;
  }

  function match(name: string): readonly PriceRow[] {
    let best: readonly PriceRow[] = exact.get(name) ?? [];
    if (best.length > 0) return best;
    let length = -1;
    for (const cut of snapshotCuts(name)) {
      const rows = exact.get(name.slice(0, cut));
      if (rows && cut > length) [best, length] = [rows, cut];
    }
    for (const { pattern, row } of globs) {
      const literal = pattern.replaceAll('*', '').length;
      if (literal < length || !matchesGlob(pattern, name)) continue;
      if (literal === length && best[0] && best[0].model.toLowerCase() === pattern) best = [...best, row];
      else if (literal > length) [best, length] = [[row], literal];
    }
    return best;
  }

  return {
    asOf: table.asOf,
    rowsFor,
    rowFor(model, inputTokens) {
      for (const row of rowsFor(model)) {
        if (row.above === null || (inputTokens !== null && inputTokens > row.above)) return row;
      }
      return null;
    },
  };
}

/** Lengths of the ids that this name may be a snapshot of. */
function snapshotCuts(name: string): number[] {
  const cuts: number[] = [];
  for (const length of [4, 7, 9, 11]) {
    const cut = name.length - length;
    if (cut > 0 && SNAPSHOT.test(name.slice(cut))) cuts.push(cut);
  }
  return cuts;
}

/** `*` stands for any text. Linear in name × stars: no backtracking beyond the last star. */
export function matchesGlob(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return pattern === name;
  const last = parts.at(-1) ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const next = name.indexOf(part, at);
    if (next < 0 || next + part.length > end) return false;
    at = next + part.length;
  }
  return true;
}

function push(map: Map<string, PriceRow[]>, key: string, row: PriceRow): void {
  const rows = map.get(key);
  if (rows) rows.push(row);
  else map.set(key, [row]);
}

/**
 * What the tokens would cost by the table; null when the model has no row, or a count that matters is not known: never a
 * figure that leaves a part out.
 * @param many the counts are the sum of several calls, to which no `above` row applies
 */
export function estimateCost(
  usage: Usage,
  model: string | null,
  book: PriceBook,
  { many = false }: { readonly many?: boolean } = {},
): number | null {
  return explainEstimate(usage, model, book, { many })?.usd ?? null;
}

/** The same with its parts, for people. */
export function explainEstimate(
  usage: Usage,
  model: string | null,
  book: PriceBook,
  { many = false }: { readonly many?: boolean } = {},
): Estimate | null {
  const input = countOf(usage.input);
  const output = countOf(usage.output);
  if (model === null || model === '' || input === null) return null;
  const row = book.rowFor(model, many ? null : input);
  if (!row) return null;
  // A zero beside nothing is a default that was never filled in.
  if (output === null && (row.output !== null || input === 0)) return null;
  const cacheRead = countOf(usage.cacheRead) ?? 0;
  const cacheWrite = countOf(usage.cacheWrite) ?? 0;
  const all: readonly EstimateTerm[] = [
    { what: 'input', tokens: Math.max(0, input - cacheRead - cacheWrite), rate: row.input },
    { what: 'from cache', tokens: cacheRead, rate: rateOf(row, 'cacheRead') },
    { what: 'written to cache', tokens: cacheWrite, rate: rateOf(row, 'cacheWrite') },
    { what: 'output', tokens: output ?? 0, rate: row.output ?? 0 },
  ];
  const terms = all.filter(({ tokens }) => tokens > 0);
  return { usd: sum(terms), row, terms };
}

/** A cache rate that the row leaves open is the input rate. */
function rateOf(row: Rates, kind: 'cacheRead' | 'cacheWrite'): number {
  return row[kind] ?? row.input;
}

/** Rates have at most this many decimals that count. */
const MICRO = 1_000_000;

/** Added up in whole millionths of the rate's unit, so that only the last division rounds. */
function sum(terms: readonly EstimateTerm[]): number {
  let whole = 0;
  for (const { tokens, rate } of terms) whole += tokens * Math.round(rate * MICRO);
  return whole / (MICRO * MICRO);
}

function countOf(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}
