/** Traces step by step. A session is addressed like a trace. */
import type { AlignedRow, StepOp } from '#shared/alignment.ts';
import { MOST_ALIGNED } from '#shared/alignment.ts';
import { AppFailure } from '#shared/result.ts';
import type { StepFacts } from '../../analysis/alignment/align-steps.ts';
import { alignSteps } from '../../analysis/alignment/align-steps.ts';
import { downstreamOf, type DownstreamSide } from '../../analysis/alignment/downstream.ts';
import { callSteps } from '../../analysis/alignment/expected-steps.ts';
import { mergeGraphs } from '../../analysis/alignment/merge-graphs.ts';
import type { TraceSteps } from '../../analysis/alignment/step-facts.ts';
import { createSymbols } from '../../analysis/alignment/symbols.ts';
import { buildGraph } from '../../analysis/graph.ts';
import type { Reader } from '../../store/database.ts';
import { readDetectorContents } from '../../store/detector-contents.ts';
import { getTraceOrSession } from '../../store/session-row.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { createSubjectTexts } from '../grading/subject-texts.ts';
import { alignPair, toAligned } from './align-pair.ts';
import type { Loaded } from './load-trace.ts';
import { arcsOf, gone, loadAt, locate } from './load-trace.ts';
import type { DomainHandlers } from './types.ts';

/** Two that are compared are asked for again: turned round, as graphs, played. */
const KEPT = 2;

export function createAlignReads(): DomainHandlers<'align'> {
  let kept: Loaded[] = [];

  function load(reader: Reader, address: string): Loaded {
    const place = locate(reader, address);
    const known = kept.find((each) => each.address === address && each.stamp === place.stamp);
    const loaded = known ?? loadAt(reader, address, place);
    kept = [loaded, ...kept.filter((each) => each.address !== address)].slice(0, KEPT);
    return loaded;
  }

  return {
    'align.traces': ({ reader }, args) => {
      const [a, b] = [load(reader, args.a), load(reader, args.b)];
      const pair = alignPair(reader, a, b);
      const downstream = downstreamOf(pair.alignment, sideOf(reader, a, pair.a), sideOf(reader, b, pair.b));
      return toAligned(pair.alignment, pair.a.rows, pair.b.rows, downstream);
    },
    'align.expected': ({ reader }, { expected, b: address }) => {
      const loaded = load(reader, address);
      const places = [...loaded.tree.order].flatMap((index, row) => {
        const span = loaded.spans[index];
        return span?.kind === 'tool' ? [{ span, row, agent: loaded.agents.names[index] ?? null }] : [];
      });
      const texts = createSubjectTexts(readDetectorContents(reader, loaded.traceKeys), loaded.spans.length);
      const symbols = createSymbols();
      const a = callSteps(expected, symbols);
      const made = callSteps(
        places.map(({ span, agent }) => ({ name: span.tool || span.name, arguments: texts.args(span), agent })),
        symbols,
      );
      const alignment = alignSteps(a, unsaid(a, made));
      const rows = Int32Array.from(places, ({ row }) => row);
      const own = Int32Array.from(expected, (_, place) => place);
      const nameOf = (inA: number, inB: number): string =>
        expected[inA]?.name ?? (places[inB]?.span.tool || places[inB]?.span.name) ?? '';
      return toAligned(alignment, own, rows, againstExpected(expected.length, alignment, nameOf));
    },
    'align.graph': ({ reader }, args) => {
      const graphOf = (address: string) => {
        const loaded = load(reader, address);
        return buildGraph(loaded.spans, { expanded: false }, undefined, arcsOf(loaded, false));
      };
      return mergeGraphs(graphOf(args.a), graphOf(args.b));
    },
    'align.many': async ({ reader, signal }, { baseline, traceIds }) => {
      if (traceIds.length > MOST_ALIGNED)
        throw new AppFailure({
          code: 'bad_request',
          message: `At most ${MOST_ALIGNED} traces can be compared with one.`,
          hint: 'Choose fewer traces.',
        });
      const a = load(reader, baseline);
      const rows: AlignedRow[] = [];
      for (const traceId of traceIds) {
        const row = rowOf(reader, a, traceId);
        if (row) rows.push(row);
        // Between two, so that a cancelled call ends.
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
      }
      return rows;
    },
  };
}

