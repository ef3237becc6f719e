/** What became different after two traces parted, in sentences that name the step they are about, the gravest first. */
import type { AlignedTraces } from '#shared/alignment.ts';
import { formatDuration } from '#shared/time.ts';
import type { TraceRow } from '#shared/trace.ts';
import { i32 } from '../at.ts';
import { isPerson } from '../person.ts';
import type { SpanFact } from '../types.ts';
import type { Alignment, Step } from './align-steps.ts';
import type { TraceSteps } from './step-facts.ts';

export type DownstreamSide = {
  readonly trace: TraceRow;
  readonly steps: TraceSteps;
  /** By row of the facts. */
  readonly spanAt: (row: number) => SpanFact;
  readonly agentAt: (row: number) => string | null;
};

type Told = AlignedTraces['downstream'][number];

const MOST_TOLD = 60;
const LONGEST_NAME = 80;

export function downstreamOf({ steps, firstDivergence }: Alignment, a: DownstreamSide, b: DownstreamSide): Told[] {
  const totals = totalsOf(a.trace, b.trace);
  if (firstDivergence < 0) return totals;
  const after = steps.map((step, k) => ({ step, k })).slice(firstDivergence);
  return [
    ...deeds(after, a, b),
    ...outcomes(a.trace, b.trace),
    ...failures(after, a, b),
    ...actors(after, a, b),
    ...answer(steps, a, b),
    ...calls(after, a, b),
    ...totals,
  ].slice(0, MOST_TOLD);
}

const DEEDS: ReadonlySet<SpanFact['kind']> = new Set(['tool', 'handoff', 'retrieval', 'agent']);

/** Words differ in any two runs, often from the first on: this is where something else is done, by whom, or with what. */
function deeds(after: readonly Placed[], a: DownstreamSide, b: DownstreamSide): Told[] {
  const found = after.find(({ step }) => isDeed(step, a, b));
  // Where they first part, it is said already.
  if (!found || found === after[0]) return [];
  const [inA, inB] = [found.step.a, found.step.b];
  const [ofA, ofB] = [inA < 0 ? '' : nameOf(a, inA), inB < 0 ? '' : nameOf(b, inB)];
  const again = found.step.op === 'repeated' ? 'once more, ' : '';
  const what =
    inB < 0
      ? `${ofA}, ${again}only in A`
      : inA < 0
        ? `${ofB}, ${again}only in B`
        : found.step.op === 'moved'
          ? `${ofB}, in another place`
          : ofA === ofB
            ? `${ofB}, ${found.step.changes.includes('input') ? 'with other arguments' : 'by another agent'}`
            : `${ofA} in A, ${ofB} in B`;
  return [{ says: `The first different action: ${what}.`, step: found.k }];
}

function isDeed({ op, a: rowA, b: rowB, changes }: Step, a: DownstreamSide, b: DownstreamSide): boolean {
  if (op === 'same') return false;
  const { kind } = rowB >= 0 ? b.spanAt(rowB) : a.spanAt(rowA);
  if (op !== 'changed') return DEEDS.has(kind);
  if (changes.includes('agent')) return true;
  // Of a model call, name is its model; what an agent is given is words.
  if (kind === 'generation') return false;
  return changes.includes('name') || (kind !== 'agent' && DEEDS.has(kind) && changes.includes('input'));
}

const STATUS_WORDS: Readonly<Record<TraceRow['status'], string>> = {
  error: 'ends in an error',
  tool_errors: 'ends well with failed tools',
  ok: 'ends well',
  unset: 'ends without a word of success',
  running: 'is still running',
};
const GRAVITY: readonly TraceRow['status'][] = ['ok', 'unset', 'running', 'tool_errors', 'error'];

function outcomes(a: TraceRow, b: TraceRow): Told[] {
  const told: Told[] = [];
  if (a.status !== b.status && GRAVITY.includes(a.status))
    told.push({ says: `A ${STATUS_WORDS[a.status]}, B ${STATUS_WORDS[b.status]}.`, step: null });
  for (const score of a.scores) {
    const other = b.scores.find(({ name }) => name === score.name);
    if (!other) continue;
    const [before, now] = [scoreText(score), scoreText(other)];
    if (before !== now) told.push({ says: `${short(score.name)}: ${before} in A, ${now} in B.`, step: null });
  }
  return told;
}

function scoreText({ value, label, passed }: TraceRow['scores'][number]): string {
  if (label) return short(label);
  if (value !== null) return String(Math.round(value * 1e4) / 1e4);
  return passed === null ? 'none' : passed ? 'passed' : 'failed';
}

type Placed = { readonly step: Step; readonly k: number };

const FAILED = 'error';

/** Failures that the other trace does not have at the same step, by who failed. */
function failures(after: readonly Placed[], a: DownstreamSide, b: DownstreamSide): Told[] {
  const only = (side: 'a' | 'b'): Map<string, { count: number; k: number }> => {
    const found = new Map<string, { count: number; k: number }>();
    for (const { step, k } of after) {
      const row = step[side];
      const other = side === 'a' ? step.b : step.a;
      const [own, against] = side === 'a' ? [a, b] : [b, a];
      if (row < 0 || own.spanAt(row).status !== FAILED) continue;
      if (other >= 0 && against.spanAt(other).status === FAILED) continue;
      const who = nameOf(own, row);
      const known = found.get(who);
      if (known) known.count++;
      else found.set(who, { count: 1, k });
    }
    return found;
  };
  const [inA, inB] = [only('a'), only('b')];
  return [
    ...[...inB].map(([who, { count, k }]): Told => ({
      says: `${who} fails ${times(count)} in B where it did not in A.`,
      step: k,
    })),
    ...[...inA].map(([who, { count, k }]): Told => ({
      says: `${who} no longer fails in B: ${times(count)} in A.`,
      step: k,
    })),
  ];
}

