/** `budget`: bounds for what a trace may take. What was not recorded is unknown, and never counts as nothing. */
import type { GradeEvidence, SubjectSpan, SubjectTrace } from '#shared/grader.ts';
import { isJsonObject } from '#shared/json.ts';
import type { JsonObject } from '#shared/json.ts';
import type { GraderKind } from '../types.ts';
import { amount, evidenceOf, generationsOf, graded, numberOf, stepsIn, traceKind } from './kind.ts';

type Amount = {
  readonly label: string;
  readonly unit: string;
  readonly of: (trace: SubjectTrace) => number | null;
  /** The spans that are over the bound. */
  readonly spans?: (trace: SubjectTrace, max: number) => readonly string[];
  /** Of amounts that add up: the part of one span. */
  readonly part?: (span: SubjectSpan) => number | null;
};

const AMOUNTS = {
  duration_ms: {
    label: 'Time',
    unit: 'ms',
    of: (trace) => trace.duration_ms,
    part: ({ kind, duration_ms: took }) => (kind === 'generation' || kind === 'tool' ? took : null),
  },
  cost: { label: 'Cost', unit: 'USD', of: (trace) => trace.cost, part: ({ cost }) => cost },
  total_tokens: {
    label: 'Tokens',
    unit: 'tokens',
    of: ({ usage }) => usage.total_tokens,
    part: ({ usage }) => usage?.total_tokens ?? null,
  },
  input_tokens: {
    label: 'Input tokens',
    unit: 'input tokens',
    of: ({ usage }) => usage.input_tokens,
    part: ({ usage }) => usage?.input_tokens ?? null,
  },
  output_tokens: {
    label: 'Output tokens',
    unit: 'output tokens',
    of: ({ usage }) => usage.output_tokens,
    part: ({ usage }) => usage?.output_tokens ?? null,
  },
  steps: {
    label: 'Steps: generations, tool calls and handoffs',
    unit: 'steps',
    of: stepsIn,
    spans: (trace, max) => {
      const others = [...trace.tool_calls, ...trace.handoffs].map(({ span_id: id }) => id);
      const steps = new Set([...generationsOf(trace).map(({ id }) => id), ...others]);
      return trace.spans.flatMap(({ id }) => (steps.has(id) ? [id] : [])).slice(max);
    },
  },
  generations: {
    label: 'Generations',
    unit: 'generations',
    of: (trace) => generationsOf(trace).length,
    spans: (trace, max) =>
      generationsOf(trace)
        .slice(max)
        .map(({ id }) => id),
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
        evidence: broken.flatMap(({ evidence }) => evidence).slice(0, 50),
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
  readonly evidence: readonly GradeEvidence[];
};

const LARGEST = 5;

/** The spans beyond the bound, or those that took most of it. */
function evidenceOver(each: Amount, trace: SubjectTrace, max: number, said: string): readonly GradeEvidence[] {
  const { spans, part } = each;
  if (spans) return evidenceOf(spans(trace, Math.floor(max)), said);
  if (!part) return [];
  return trace.spans
    .map((span) => ({ id: span.id, of: part(span) ?? 0 }))
    .filter(({ of }) => of > 0)
    .sort((a, b) => b.of - a.of)
    .slice(0, LARGEST)
    .flatMap(({ id, of }) => evidenceOf([id], `${amount(of)} ${each.unit} of ${said}`));
}

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
      return [{ side, name, value, kept: null, said, evidence: [] }];
    }
    const fits = side === 'max' ? value <= bound : value >= bound;
    // What has not happened yet is no fault.
    const open = trace.running && side === 'min' && !fits;
    const unit = value === 1 && amounts.unit !== 'ms' ? amounts.unit.replace(/s$/, '') : amounts.unit;
    const said = `${amount(value)} ${unit}, ${words}${open ? ', and still running' : ''}`;
    const evidence = fits || side === 'min' ? [] : evidenceOver(amounts, trace, bound, said);
    return [{ side, name, value, kept: open ? null : fits, said, evidence }];
  });
}