function sideOf(reader: Reader, loaded: Loaded, steps: TraceSteps): DownstreamSide {
  const trace = getTraceOrSession(reader, loaded.address);
  if (!trace) throw new AppFailure(gone);
  const indexAt = (row: number): number => loaded.tree.order[steps.rows[row] ?? -1] ?? -1;
  return {
    trace,
    steps,
    spanAt(row) {
      const span = loaded.spans[indexAt(row)];
      if (!span) throw new RangeError(`Row ${row} is not of this trace.`);
      return span satisfies StoredSpanFact;
    },
    agentAt: (row) => loaded.agents.names[indexAt(row)] ?? null,
  };
}

/** What is not said of an expected call cannot differ: of calls of its name, the arguments and the agent count as its own. */
function unsaid(expected: StepFacts, made: StepFacts): StepFacts {
  const free = new Set<number>();
  const named = new Set<number>();
  expected.key.forEach((key, row) => {
    if (expected.input[row] === 0) free.add(key);
    if (expected.agent[row] !== 0) named.add(key);
  });
  return {
    ...made,
    input: made.input.map((symbol, row) => (free.has(made.key[row] ?? 0) ? 0 : symbol)),
    agent: made.agent.map((symbol, row) => (named.has(made.key[row] ?? 0) ? symbol : 0)),
  };
}

const MOST_NAMED = 4;
const LONGEST_NAME = 80;

/** @param nameOf of a step, by its rows */
function againstExpected(
  expected: number,
  { steps, counts }: ReturnType<typeof alignSteps>,
  nameOf: (a: number, b: number) => string,
): { readonly says: string; readonly step: number | null }[] {
  const told = (op: StepOp, says: string): { says: string; step: number | null }[] => {
    const found = steps.flatMap((step, k) => (step.op === op ? [k] : []));
    const [first] = found;
    if (first === undefined) return [];
    const names = [...new Set(found.map((k) => nameOf(steps[k]?.a ?? -1, steps[k]?.b ?? -1).slice(0, LONGEST_NAME)))];
    const named = `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', …' : ''}`;
    return [
      { says: `${found.length === 1 ? '1 call was' : `${found.length} calls were`} ${says}: ${named}.`, step: first },
    ];
  };
  return [
    { says: `${counts.same} of ${expected} expected calls were made as expected.`, step: null },
    ...told('removed', 'expected and not made'),
    ...told('changed', 'made in another way'),
    ...told('added', 'not expected'),
    ...told('repeated', 'made again'),
    ...told('moved', 'made in another order'),
  ];
}

/** Null when it is gone. */
function rowOf(reader: Reader, baseline: Loaded, traceId: string): AlignedRow | null {
  const trace = getTraceOrSession(reader, traceId);
  if (!trace) return null;
  const other = loadAt(reader, traceId, locate(reader, traceId));
  const { alignment, a, b } = alignPair(reader, baseline, other);
  const { similarity, editDistance, counts, firstDivergence, steps } = alignment;
  const step = firstDivergence < 0 ? undefined : steps[firstDivergence];
  const rowA = step && step.a >= 0 ? (a.rows[step.a] ?? -1) : -1;
  const rowB = step && step.b >= 0 ? (b.rows[step.b] ?? -1) : -1;
  const [side, row] = rowB >= 0 ? [other, rowB] : [baseline, rowA];
  const name = side.spans[side.tree.order[row] ?? -1]?.name ?? '';
  return {
    traceId,
    name: trace.name,
    similarity,
    editDistance,
    counts,
    divergence: step ? { op: step.op, name, a: rowA, b: rowB } : null,
  };
}
