/**
 * OpenAI's `multi`: a formula over the scores of other graders. Three shapes of `graders` are about: an object keyed by
 * variable (the guide, and every real one), a list (the specification's example) and a single grader (the generated types).
 */
import type { Grade, GradeEvidence, GraderDefinition, GraderProblem } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { FUNCTION_NAMES, parseFormula } from './expression.ts';
import { fieldText, graderSchema, PASS_THRESHOLD } from './text/fields.ts';
import type { GradeContext, GraderKind, Inner, Verdict } from './types.ts';
import { errored, notApplicable } from './verdict.ts';

const MOST_GRADERS = 100;
const MOST_EVIDENCE = 20;

type Part = {
  /** Its name in the formula, in `sub_rewards` and in evidence. */
  readonly name: string;
  /** JSON pointer within the definition. */
  readonly path: string;
  readonly definition: Json;
};

export const multi: GraderKind = {
  type: 'multi',
  label: 'Formula of graders',
  about: 'A formula over the scores of other graders.',
  group: 'combined',
  runs: 'pure',
  schema: graderSchema('multi', ['graders', 'calculate_output'], {
    graders: {
      type: ['object', 'array'],
      title: 'Graders',
      format: 'graders',
      description: 'Each by the name that it has in the formula.',
    },
    calculate_output: {
      type: 'string',
      title: 'Formula',
      format: 'formula',
      description: `Numbers, names of graders, + - * / ^ ( ) and ${FUNCTION_NAMES.join(', ')}.`,
    },
    pass_threshold: PASS_THRESHOLD,
  }),
  example: {
    type: 'multi',
    name: 'Names the city, and says it as expected',
    graders: {
      city: {
        type: 'string_check',
        name: 'city',
        input: '{{ sample.output_text }}',
        reference: 'Paris',
        operation: 'ilike',
      },
      wording: {
        type: 'text_similarity',
        name: 'wording',
        input: '{{ sample.output_text }}',
        reference: 'The capital of France is Paris.',
        evaluation_metric: 'rouge_l',
      },
    },
    calculate_output: '0.8 * city + 0.2 * wording',
  },
  normalise: (definition, inner) => {
    const { graders } = definition;
    const usual = (each: Json): Json => inner.check(each).definition ?? each;
    if (Array.isArray(graders)) return { ...definition, graders: (graders as readonly Json[]).map(usual) };
    if (!isJsonObject(graders)) return definition;
    if (isSingle(graders)) return { ...definition, graders: usual(graders) };
    const named = Object.entries(graders).map(([name, each]): [string, Json] => [
      name,
      usual(isJsonObject(each) && each.name === undefined ? { ...each, name } : each),
    ]);
    return { ...definition, graders: Object.fromEntries(named) };
  },
  check: (definition, inner) => checkMulti(definition, inner),
  needs: (definition, inner) => {
    const needs = partsOf(definition).map((part) => inner.needs(part.definition));
    return { findings: needs.some((each) => each.findings), transcript: needs.some((each) => each.transcript) };
  },
  grade: (definition, context) => gradeMulti(definition, context),
};

function isSingle(graders: JsonObject): boolean {
  return typeof graders.type === 'string';
}

