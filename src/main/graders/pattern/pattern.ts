/** `pattern`: a flow over agents and tools, told in words or drawn. */
import type { SubjectTrace } from '#shared/grader.ts';
import type { PatternMatch } from '#shared/pattern-match.ts';
import { createMatcher } from '#shared/pattern-match.ts';
import { parsePattern } from '#shared/pattern-parse.ts';
import type { Pattern, PatternStep } from '#shared/pattern.ts';
import { printStep, printTimes } from '#shared/pattern.ts';
import type { GraderKind } from '../types.ts';
import { errored } from '../verdict.ts';
import { amount, choiceOf, count, evidenceOf, graded, textOf, traceKind } from '../trajectory/kind.ts';

const EXPECTATIONS = ['present', 'absent'] as const;

export const pattern: GraderKind = traceKind({
  type: 'pattern',
  label: 'Pattern',
  about: 'Whether agents hand over, call tools and return as a pattern says.',
  required: ['pattern'],
  fields: {
    pattern: {
      type: 'string',
      minLength: 1,
      format: 'pattern',
      title: 'Pattern',
      description:
        'Steps in order, divided by commas: "Planner hands to Researcher, Researcher calls search 3 or more times, never returns to Planner".',
    },
    expect: {
      enum: EXPECTATIONS,
      default: 'present',
      title: 'Expected',
      description: 'present: it is there; absent: it is not.',
    },
  },
  example: {
    name: 'Searches enough before it answers',
    pattern:
      'Planner hands to Researcher, Researcher calls search 3 or more times, Researcher never returns to Planner',
    expect: 'present',
  },
  check: (definition) => {
    const { problems } = parsePattern(textOf(definition.pattern));
    return problems.map(({ from, to, message }) => ({
      severity: 'error',
      path: '/pattern',
      message: `${message} (characters ${from + 1} to ${Math.max(from + 1, to)})`,
    }));
  },
  grade: (definition, trace) => {
    const prepared = prepare(textOf(definition.pattern));
    if (!prepared) return errored({ flag: 'other_error', message: 'The pattern is not understood.' });
    const match = prepared.match(trace.edges);
    const wanted = choiceOf(definition.expect, EXPECTATIONS, 'present') === 'present';
    // What has not happened yet is no fault; a pattern that was found may still be broken.
    if (trace.running && !match.settled && match.found !== wanted)
      return {
        status: 'not_applicable',
        explanation: `The trace is still running: ${explain(prepared.pattern, match, trace)}`,
      };
    return graded(match.found === wanted, explain(prepared.pattern, match, trace), {
      evidence: evidenceOf([...match.spanIds, match.broken?.spanId]),
      notes: { steps_reached: match.reached },
    });
  },
});

type Prepared = { readonly pattern: Pattern; readonly match: (edges: SubjectTrace['edges']) => PatternMatch };

/** The last one that was used: a batch grades many traces with one. */
let kept: { readonly text: string; readonly prepared: Prepared | null } | null = null;

function prepare(text: string): Prepared | null {
  if (kept?.text === text) return kept.prepared;
  const { pattern: read } = parsePattern(text);
  kept = { text, prepared: read && { pattern: read, match: createMatcher(read) } };
  return kept.prepared;
}

function explain({ steps: all }: Pattern, match: PatternMatch, { edges }: SubjectTrace): string {
  const steps = all.filter((step): step is PatternStep => step.type === 'step');
  const among = `among ${count(edges.length, 'crossing')}`;
  if (match.found) {
    const proof = match.spanIds.length === 0 ? '' : ` by ${count(match.spanIds.length, 'crossing')}`;
    return `The pattern is there${proof}, ${among}.`;
  }
  const next = steps[match.reached];
  const far =
    steps.length > 0
      ? `${amount(match.reached)} of ${count(steps.length, 'step')} came true ${among}`
      : `It did not hold ${among}`;
  if (match.broken) {
    const { step } = match.broken;
    const why = step.type === 'never' ? `"${printStep(step)}" was broken` : `"${printStep(step)}" was not kept`;
    return `The pattern is not there: ${far}, then ${why}.`;
  }
  const times = next && match.seen > 0 ? ` (seen ${count(match.seen, 'time')}${wantedTimes(next)})` : '';
  return `The pattern is not there: ${far}${next ? `; "${printStep(next)}" did not${times}` : ''}.`;
}

function wantedTimes({ least, most }: PatternStep): string {
  const times = printTimes(least, most);
  return times === '' ? '' : `, wanted ${times}`;
}