function actors(after: readonly Placed[], a: DownstreamSide, b: DownstreamSide): Told[] {
  const [inA, inB] = [new Set(allAgents(a)), new Set(allAgents(b))];
  const firstOf = (side: 'a' | 'b', name: string): number | null =>
    after.find(({ step }) => step[side] >= 0 && (side === 'a' ? a : b).agentAt(step[side]) === name)?.k ?? null;
  return [
    ...[...inA]
      .filter((name) => !inB.has(name))
      .map((name): Told => ({ says: `Agent ${short(name)} acts in A and no longer in B.`, step: firstOf('a', name) })),
    ...[...inB]
      .filter((name) => !inA.has(name))
      .map((name): Told => ({ says: `Agent ${short(name)} acts in B and not in A.`, step: firstOf('b', name) })),
  ];
}

function* allAgents({ steps, agentAt }: DownstreamSide): Generator<string> {
  for (let row = 0; row < steps.facts.count; row++) {
    const name = agentAt(row);
    if (name !== null) yield name;
  }
}

/** What the last model call said, of those that do not play the user. */
function answer(steps: readonly Step[], a: DownstreamSide, b: DownstreamSide): Told[] {
  const [lastA, lastB] = [lastSaid(a), lastSaid(b)];
  if (lastA < 0 || lastB < 0) return [];
  if (i32(a.steps.facts.output, lastA) === i32(b.steps.facts.output, lastB)) return [];
  const step = steps.findIndex((each) => each.b === lastB);
  return [{ says: 'The last answer of a model is another one.', step: step < 0 ? null : step }];
}

function lastSaid({ steps, spanAt, agentAt }: DownstreamSide): number {
  for (let row = steps.facts.count - 1; row >= 0; row--)
    if (spanAt(row).kind === 'generation' && i32(steps.facts.output, row) !== 0 && !isPerson(agentAt(row) ?? ''))
      return row;
  return -1;
}

function calls(after: readonly Placed[], a: DownstreamSide, b: DownstreamSide): Told[] {
  const found = new Map<string, { a: number; b: number; k: number | null }>();
  const count = (side: DownstreamSide, which: 'a' | 'b'): void => {
    for (let row = 0; row < side.steps.facts.count; row++) {
      const { kind } = side.spanAt(row);
      if (kind !== 'tool' && kind !== 'handoff' && kind !== 'retrieval') continue;
      const name = nameOf(side, row);
      const known = found.get(name) ?? { a: 0, b: 0, k: null };
      known[which]++;
      found.set(name, known);
    }
  };
  count(a, 'a');
  count(b, 'b');
  for (const { step, k } of after) {
    const [ofA, ofB] = [step.a < 0 ? '' : nameOf(a, step.a), step.b < 0 ? '' : nameOf(b, step.b)];
    if (ofA === ofB) continue;
    for (const name of [ofA, ofB]) {
      const known = found.get(name);
      if (known && known.k === null) known.k = k;
    }
  }
  return [...found]
    .filter(([, counts]) => counts.a !== counts.b)
    .sort((x, y) => Math.abs(y[1].b - y[1].a) - Math.abs(x[1].b - x[1].a))
    .map(([name, counts]) => ({ says: `${name}: ${times(counts.a)} in A, ${times(counts.b)} in B.`, step: counts.k }));
}

/** Below this share nobody asks. */
const WORTH_TELLING = 0.1;

function totalsOf(a: TraceRow, b: TraceRow): Told[] {
  const tokens = ({ tokens: { input, output } }: TraceRow): number | null =>
    input === null && output === null ? null : (input ?? 0) + (output ?? 0);
  return [
    ...difference('Cost', a.cost, b.cost, (usd) => `$${usd.toFixed(usd < 0.01 ? 4 : 2)}`),
    ...difference('Tokens', tokens(a), tokens(b), (count) => count.toLocaleString('en-US')),
    ...difference('Duration', a.durationNs, b.durationNs, formatDuration),
    ...difference('Spans', a.spans, b.spans, String),
  ];
}

function difference(what: string, a: number | null, b: number | null, text: (value: number) => string): Told[] {
  if (a === null || b === null || Math.abs(b - a) < WORTH_TELLING * Math.max(Math.abs(a), Math.abs(b)) || a === b)
    return [];
  const share =
    a > 0 ? ` (${b > a ? '+' : '−'}${Math.round((Math.abs(b - a) / a) * 100).toLocaleString('en-US')} %)` : '';
  return [{ says: `${what}: ${text(a)} in A, ${text(b)} in B${share}.`, step: null }];
}

function nameOf(side: DownstreamSide, row: number): string {
  const span = side.spanAt(row);
  switch (span.kind) {
    case 'tool':
      return `Tool ${short(span.tool || span.name)}`;
    case 'handoff':
      return `Handoff to ${short(span.handoffTo || span.name)}`;
    case 'generation':
      return `A model call of ${short(side.agentAt(row) ?? 'an unnamed agent')}`;
    case 'agent':
      return `Agent ${short(span.agent || span.name)}`;
    case 'retrieval':
    case 'guardrail':
    case 'evaluator':
    case 'chain':
    case 'custom':
      return short(span.name);
  }
}

function short(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function times(count: number): string {
  return count === 0 ? 'never' : count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`;
}
