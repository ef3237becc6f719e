/** Our kind `javascript`: `grade(sample, item)` in a sandbox without host, files, network, clock of timers or modules. */
import { PASS_THRESHOLD, graderSchema } from '../text/fields.ts';
import type { GraderKind } from '../types.ts';
import { limitFields, sourceProblems } from './fields.ts';
import { codeNeeds, codeRequest } from './request.ts';
import { verdictOf, type CodeFlags } from './verdict.ts';

const MEMORY_MB = 256;
/** OpenAI has no such kind, and so no names for its faults. */
const FLAGS: CodeFlags = { runtime: 'other_error', server: 'other_error' };

export const javascript: GraderKind = {
  type: 'javascript',
  label: 'JavaScript',
  about: 'Your own rule in JavaScript, run in a sandbox.',
  group: 'code',
  runs: 'code',
  schema: graderSchema('javascript', ['source'], {
    source: {
      type: 'string',
      title: 'Source',
      format: 'javascript',
      description:
        'Defines grade(sample, item). It returns a number, true or false, null where it does not apply, or {score, passed, label, explanation, evidence: [{span_id, quote, note}]}. trace, span and handoff are globals.',
    },
    pass_threshold: PASS_THRESHOLD,
    ...limitFields(MEMORY_MB),
  }),
  example: {
    type: 'javascript',
    name: 'Searches before it answers',
    source: `function grade(sample, item) {
  const searches = trace.tool_calls.filter((call) => call.name.includes('search'));
  return {
    score: searches.length > 0 ? 1 : 0,
    explanation: \`\${searches.length} searches\`,
    evidence: searches.map((call) => ({ span_id: call.span_id })),
  };
}
`,
  },
  check: sourceProblems,
  needs: codeNeeds,
  grade: async (definition, { subject, services, signal }) =>
    verdictOf(await services.runCode(codeRequest('javascript', definition, subject, MEMORY_MB), signal), FLAGS),
};
