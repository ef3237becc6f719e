/** What the kinds that look at a trajectory share: how they are described, how their fields are read, how they explain. */
import type {
  GradeEvidence,
  GraderDefinition,
  GraderKindInfo,
  GraderProblem,
  SubjectSpan,
  SubjectTrace,
} from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { graderSchema } from '../text/fields.ts';
import type { GradeContext, GraderKind, Verdict } from '../types.ts';

type Description = Pick<GraderKindInfo, 'type' | 'label' | 'about'> &
  Pick<GraderKind, 'check' | 'needs' | 'grade'> & {
    readonly required?: readonly string[];
    readonly fields: JsonObject;
    /** A definition that works, without type. */
    readonly example: JsonObject & { readonly name: string };
  };

export function trajectoryKind({ required = [], fields, example, check, ...kind }: Description): GraderKind {
  const { type } = kind;
  return {
    ...kind,
    group: 'trajectory',
    runs: 'pure',
    schema: graderSchema(type, required, fields),
    example: { type, ...example },
    check: (definition, inner) => [...unknownFields(definition, fields), ...(check?.(definition, inner) ?? [])],
  };
}

/** The same for kinds that judge a whole trace; without one they do not apply. */
export function traceKind(
  description: Omit<Description, 'grade'> & {
    readonly grade: (definition: GraderDefinition, trace: SubjectTrace, context: GradeContext) => Verdict;
  },
): GraderKind {
  return trajectoryKind({
    ...description,
    grade: (definition, context) => {
      const { trace } = context.subject;
      return trace ? description.grade(definition, trace, context) : NO_TRACE;
    },
  });
}

const NO_TRACE: Verdict = {
  status: 'not_applicable',
  explanation: 'There is no trace: this kind looks at what an agent did.',
};

/** Fields of every kind. */
const COMMON = ['type', 'name', 'description', 'direction', 'pass_threshold', 'scope', 'weight', 'tags'];

/** A misspelt field would be a rule that nobody checks. */
function unknownFields(definition: GraderDefinition, fields: JsonObject): GraderProblem[] {
  return Object.keys(definition)
    .filter((key) => !COMMON.includes(key) && !Object.hasOwn(fields, key))
    .slice(0, 20)
    .map((key) => ({
      severity: 'warning',
      path: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      message: `"${key.slice(0, 100)}" is no field of ${definition.type} and is not looked at.`,
    }));
}

// Fields --------------------------------------------------------------------------------------------------------------

/** Texts of a list; a single text is a list of one. */
export function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as readonly Json[]).filter((each) => typeof each === 'string') : [];
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

export function choiceOf<One extends string>(value: Json | undefined, choices: readonly One[], standard: One): One {
  return choices.find((each) => each === value) ?? standard;
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export const NAMES_FIELD = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
} as const satisfies JsonObject;

// Amounts -------------------------------------------------------------------------------------------------------------

/** Model calls. One that holds another with no tool or agent in between is a wrapper of it, as some frameworks have. */
export function generationsOf({ spans }: SubjectTrace): readonly SubjectSpan[] {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const around = new Set<string>();
  for (const { kind, parent_id: parent } of spans) {
    if (kind !== 'generation') continue;
    let above = parent === null ? undefined : byId.get(parent);
    while (above && above.kind !== 'tool' && above.kind !== 'agent' && !around.has(above.id)) {
      around.add(above.id);
      above = above.parent_id === null ? undefined : byId.get(above.parent_id);
    }
  }
  return spans.filter(({ id, kind }) => kind === 'generation' && !around.has(id));
}

/** Steps: model calls, tool calls and handoffs. */
export function stepsIn(trace: SubjectTrace): number {
  return generationsOf(trace).length + trace.tool_calls.length + trace.handoffs.length;
}

// Words ---------------------------------------------------------------------------------------------------------------

export function count(number: number, one: string, several = `${one}s`): string {
  return `${amount(number)} ${number === 1 ? one : several}`;
}

export function amount(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

const LONGEST_NAME = 80;
const MOST_NAMED = 5;

export function quoted(name: string): string {
  return `"${name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name}"`;
}

/** Some of them by name, the rest as a number. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map(quoted);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${amount(rest)} more` : shown.join(', ');
}

// Evidence ------------------------------------------------------------------------------------------------------------

const MOST_EVIDENCE = 50;

export function evidenceOf(
  spanIds: readonly (string | null | undefined)[],
  note: string | null = null,
): readonly GradeEvidence[] {
  const known = new Set(spanIds.filter((id) => typeof id === 'string'));
  return [...known].slice(0, MOST_EVIDENCE).map((spanId) => ({ spanId, quote: null, note }));
}

export function graded(
  score: number | boolean,
  explanation: string,
  more: Pick<Verdict, 'passed' | 'evidence' | 'subRewards' | 'notes' | 'label'> = {},
): Verdict {
  return { status: 'graded', score: Number(score), explanation, ...more };
}
