/** `error_spans`: how many spans failed. */
import { SPAN_KINDS } from '#shared/record.ts';
import type { GraderKind } from '../types.ts';
import { nameTest } from './calls.ts';
import { amount, count, graded, numberOf, quoted, textsOf, traceKind } from './kind.ts';

const LONGEST_QUOTED = 120;

export const errorSpans: GraderKind = traceKind({
  type: 'error_spans',
  label: 'Error spans',
  about: 'How many spans of a trace ended with an error.',
  fields: {
    max: { type: 'integer', minimum: 0, default: 0, title: 'At most' },
    kinds: { type: 'array', items: { enum: SPAN_KINDS }, title: 'Span kinds', description: 'Only these.' },
    agents: {
      type: 'array',
      items: { type: 'string' },
      title: 'Agents',
      description: 'Only these; * stands for any text.',
    },
    tools: {
      type: 'array',
      items: { type: 'string' },
      title: 'Tools',
      description: 'Only these; * stands for any text.',
    },
    message: { type: 'string', title: 'Message contains', description: 'In upper or lower case.' },
  },
  example: { name: 'No errors', max: 0 },
  grade: (definition, trace) => {
    const kinds = textsOf(definition.kinds);
    const agents = textsOf(definition.agents).map(nameTest);
    const tools = textsOf(definition.tools).map(nameTest);
    const message = typeof definition.message === 'string' ? definition.message.toLowerCase() : '';
    const errors = trace.error_spans.filter(
      ({ kind, agent, tool, error }) =>
        (kinds.length === 0 || kinds.includes(kind)) &&
        (agents.length === 0 || agents.some((test) => agent !== null && test(agent))) &&
        (tools.length === 0 || tools.some((test) => tool !== null && test(tool))) &&
        (message === '' || (error ?? '').toLowerCase().includes(message)),
    );
    const max = numberOf(definition.max) ?? 0;
    const [first] = errors;
    const why = first?.error
      ? `: ${quoted(first.name)} says ${JSON.stringify(first.error.slice(0, LONGEST_QUOTED))}`
      : '';
    return graded(errors.length <= max, `${count(errors.length, 'error span')}, at most ${amount(max)}${why}.`, {
      evidence: errors.slice(0, 50).map(({ id, error }) => ({
        spanId: id,
        quote: null,
        note: error === null ? 'error' : error.slice(0, LONGEST_QUOTED),
      })),
      notes: { errors: errors.length },
    });
  },
});