/** The graders with the names that a formula knows them by. */
function partsOf({ graders }: GraderDefinition): readonly Part[] {
  if (isJsonObject(graders) && !isSingle(graders))
    return Object.entries(graders).map(([name, definition]) => ({
      name,
      path: `/graders/${pointer(name)}`,
      definition,
    }));
  const list = Array.isArray(graders) ? (graders as readonly Json[]) : isJsonObject(graders) ? [graders] : [];
  const taken = new Set<string>();
  return list.map((definition, at) => {
    const base = identifier(isJsonObject(definition) ? definition.name : undefined) ?? `grader_${String(at + 1)}`;
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${String(number)}`;
    taken.add(name);
    return { name, path: Array.isArray(graders) ? `/graders/${String(at)}` : '/graders', definition };
  });
}

function pointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** `Exact answer (v2)` becomes `Exact_answer_v2`. */
function identifier(name: Json | undefined): string | null {
  if (typeof name !== 'string') return null;
  const words = name.match(/[\p{L}\p{N}_]+/gu)?.join('_') ?? '';
  if (words === '') return null;
  return /^\p{N}/u.test(words) ? `_${words}` : words;
}

/**
 * The specification's own example has a list, and calls its members `text_similarity_score` and `string_check_score`: a kind
 * that is there once goes by that name as well, in a list or alone.
 */
function otherNames({ graders }: GraderDefinition, parts: readonly Part[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (isJsonObject(graders) && !isSingle(graders)) return names;
  const typeOf = ({ definition }: Part): string =>
    isJsonObject(definition) && typeof definition.type === 'string' ? definition.type : '';
  const own = new Set(parts.map(({ name }) => name));
  for (const part of parts) {
    const alias = `${typeOf(part)}_score`;
    const alone = parts.filter((each) => typeOf(each) === typeOf(part)).length === 1;
    if (alone && !own.has(alias)) names.set(alias, part.name);
  }
  return names;
}

function checkMulti(definition: GraderDefinition, inner: Inner): readonly GraderProblem[] {
  const parts = partsOf(definition);
  if (parts.length === 0) return [problem('/graders', 'A multi grader holds at least one grader.')];
  if (parts.length > MOST_GRADERS)
    return [problem('/graders', `A multi grader holds at most ${String(MOST_GRADERS)} graders.`)];
  const problems = parts.flatMap(({ definition: each, path }): readonly GraderProblem[] =>
    isJsonObject(each) && each.type === 'multi'
      ? [problem(`${path}/type`, 'A multi grader cannot hold another one.')]
      : inner.check(each).problems.map((found) => ({ ...found, path: `${path}${found.path}` })),
  );
  const path = '/calculate_output';
  const formula = parseFormula(fieldText(definition, 'calculate_output'));
  if (!formula.ok) return [...problems, problem(path, formula.error.message, formula.error.flag)];
  const known = new Set([...parts.map(({ name }) => name), ...otherNames(definition, parts).keys()]);
  const unknown = formula.value.names.filter((name) => !known.has(name));
  const unused = parts.filter(({ name }) => !usedNames(definition, parts, formula.value.names).has(name));
  return [
    ...problems,
    ...unknown.map((name) =>
      problem(path, `There is no grader "${name}": there are ${[...known].join(', ')}.`, 'invalid_variable_error'),
    ),
    ...unused.map(({ name, path: at }): GraderProblem => ({
      severity: 'warning',
      path: at,
      message: `The formula does not use "${name}".`,
    })),
  ];
}

function usedNames(
  definition: GraderDefinition,
  parts: readonly Part[],
  names: readonly string[],
): ReadonlySet<string> {
  const others = otherNames(definition, parts);
  return new Set(names.map((name) => others.get(name) ?? name));
}

function problem(path: string, message: string, flag?: GraderProblem['flag']): GraderProblem {
  return { severity: 'error', path, message, ...(flag === undefined ? {} : { flag }) };
}

async function gradeMulti(definition: GraderDefinition, { grade }: GradeContext): Promise<Verdict> {
  const parts = partsOf(definition);
  const formula = parseFormula(fieldText(definition, 'calculate_output'));
  if (!formula.ok) return errored(formula.error);
  const graded = await Promise.all(
    parts.map(async (part) => ({ name: part.name, grade: await grade(part.definition as GraderDefinition) })),
  );
  const common = {
    // Defined one by one, so that a grader named __proto__ is one like any other.
    subRewards: Object.fromEntries(graded.map(({ name, grade: { score } }) => [name, score])),
    usage: graded.flatMap(({ grade: { usage } }) => usage),
    evidence: graded.flatMap(named).slice(0, MOST_EVIDENCE),
    notes: Object.fromEntries(
      graded.flatMap(({ name, grade: { notes } }) => (Object.keys(notes).length === 0 ? [] : [[name, notes]])),
    ),
  };
  const errors = graded.flatMap(({ name, grade: each }) =>
    each.errors.map(({ flag, message }) => ({ flag, message: `${name}: ${message}` })),
  );
  if (errors.length > 0) return { ...common, ...errored(...errors) };
  const used = usedNames(definition, parts, formula.value.names);
  const without = graded.find(({ name, grade: { score } }) => used.has(name) && score === null);
  if (without) {
    const why = without.grade.explanation === '' ? 'it gave no score' : without.grade.explanation;
    return { ...common, ...notApplicable(`${without.name} does not apply: ${why}`) };
  }
  const values = new Map(
    graded.flatMap(({ name, grade: { score } }) => (score === null ? [] : [[name, score] as const])),
  );
  for (const [alias, name] of otherNames(definition, parts)) {
    const value = values.get(name);
    if (value !== undefined) values.set(alias, value);
  }
  const result = formula.value.evaluate(values);
  if (!result.ok) return { ...common, ...errored(result.error) };
  const scores = graded.map(
    ({ name, grade: { score } }) => `${name} ${score === null ? 'does not apply' : round(score)}`,
  );
  return {
    ...common,
    status: 'graded',
    score: result.value,
    explanation: `${scores.join(', ')}: together ${round(result.value)}.`,
  };
}

function named({ name, grade }: { readonly name: string; readonly grade: Grade }): readonly GradeEvidence[] {
  return grade.evidence.map((each) => ({ ...each, note: each.note === null ? name : `${name}: ${each.note}` }));
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
