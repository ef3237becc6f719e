/**
 * Comparisons of answers as the npm package autoevals defines its heuristics, so that scores can be compared with those of
 * its users: numbers, lists and JSON by how far apart they are, instead of yes or no.
 */
import type { GraderDefinition } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';
import { renderAll, templateNeeds, templateProblems } from '../template.ts';
import type { GraderKind, Verdict } from '../types.ts';
import { errored, thresholdOf } from '../verdict.ts';
import { textEvidence } from './evidence.ts';
import { fieldText, graderSchema, PASS_THRESHOLD, TEMPLATE_HELP } from './fields.ts';
import { exactMatch, jsonDiff, listContains, numericDiff, validJson } from './metrics/comparisons.ts';

const METHODS = ['exact_match', 'numeric_diff', 'json_diff', 'list_contains', 'valid_json'] as const;
type Method = (typeof METHODS)[number];

export const comparison: GraderKind = {
  type: 'comparison',
  label: 'Comparison',
  about: 'How near a number, a list or JSON is to the expected one.',
  group: 'text',
  runs: 'pure',
  schema: graderSchema('comparison', ['input', 'method'], {
    input: {
      type: 'string',
      title: 'Input',
      description: `The value that is judged. ${TEMPLATE_HELP}`,
      format: 'template',
    },
    reference: { type: 'string', title: 'Reference', description: 'The expected value.', format: 'template' },
    method: {
      type: 'string',
      title: 'Method',
      enum: METHODS,
      description:
        'exact_match: the same JSON; numeric_diff: 1 - |a - b| / (|a| + |b|); json_diff: mean over keys and elements; list_contains: best pairs of two lists; valid_json: an object or a list.',
    },
    allow_extra: {
      type: ['boolean', 'null'],
      title: 'Others may be there',
      description: 'Of list_contains: elements that the reference lacks do no harm.',
    },
    schema: {
      type: ['object', 'boolean', 'null'],
      title: 'JSON schema',
      description: 'Of valid_json: what it must fit as well.',
      format: 'json',
    },
    pass_threshold: PASS_THRESHOLD,
  }),
  example: {
    type: 'comparison',
    name: 'About as many days as expected',
    input: '{{ sample.output_text }}',
    reference: '3',
    method: 'numeric_diff',
    pass_threshold: 0.9,
  },
  check: (definition) => [
    ...['input', 'reference'].flatMap((field) => templateProblems(fieldText(definition, field), `/${field}`)),
    ...(definition.method === 'valid_json' || typeof definition.reference === 'string'
      ? []
      : [{ severity: 'error' as const, path: '/reference', message: 'This method compares with a reference.' }]),
  ],
  needs: (definition) => templateNeeds([fieldText(definition, 'input'), fieldText(definition, 'reference')]),
  grade: (definition, { subject }) => {
    const texts = renderAll(
      { input: fieldText(definition, 'input'), reference: fieldText(definition, 'reference') },
      subject,
    );
    if (!texts.ok) return errored(...texts.error);
    const verdict = compareTexts(definition, texts.value.input, texts.value.reference);
    if (verdict.status !== 'graded') return verdict;
    const evidence = textEvidence(subject, fieldText(definition, 'input'), { quote: null, note: null });
    return {
      ...verdict,
      evidence,
      notes: { method: definition.method ?? null, pass_threshold: thresholdOf(definition) },
    };
  },
};

function compareTexts(definition: GraderDefinition, input: string, reference: string): Verdict {
  const method: Method = METHODS.find((each) => each === definition.method) ?? 'exact_match';
  if (method === 'valid_json') return checkJson(definition, input);
  if (method === 'numeric_diff') {
    const numbers = [input, reference].map((text) => (text.trim() === '' ? NaN : Number(text.trim())));
    const [a = NaN, b = NaN] = numbers;
    if (!Number.isFinite(b)) return notOf('reference', 'number', reference);
    return Number.isFinite(a)
      ? scored(numericDiff(a, b), `${String(a)} against ${String(b)}`)
      : scored(0, `"${short(input)}" is no number`);
  }
  const [a, b] = [valueOf(input), valueOf(reference)];
  if (method === 'exact_match') return scored(exactMatch(a, b), exactMatch(a, b) === 1 ? 'The same' : 'Not the same');
  if (method === 'json_diff') {
    const score = jsonDiff(a, b);
    return score === null ? tooLarge() : scored(score, 'Mean over keys and elements');
  }
  if (!Array.isArray(b)) return notOf('reference', 'list as JSON', reference);
  if (!Array.isArray(a)) return scored(0, `"${short(input)}" is no list`);
  const score = listContains(a as readonly Json[], b as readonly Json[], definition.allow_extra === true);
  return score === null ? tooLarge() : scored(score, `${String(a.length)} elements against ${String(b.length)}`);
}

function checkJson(definition: GraderDefinition, input: string): Verdict {
  const value = validJson(input);
  if (value === null) return scored(0, 'It is no JSON object or list');
  const { schema } = definition;
  if (schema === undefined || schema === null) return scored(1, 'It is JSON');
  const [problem] = checkSchema(schema, value).problems;
  if (!problem) return scored(1, 'It is JSON and fits the schema');
  return scored(0, `${problem.path.length === 0 ? 'It' : problem.path.join('.')} ${problem.message}`);
}

/** JSON where it is, else the text. */
function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function scored(score: number, explanation: string): Verdict {
  return { status: 'graded', score, explanation: `${explanation}: ${String(Number(score.toPrecision(4)))}.` };
}

function notOf(field: string, what: string, text: string): Verdict {
  return errored({ flag: 'other_error', message: `The ${field} "${short(text)}" is no ${what}.` });
}

function tooLarge(): Verdict {
  return errored({ flag: 'truncated_observation_error', message: 'There is too much to compare. Name a part of it.' });
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
