/** `budget`: bounds for what a trace may take. What was not recorded is unknown, and never counts as nothing. */
import type { SubjectTrace } from '#shared/grader.ts';
import { isJsonObject } from '#shared/json.ts';
import type { JsonObject } from '#shared/json.ts';
import type { GraderKind } from '../types.ts';
import { amount, evidenceOf, graded, numberOf, traceKind } from './kind.ts';

type Amount = {
  readonly label: string;
  readonly unit: string;
  readonly of: (trace: SubjectTrace) => number | null;
  /** The spans that are over the bound. */
  readonly spans?: (trace: SubjectTrace, max: number) => readonly string[];
};

const byKind =
  (kind: string) =>
  ({ spans }: SubjectTrace): number =>
    spans.filter((span) => span.kind === kind).length;
const spansOfKind =
  (kind: string) =>
  ({ spans }: SubjectTrace, max: number): readonly string[] =>
    spans
      .filter((span) => span.kind === kind)
      .slice(max)
      .map(({ id }) => id);

const AMOUNTS = {
  duration_ms: { label: 'Time', unit: 'ms', of: (trace) => trace.duration_ms },
  cost: { label: 'Cost', unit: 'USD', of: (trace) => trace.cost },
  total_tokens: { label: 'Tokens', unit: 'tokens', of: ({ usage }) => usage.total_tokens },
  input_tokens: { label: 'Input tokens', unit: 'input tokens', of: ({ usage }) => usage.input_tokens },
  output_tokens: { label: 'Output tokens', unit: 'output tokens', of: ({ usage }) => usage.output_tokens },
  steps: {
    label: 'Steps: generations, tool calls and handoffs',
    unit: 'steps',
    of: (trace) => byKind('generation')(trace) + trace.tool_calls.length + trace.handoffs.length,
  },
  generations: {
    label: 'Generations',
    unit: 'generations',
    of: byKind('generation'),
    spans: spansOfKind('generation'),
  },
  tool_calls: {
    label: 'Tool calls',
    unit: 'tool calls',
    of: (trace) => trace.tool_calls.length,
    spans: ({ tool_calls: calls }, max) => calls.slice(max).map(({ span_id: id }) => id),
  },
  handoffs: {
    label: 'Handoffs',
    unit: 'handoffs',
    of: (trace) => trace.handoffs.length,
    spans: ({ handoffs }, max) => handoffs.slice(max).map(({ span_id: id }) => id),
  },
  agents: { label: 'Agents', unit: 'agents', of: (trace) => trace.agents.length },
  spans: { label: 'Spans', unit: 'spans', of: (trace) => trace.spans.length },
} as const satisfies Readonly<Record<string, Amount>>;

const BOUNDS: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(AMOUNTS).map(([name, { label, unit }]) => [
      name,
      { type: 'number', minimum: 0, title: unit === 'ms' || unit === 'USD' ? `${label} (${unit})` : label },
    ]),
  ),
};

export const budget: GraderKind = traceKind({
  type: 'budget',
  label: 'Budget',
  about: 'Whether a trace stays within bounds of time, cost, tokens, steps and calls.',
  fields: {
    max: { ...BOUNDS, title: 'At most' },
    min: { ...BOUNDS, title: 'At least' },
  },
  example: { name: 'Fast and cheap', max: { duration_ms: 30_000, total_tokens: 20_000, tool_calls: 10 } },
  check: ({ max, min }) =>
    [max, min].some((bounds) => isJsonObject(bounds) && Object.keys(bounds).length > 0)
      ? []
      : [{ severity: 'error', path: '', message: 'There is no bound: give max or min.' }],
  grade: (definition, trace) => {
    const bounds = [...boundsOf(definition.max, 'max', trace), ...boundsOf(definition.min, 'min', trace)];
    const broken = bounds.filter(({ kept }) => kept === false);
    const unknown = bounds.filter(({ kept }) => kept === null);
    const notes = Object.fromEntries(bounds.map(({ name, value }) => [name, value]));
    const subRewards = Object.fromEntries(
      bounds.map(({ side, name, kept }) => [`${side} ${name}`, kept === null ? null : Number(kept)]),
    );
    const said = (list: readonly Bound[]): string => list.map((one) => one.said).join('; ');
    if (broken.length === 0 && unknown.length > 0)
      return { status: 'not_applicable', explanation: `Not known: ${said(unknown)}.`, subRewards, notes };
    const kept = bounds.length - broken.length - unknown.length;
    return graded(
      kept / bounds.length,
      broken.length === 0 ? `Within bounds: ${said(bounds)}.` : `Out of bounds: ${said(broken)}.`,
      {
        passed: broken.length === 0,
        evidence: broken.flatMap(({ spans, said: note }) => evidenceOf(spans, note)).slice(0, 50),
        subRewards,
        notes,
      },
    );
  },
});

type Bound = {
  readonly side: 'max' | 'min';
  readonly name: string;
  readonly value: number | null;
  /** Null = the amount is unknown, or may still grow. */
  readonly kept: boolean | null;
  readonly said: string;
  readonly spans: readonly string[];
};

function boundsOf(given: unknown, side: Bound['side'], trace: SubjectTrace): readonly Bound[] {
  if (!isJsonObject(given)) return [];
  return Object.entries(AMOUNTS).flatMap(([name, each]): readonly Bound[] => {
    const bound = numberOf(given[name]);
    if (bound === null) return [];
    const amounts: Amount = each;
    const value = amounts.of(trace);
    const words = `${side === 'max' ? 'at most' : 'at least'} ${amount(bound)}`;
    if (value === null) {
      const said = `${amounts.label.toLowerCase()} (${words}) was not recorded`;
      return [{ side, name, value, kept: null, said, spans: [] }];
    }
    const fits = side === 'max' ? value <= bound : value >= bound;
    // What has not happened yet is no fault.
    const open = trace.running && side === 'min' && !fits;
    const unit = value === 1 && amounts.unit !== 'ms' ? amounts.unit.replace(/s$/, '') : amounts.unit;
    const said = `${amount(value)} ${unit}, ${words}${open ? ', and still running' : ''}`;
    const spans = fits || side === 'min' ? [] : (amounts.spans?.(trace, Math.floor(bound)) ?? []);
    return [{ side, name, value, kept: open ? null : fits, said, spans }];
  });
}
