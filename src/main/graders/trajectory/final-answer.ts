/** `final_answer`: what the agent answered in the end, against a text, a pattern, a schema, a number or a JSON value. */
import type { GraderDefinition, GraderProblem, Subject } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { compilePattern } from '#shared/schema/schema-pattern.ts';
import { renderTemplate, templateNeeds, templateProblems } from '../template.ts';
import { textEvidence } from '../text/evidence.ts';
import type { GraderKind, Verdict } from '../types.ts';
import { errored, thresholdOf } from '../verdict.ts';
import { checkJsonDiff, checkJsonSchema, checkNumber, checkTexts } from './answer-checks.ts';
import { choiceOf, graded, numberOf, textOf, trajectoryKind } from './kind.ts';

const CHECKS = [
  'exact',
  'contains',
  'contains_any',
  'contains_none',
  'regex',
  'json_schema',
  'json_diff',
  'numeric',
] as const;

const INPUT = '{{ sample.output_text }}';
const WHICH = ['last', 'first', 'only'] as const;

export const finalAnswer: GraderKind = trajectoryKind({
  type: 'final_answer',
  label: 'Final answer',
  about: 'Whether the final answer is, contains or matches what was expected: text, pattern, JSON or number.',
  required: ['check'],
  fields: {
    check: {
      enum: CHECKS,
      title: 'Check',
      description:
        'exact: equals the reference, or one of several; contains: holds all of them; contains_any: one; contains_none: none; regex: matches the pattern; json_schema: is JSON that fits; json_diff: how much of a JSON value is the same; numeric: a number within a tolerance.',
    },
    reference: {
      title: 'Reference',
      description: 'A text or a list of texts, a number, or a JSON value. Paths in {{ … }} are filled in.',
    },
    pattern: {
      type: 'string',
      title: 'Pattern',
      description: 'For regex: found anywhere in the answer unless it has ^ and $.',
    },
    schema: { type: ['object', 'boolean'], title: 'JSON schema', description: 'For json_schema.' },
    ignore_case: { type: 'boolean', default: false, title: 'Upper and lower case alike', description: 'For texts.' },
    trim: { type: 'boolean', default: true, title: 'Without space around', description: 'For exact.' },
    tolerance: {
      type: 'number',
      minimum: 0,
      title: 'Tolerance',
      description: 'For numeric: so much more or less. Without one: none.',
    },
    relative_tolerance: {
      type: 'number',
      minimum: 0,
      title: 'Relative tolerance',
      description: 'For numeric: 0.01 = one per cent of the reference. The wider of both counts.',
    },
    which_number: {
      enum: WHICH,
      default: 'last',
      title: 'Which number',
      description: 'For numeric, where the answer has several; only: it must have just one.',
    },
    input: {
      type: 'string',
      format: 'template',
      default: INPUT,
      title: 'Input',
      description: 'What is checked, unless it is the final answer.',
    },
    pass_threshold: {
      type: ['number', 'null'],
      title: 'Passes from',
      description: 'For json_diff. Without one: 1, which is the same value.',
    },
  },
  example: { name: 'Answer names the city', check: 'contains', reference: 'Oslo', ignore_case: true },
  check: problemsOf,
  needs: (definition) => templateNeeds(templatesOf(definition).map(([, template]) => template)),
  grade: (definition, { subject }) => {
    const template = typeof definition.input === 'string' ? definition.input : INPUT;
    const input = renderTemplate(template, subject);
    if (!input.ok) return errored(...input.error);
    const reference = filled(definition.reference ?? null, subject);
    if (!reference.ok) return reference.error;
    if (subject.trace?.running)
      return { status: 'not_applicable', explanation: 'The trace is still running: there is no final answer yet.' };
    return placed(verdictOf(definition, input.value, reference.value), subject, template);
  },
});

/** With the span that gave the answer. */
function placed(verdict: Verdict, subject: Subject, template: string): Verdict {
  if (verdict.status !== 'graded') return verdict;
  const quotes = verdict.evidence ?? [];
  const given = quotes.length > 0 ? quotes : [{ quote: null, note: null }];
  return { ...verdict, evidence: given.flatMap((said) => textEvidence(subject, template, said)) };
}

