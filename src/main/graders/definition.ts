/** Reads a grader definition: its kind, its schema, and what only the kind can check. */
import type { GraderDefinition, GraderProblem, SubjectNeeds } from '#shared/grader.ts';
import { DIRECTIONS } from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { checkSchema } from '#shared/schema/schema-check.ts';
import { GRADER_KINDS, kindOf } from './registry.ts';
import { scopeProblems } from './scope-spec.ts';
import type { GraderKind, Inner } from './types.ts';

export type CheckedDefinition = {
  /** Null when an error keeps it from being used. */
  readonly definition: GraderDefinition | null;
  readonly kind: GraderKind | null;
  readonly problems: readonly GraderProblem[];
};

/** Graders in graders; deeper ones are no one's, but would overflow the stack. */
const DEEPEST = 4;

const checkedBefore = new WeakMap<object, CheckedDefinition>();

/** The same as `checkDefinition`, once for each definition that is graded with. */
export function checkOnce(
  definition: GraderDefinition,
  kinds: readonly GraderKind[] = GRADER_KINDS,
): CheckedDefinition {
  const known = checkedBefore.get(definition);
  if (known) return known;
  const checked = checkDefinition(definition, kinds);
  checkedBefore.set(definition, checked);
  return checked;
}

/** `depth`: how many graders this one is in. */
export function checkDefinition(
  value: Json,
  kinds: readonly GraderKind[] = GRADER_KINDS,
  depth = 0,
): CheckedDefinition {
  if (!isJsonObject(value)) return refused(null, '', 'A grader is a JSON object.');
  if (depth > DEEPEST) return refused(null, '', `Graders are at most ${DEEPEST} deep in each other.`);
  const { type } = value;
  if (typeof type !== 'string') return refused(null, '/type', `A grader names its kind in "type": ${known(kinds)}.`);
  const kind = kindOf(type, kinds);
  if (!kind) return refused(null, '/type', `There is no kind "${type.slice(0, 100)}". Known are ${known(kinds)}.`);
  // Graders in OpenAI's guides have none, although its schema asks for one.
  const name = value.name === undefined ? type : value.name;
  if (typeof name !== 'string' || name.trim() === '') return refused(kind, '/name', 'A grader has a name.');
  const written: GraderDefinition = { ...value, type, name };
  const inner = innerOf(kinds, depth + 1);
  const definition = kind.normalise?.(written, inner) ?? written;
  const bySchema = checkSchema(kind.schema, definition).problems.map(({ path, message }): GraderProblem => ({
    severity: 'error',
    path: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: `${path.length === 0 ? 'It' : path.join('.')} ${message}.`,
  }));
  const problems = [
    ...(value.name === undefined ? [nameless(name)] : []),
    ...(bySchema.length > 0 ? bySchema : [...checkCommon(definition), ...(kind.check?.(definition, inner) ?? [])]),
  ];
  const usable = problems.every(({ severity }) => severity !== 'error');
  return { definition: usable ? definition : null, kind, problems };
}

/** What the subject must hold for this definition; a definition that cannot be used needs nothing. */
export function needsOf(value: Json, kinds: readonly GraderKind[] = GRADER_KINDS, depth = 0): SubjectNeeds {
  const none = { findings: false, transcript: false };
  if (!isJsonObject(value) || typeof value.type !== 'string' || depth > DEEPEST) return none;
  const name = typeof value.name === 'string' ? value.name : value.type;
  const definition: GraderDefinition = { ...value, type: value.type, name };
  return { ...none, ...kindOf(value.type, kinds)?.needs?.(definition, innerOf(kinds, depth + 1)) };
}

function innerOf(kinds: readonly GraderKind[], depth: number): Inner {
  return {
    check: (value) => checkDefinition(value, kinds, depth),
    needs: (value) => needsOf(value, kinds, depth),
  };
}

function nameless(name: string): GraderProblem {
  return { severity: 'warning', path: '/name', message: `It has no name, and goes by "${name}".` };
}

function checkCommon(definition: GraderDefinition): GraderProblem[] {
  const { direction, pass_threshold: threshold } = definition;
  const problems: GraderProblem[] = [...scopeProblems(definition)];
  if (direction !== undefined && !DIRECTIONS.some((each) => each === direction))
    problems.push({ severity: 'error', path: '/direction', message: `The direction is ${DIRECTIONS.join(', ')}.` });
  if (threshold !== undefined && threshold !== null && !Number.isFinite(threshold))
    problems.push({ severity: 'error', path: '/pass_threshold', message: 'The threshold is a number.' });
  return problems;
}

function refused(kind: GraderKind | null, path: string, message: string): CheckedDefinition {
  return { definition: null, kind, problems: [{ severity: 'error', path, message }] };
}

function known(kinds: readonly GraderKind[]): string {
  return kinds.map(({ type }) => type).join(', ');
}
