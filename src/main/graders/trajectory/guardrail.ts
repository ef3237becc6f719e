/** `guardrail`: whether guardrails were triggered. */
import type { GraderKind } from '../types.ts';
import { nameTest } from './calls.ts';
import { choiceOf, count, evidenceOf, graded, listed, textsOf, traceKind } from './kind.ts';

const EXPECTATIONS = ['not_triggered', 'triggered'] as const;

export const guardrail: GraderKind = traceKind({
  type: 'guardrail',
  label: 'Guardrail',
  about: 'Whether a guardrail was triggered, or none was.',
  fields: {
    expect: {
      enum: EXPECTATIONS,
      default: 'not_triggered',
      title: 'Expected',
      description: 'not_triggered: none of them; triggered: at least one.',
    },
    names: {
      type: 'array',
      items: { type: 'string' },
      title: 'Guardrails',
      description: 'Only these; * stands for any text.',
    },
  },
  example: { name: 'No guardrail is triggered', expect: 'not_triggered' },
  grade: (definition, trace) => {
    const tests = textsOf(definition.names).map(nameTest);
    const ran = trace.guardrails.filter(({ name }) => tests.length === 0 || tests.some((test) => test(name)));
    const wanted = choiceOf(definition.expect, EXPECTATIONS, 'not_triggered') === 'triggered';
    const triggered = ran.filter((one) => one.triggered);
    if (ran.length === 0) return { status: 'not_applicable', explanation: 'No such guardrail ran.' };
    if (trace.running && wanted && triggered.length === 0)
      return {
        status: 'not_applicable',
        explanation: 'The trace is still running, and no guardrail was triggered yet.',
      };
    const names = [...new Set(triggered.map(({ name }) => name))];
    return graded(
      triggered.length > 0 === wanted,
      `${count(triggered.length, 'guardrail run')} of ${ran.length} triggered${names.length > 0 ? `: ${listed(names)}` : ''}.`,
      { evidence: evidenceOf((triggered.length > 0 ? triggered : ran).map(({ span_id: id }) => id)) },
    );
  },
});
