/** Says in words how a cost came about, for tooltips. */
import type { EstimateTerm, PriceBook } from '#shared/estimate.ts';
import type { CostBasis, PriceRow } from '#shared/prices.ts';
import type { Usage } from '#shared/record.ts';
import { explainEstimate } from '#shared/estimate.ts';
import { formatCount } from './format.ts';

/** What the cost is of: its tokens and the models that made them. */
export type CostOf = {
  readonly tokens: Usage | null;
  readonly models: readonly string[];
  /** Of one model call, whose length may decide about the rate. */
  readonly single?: boolean;
};

const MOST_MODELS = 6;

export function costTitle(usd: number, basis: CostBasis, of: CostOf | null, book: PriceBook | null): string {
  if (basis === 'stated') return 'The source states this cost.';
  const table = book === null ? 'the price table' : `the price table of ${book.asOf}`;
  const head =
    basis === 'partly'
      ? `The source states a part of this cost; the rest is estimated from ${table}.`
      : `Estimated from ${table}.`;
  if (book === null || of === null) return head;
  const [model, ...others] = of.models;
  const one =
    basis === 'estimated' && model !== undefined && others.length === 0 && of.tokens !== null
      ? explainEstimate(of.tokens, model, book, { many: of.single !== true })
      : null;
  // A trace may hold calls that its sum does not tell apart: only a calculation that gives the figure explains it.
  if (one && Math.abs(one.usd - usd) <= 1e-9 * Math.max(1, usd)) {
    return `${head}\n${one.terms.map(term).join('\n+ ')}\n${one.row.model}${fromWhere(one.row)}; rates per million tokens.`;
  }
  const lines = of.models.slice(0, MOST_MODELS).map((name) => modelLine(name, book));
  if (of.models.length > MOST_MODELS) lines.push(`and ${of.models.length - MOST_MODELS} more models`);
  return [head, ...lines].join('\n');
}

function term({ what, tokens, rate }: EstimateTerm): string {
  return `${formatCount(tokens)} ${what} × ${formatRate(rate)}`;
}

function modelLine(name: string, book: PriceBook): string {
  const row = book.rowFor(name, null);
  const shown = name.slice(0, 80);
  if (!row) return `${shown}: no price, not counted`;
  const output = row.output === null ? '' : `, ${formatRate(row.output)} output`;
  return `${shown}: ${formatRate(row.input)} input${output} per million tokens`;
}

function fromWhere({ provider, asOf }: PriceRow): string {
  const parts = [provider, asOf].filter((part) => part !== null && part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** "$0.25": a rate, with as many digits as it has. */
export function formatRate(rate: number): string {
  return `$${rate.toLocaleString('en-US', { maximumFractionDigits: 6 })}`;
}