function verdictOf(definition: GraderDefinition, input: string, reference: Json): Verdict {
  const check = choiceOf(definition.check, CHECKS, 'exact');
  switch (check) {
    case 'regex': {
      const matches = compilePattern(textOf(definition.pattern));
      if (!matches) return errored({ flag: 'other_error', message: NOT_A_PATTERN });
      const fits = matches(input);
      return graded(fits, `The answer ${fits ? 'matches' : 'does not match'} ${JSON.stringify(definition.pattern)}.`);
    }
    case 'json_schema':
      return checkJsonSchema(input, definition.schema ?? true);
    case 'json_diff':
      return checkJsonDiff(
        input,
        reference,
        typeof definition.pass_threshold === 'number' ? thresholdOf(definition) : 1,
      );
    case 'numeric':
      return checkNumber(input, reference, {
        absolute: numberOf(definition.tolerance) ?? 0,
        relative: numberOf(definition.relative_tolerance) ?? 0,
        which: choiceOf(definition.which_number, WHICH, 'last'),
      });
    case 'exact':
    case 'contains':
    case 'contains_any':
    case 'contains_none':
      return checkTexts(check, input, Array.isArray(reference) ? (reference as readonly Json[]) : [reference], {
        ignoreCase: definition.ignore_case === true,
        trim: definition.trim !== false,
        quotes: definition.input === undefined || definition.input === INPUT,
      });
  }
}

const NOT_A_PATTERN =
  'The pattern is not understood: look-around, back references and classes of characters by property are not.';

function problemsOf(definition: GraderDefinition): readonly GraderProblem[] {
  const check = choiceOf(definition.check, CHECKS, 'exact');
  const problems: GraderProblem[] = templatesOf(definition).flatMap(([path, template]) =>
    templateProblems(template, path),
  );
  const missing = (field: string): void => {
    problems.push({ severity: 'error', path: `/${field}`, message: `The check ${check} needs "${field}".` });
  };
  if (check === 'regex') {
    if (typeof definition.pattern !== 'string') missing('pattern');
    else if (!compilePattern(definition.pattern))
      problems.push({ severity: 'error', path: '/pattern', message: NOT_A_PATTERN });
  } else if (check === 'json_schema') {
    if (definition.schema === undefined) missing('schema');
  } else if (definition.reference === undefined) missing('reference');
  else if (Array.isArray(definition.reference) && definition.reference.length === 0 && check !== 'json_diff')
    problems.push({
      severity: 'error',
      path: '/reference',
      message: 'The list is empty: there is nothing to compare with.',
    });
  return problems;
}

/** Texts with paths to fill in, by their place. */
function templatesOf({ input, reference }: JsonObject): readonly (readonly [path: string, template: string])[] {
  const list: (readonly [string, string])[] = typeof input === 'string' ? [['/input', input]] : [];
  const visit = (value: Json, path: string, depth: number): void => {
    if (typeof value === 'string') list.push([path, value]);
    else if (depth > 20 || list.length > 1_000) return;
    else if (Array.isArray(value))
      (value as readonly Json[]).forEach((each, k) => {
        visit(each, `${path}/${k}`, depth + 1);
      });
    else if (isJsonObject(value))
      for (const [key, each] of Object.entries(value))
        visit(each, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
  };
  visit(reference ?? null, '/reference', 0);
  return list;
}

/** With the paths in its texts filled in. */
function filled(value: Json, subject: Subject): Result<Json, Verdict> {
  if (typeof value === 'string') {
    const text = renderTemplate(value, subject);
    return text.ok ? ok(text.value) : fail(errored(...text.error));
  }
  if (Array.isArray(value)) {
    const list: Json[] = [];
    for (const each of value as readonly Json[]) {
      const one = filled(each, subject);
      if (!one.ok) return one;
      list.push(one.value);
    }
    return ok(list);
  }
  if (!isJsonObject(value)) return ok(value);
  const entries: [string, Json][] = [];
  for (const [key, each] of Object.entries(value)) {
    const one = filled(each, subject);
    if (!one.ok) return one;
    entries.push([key, one.value]);
  }
  return ok(Object.fromEntries(entries));
}
