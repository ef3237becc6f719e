/** OpenAI's `string_check`: equal or not, contained or not. `like` means contains, and no pattern of SQL. */
import type { GraderDefinition, Subject } from '#shared/grader.ts';
import { renderAll, templateNeeds, templateProblems } from '../template.ts';
import type { GraderKind, Verdict } from '../types.ts';
import { errored } from '../verdict.ts';
import { foldCase } from './fold-case.ts';
import { textEvidence } from './evidence.ts';
import { fieldText, graderSchema, TEMPLATE_HELP } from './fields.ts';

const OPERATIONS = ['eq', 'ne', 'like', 'ilike'] as const;
type Operation = (typeof OPERATIONS)[number];

export const stringCheck: GraderKind = {
  type: 'string_check',
  label: 'String check',
  about: 'Whether a text equals, differs from or contains another.',
  group: 'text',
  runs: 'pure',
  schema: graderSchema('string_check', ['input', 'reference', 'operation'], {
    input: {
      type: 'string',
      title: 'Input',
      description: `The text that is judged. ${TEMPLATE_HELP}`,
      format: 'template',
    },
    reference: { type: 'string', title: 'Reference', description: 'What it is compared with.', format: 'template' },
    operation: {
      type: 'string',
      title: 'Operation',
      enum: OPERATIONS,
      description:
        'eq: equal; ne: not equal; like: input contains reference; ilike: the same, upper and lower case alike.',
    },
  }),
  example: {
    type: 'string_check',
    name: 'Answer names the city',
    input: '{{ sample.output_text }}',
    reference: 'Paris',
    operation: 'ilike',
  },
  /** A page of OpenAI's guide once writes `neq`. */
  normalise: (definition) => (definition.operation === 'neq' ? { ...definition, operation: 'ne' } : definition),
  check: (definition) =>
    ['input', 'reference'].flatMap((field) => templateProblems(fieldText(definition, field), `/${field}`)),
  needs: (definition) => templateNeeds([fieldText(definition, 'input'), fieldText(definition, 'reference')]),
  grade: (definition, { subject }) => {
    const texts = renderAll(
      { input: fieldText(definition, 'input'), reference: fieldText(definition, 'reference') },
      subject,
    );
    if (!texts.ok) return errored(...texts.error);
    return verdictOf(definition, subject, texts.value.input, texts.value.reference);
  },
};

function verdictOf(definition: GraderDefinition, subject: Subject, input: string, reference: string): Verdict {
  const operation = OPERATIONS.find((each) => each === definition.operation) ?? 'eq';
  const fits = compare(operation, input, reference);
  return {
    status: 'graded',
    score: fits ? 1 : 0,
    explanation: explain(operation, fits, reference),
    evidence: textEvidence(subject, fieldText(definition, 'input'), {
      quote: operation === 'eq' || operation === 'ne' ? input : reference,
      note: fits ? null : explain(operation, fits, reference),
    }),
  };
}

export function compare(operation: Operation, input: string, reference: string): boolean {
  if (operation === 'eq') return input === reference;
  if (operation === 'ne') return input !== reference;
  if (operation === 'like') return input.includes(reference);
  return foldCase(input).includes(foldCase(reference));
}

function explain(operation: Operation, fits: boolean, reference: string): string {
  const what = JSON.stringify(reference.length > 80 ? `${reference.slice(0, 80)}…` : reference);
  if (operation === 'eq' || operation === 'ne')
    return `The input ${fits === (operation === 'eq') ? 'equals' : 'differs from'} ${what}.`;
  return `The input ${fits ? 'contains' : 'does not contain'} ${what}${operation === 'ilike' ? ', in any case' : ''}.`;
}
