/** Kinds that judge several runs of one task at once: `convergence` and `pass_k`, for the scope `session`. */
import type { GraderDefinition, Subject, SubjectTrace } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { passAtK, passHatK } from '#shared/pass-k.ts';
import { sessionOfAddress, sessionSpanId } from '#shared/session.ts';
import type { GraderKind, Verdict } from '../types.ts';
import { errored } from '../verdict.ts';
import {
  amount,
  choiceOf,
  count,
  evidenceOf,
  generationsOf,
  graded,
  numberOf,
  stepsIn,
  textOf,
  trajectoryKind,
} from './kind.ts';

const LENGTHS = ['steps', 'tool_calls', 'generations', 'spans'] as const;

const NO_RUNS: Verdict = {
  status: 'not_applicable',
  explanation:
    'There are no several runs to compare: the trace names no task, and the grader has not the scope {"on": "session"}.',
};

const SCOPE: JsonObject = {
  type: 'object',
  title: 'Scope',
  format: 'scope',
  description: '{"on": "session"}: the traces of the session are the runs. Without it: those that name the same task.',
};

export const convergence: GraderKind = trajectoryKind({
  type: 'convergence',
  label: 'Convergence over runs',
  about: 'Whether runs of one task take ways of the same length: the mean of shortest by length.',
  fields: {
    length: {
      enum: LENGTHS,
      default: 'steps',
      title: 'Length',
      description: 'steps: generations, tool calls and handoffs.',
    },
    scope: SCOPE,
  },
  example: { name: 'Runs take the shortest way', length: 'tool_calls', scope: { on: 'session' } },
  grade: (definition, { subject }) => {
    const runs = subject.traces;
    if (!runs) return NO_RUNS;
    const lengthOf = choiceOf(definition.length, LENGTHS, 'steps');
    const lengths = runs.filter(({ running }) => !running).map((trace) => lengthIn(trace, lengthOf));
    const known = lengths.filter((length) => length > 0);
    if (known.length < 2) {
      const which = known.length === 0 ? 'No run has' : 'Only one run has';
      return {
        status: 'not_applicable',
        explanation: `${which} any ${lengthOf.replace('_', ' ')}: nothing to compare.`,
      };
    }
    const score = convergenceOf(known);
    const [shortest, longest] = [Math.min(...known), Math.max(...known)];
    return graded(
      score,
      `${count(known.length, 'run')} of ${amount(shortest)} to ${amount(longest)} ${lengthOf.replace('_', ' ')}: ${amount(Math.round(score * 1000) / 1000)} of the shortest way on average.`,
      { notes: { lengths: known.slice(0, 100), left_out: runs.length - known.length } },
    );
  },
});

/** Phoenix: the mean over runs of the shortest length by theirs. Lengths are above 0. */
export function convergenceOf(lengths: readonly number[]): number {
  const shortest = lengths.reduce((least, length) => Math.min(least, length), Infinity);
  return lengths.reduce((sum, length) => sum + shortest / length, 0) / lengths.length;
}

function lengthIn(trace: SubjectTrace, what: (typeof LENGTHS)[number]): number {
  switch (what) {
    case 'steps':
      return stepsIn(trace);
    case 'tool_calls':
      return trace.tool_calls.length;
    case 'generations':
      return generationsOf(trace).length;
    case 'spans':
      return trace.spans.length;
  }
}

const METRICS = ['pass_hat_k', 'pass_at_k'] as const;
/** Runs that are graded; more are left out, and this is said. */
const MOST_RUNS = 500;

export const passK: GraderKind = trajectoryKind({
  type: 'pass_k',
  label: 'Pass^k and pass@k',
  about: 'How likely all (pass^k) or at least one (pass@k) of k runs of a task pass another grader.',
  required: ['grader', 'k'],
  fields: {
    grader: { type: 'object', title: 'Grader', format: 'grader', description: 'What each run must pass.' },
    k: { type: 'integer', minimum: 1, title: 'k' },
    metric: {
      enum: METRICS,
      default: 'pass_hat_k',
      title: 'Measure',
      description: 'pass_hat_k: all of k runs pass (tau-bench); pass_at_k: one of k at least (Chen 2021).',
    },
    pass_threshold: { type: ['number', 'null'], title: 'Passes from', description: 'Without one: 0.5.' },
    scope: SCOPE,
  },
  example: {
    name: 'Passes 3 times in a row',
    grader: { type: 'error_spans', name: 'No errors', max: 0 },
    k: 3,
    scope: { on: 'session' },
  },
  check: ({ grader }, inner) => [
    ...inner.check(grader ?? null).problems.map((each) => ({ ...each, path: `/grader${each.path}` })),
    ...(isJsonObject(grader) && isJsonObject(grader.scope) && ['session', 'pair'].includes(textOf(grader.scope.on))
      ? [
          {
            severity: 'error' as const,
            path: '/grader/scope',
            message: 'Each run is graded alone: this grader has the scope of a trace.',
          },
        ]
      : []),
  ],
  needs: ({ grader }, inner) => inner.needs(grader ?? null),
  grade: async (definition, { subject, grade }) => {
    if (!subject.traces) return NO_RUNS;
    const inner = definition.grader as GraderDefinition;
    const k = numberOf(definition.k) ?? 1;
    const runs = subject.traces.filter(({ running }) => !running).slice(0, MOST_RUNS);
    let passed = 0;
    let judged = 0;
    const failed: string[] = [];
    const evidence: string[] = [];
    for (const trace of runs) {
      const result = await grade(inner, ofOneRun(trace));
      if (result.status === 'errored' && result.errors[0]) return errored(result.errors[0]);
      if (result.passed === null) continue;
      judged++;
      if (result.passed) passed++;
      else {
        failed.push(trace.id);
        evidence.push(
          ...result.evidence.flatMap(({ spanId }) => idInSubject(subject, trace, spanId) ?? []).slice(0, 3),
        );
      }
    }
    if (judged < k)
      return {
        status: 'not_applicable',
        explanation: `${count(judged, 'run')} judged, and k is ${amount(k)}: fewer runs than k say nothing.`,
      };
    const score = definition.metric === 'pass_at_k' ? passAtK(judged, passed, k) : passHatK(judged, passed, k);
    const measure = definition.metric === 'pass_at_k' ? 'at least one' : 'all';
    return graded(
      score ?? 0,
      `${amount(passed)} of ${count(judged, 'run')} passed: ${measure} of ${amount(k)} pass with probability ${amount(Math.round((score ?? 0) * 1000) / 1000)}.`,
      {
        evidence: evidenceOf(evidence),
        notes: { runs: judged, passed, failed: failed.slice(0, 100), left_out: subject.traces.length - judged },
      },
    );
  },
});

/** The span's id in what is graded. Other runs are no part of a trace, even where their spans have the same ids. */
function idInSubject({ trace }: Subject, run: SubjectTrace, spanId: string | null): string | null {
  if (spanId === null || run.id === trace?.id) return spanId;
  return trace && sessionOfAddress(trace.id) !== null ? sessionSpanId(run.id, spanId) : null;
}

/** One run of several as a subject of its own. */
function ofOneRun(trace: SubjectTrace): Subject {
  return {
    item: trace.metadata,
    trace,
    sample: {
      output_text: trace.output_text,
      choices: [{ message: { role: 'assistant', content: trace.output_text } }],
      output_tools: trace.tool_calls.map(({ id, span_id: spanId, name, arguments: given }) => ({
        id: id ?? spanId,
        type: 'function',
        function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}) },
      })),
    },
  };
}
