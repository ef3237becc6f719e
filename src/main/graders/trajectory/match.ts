/**
 * `trajectory_match`: the tool calls of a trace against those that were expected. The modes are those of LangChain's
 * agentevals, and `in_order` is ADK's; arguments are always the call's against the expected ones.
 */
import type { GraderDefinition, GraderProblem, Subject } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { errored } from '../verdict.ts';
import { renderTemplate, templateNeeds, templateProblems } from '../template.ts';
import type { GraderKind, Verdict } from '../types.ts';
import type { ArgumentMode, ArgumentRule } from './arguments.ts';
import { ARGUMENT_MODES } from './arguments.ts';
import type { Call, CallList, Turn } from './calls.ts';
import { callsOf, flat, readCalls } from './calls.ts';
import { choiceOf, count, evidenceOf, graded, listed, textsOf, trajectoryKind } from './kind.ts';
import type { RuleOf } from './matching.ts';
import { pairCalls } from './matching.ts';

const MATCH_MODES = ['strict', 'unordered', 'subset', 'superset', 'in_order'] as const;

const CALL_LIST: JsonObject = {
  anyOf: [
    { type: 'string', format: 'template' },
    { type: 'array', items: { type: ['string', 'object'] } },
  ],
};

export const trajectoryMatch: GraderKind = trajectoryKind({
  type: 'trajectory_match',
  label: 'Trajectory match',
  about: 'Whether the tool calls are those that were expected: the same, in any order, a part, or more than these.',
  required: ['reference'],
  fields: {
    reference: {
      ...CALL_LIST,
      title: 'Expected calls',
      description:
        'A list of tool calls ({"name", "arguments"}), a chat with tool calls, or a path to one such as {{ item.expected }}.',
    },
    mode: {
      enum: MATCH_MODES,
      default: 'strict',
      title: 'Mode',
      description:
        'strict: the same calls in the same order; in_order: the expected ones in order, others between them; unordered: the same in any order; superset: all expected ones and maybe more; subset: none but expected ones.',
    },
    arguments: {
      enum: ARGUMENT_MODES,
      default: 'exact',
      title: 'Arguments',
      description:
        'exact: the same; ignore: any; superset: all expected ones and maybe more; subset: none but expected ones.',
    },
    overrides: {
      type: 'object',
      additionalProperties: { anyOf: [{ enum: ARGUMENT_MODES }, { type: 'array', items: { type: 'string' } }] },
      title: 'Arguments of single tools',
      description: 'By name of a tool: another mode, or a list of the keys (dotted inside) that alone are compared.',
    },
    actual: {
      ...CALL_LIST,
      title: 'Calls that are judged',
      description: "The trace's tool calls unless given.",
    },
    compatibility: {
      enum: ['agentevals'],
      title: 'Compatibility',
      description:
        'agentevals: as that library does, subset turns the argument modes subset and superset round, and unordered asks for both.',
    },
  },
  example: {
    name: 'Searches, then books',
    reference: [{ name: 'search', arguments: { city: 'Oslo' } }, { name: 'book' }],
    mode: 'in_order',
    arguments: 'superset',
  },
  check: (definition) => [
    ...problemsOf(definition.reference, '/reference'),
    ...problemsOf(definition.actual, '/actual'),
  ],
  needs: (definition) =>
    templateNeeds([definition.reference, definition.actual].filter((each) => typeof each === 'string')),
  grade: (definition, { subject }) => {
    const reference = listOf(definition.reference ?? [], subject, 'reference');
    if (!reference.ok) return reference.error;
    const actual =
      definition.actual === undefined
        ? ok(callsAsList(callsOf(subject)))
        : listOf(definition.actual ?? [], subject, 'actual');
    if (!actual.ok) return actual.error;
    const verdict = verdictOf(definition, actual.value, reference.value, subject.trace?.running === true);
    return verdict.score === 0 && hidesArguments(definition, actual.value, reference.value) ? HIDDEN : verdict;
  },
});

const HIDDEN: Verdict = {
  status: 'not_applicable',
  explanation: 'The tools fit, but their arguments were not recorded, so that they cannot be compared.',
};

/** True when the verdict would be another one if arguments that nobody recorded were the expected ones. */
function hidesArguments(definition: GraderDefinition, actual: CallList, expected: CallList): boolean {
  const hidden = new Set(flat(actual).flatMap((call) => (call.arguments === null ? [call.name] : [])));
  if (!flat(expected).some((call) => call.arguments !== null && hidden.has(call.name))) return false;
  const overrides = isJsonObject(definition.overrides) ? definition.overrides : {};
  const ignored = Object.fromEntries([...hidden].map((name) => [name, 'ignore']));
  return verdictOf({ ...definition, overrides: { ...overrides, ...ignored } }, actual, expected, false).score === 1;
}

/** A list of calls in a definition: itself, or JSON at a path. */
export function listOf(value: Json, subject: Subject, field: string): Result<CallList, Verdict> {
  let given = value;
  if (typeof value === 'string') {
    const text = renderTemplate(value, subject);
    if (!text.ok) return fail(errored(...text.error));
    try {
      given = JSON.parse(text.value) as Json;
    } catch {
      given = null;
    }
  }
  const calls = readCalls(given);
  if (calls) return ok(calls);
  return fail(
    errored({ flag: 'other_error', message: `"${field}" is no list of tool calls and no chat that holds some.` }),
  );
}

export function problemsOf(value: Json | undefined, path: string): readonly GraderProblem[] {
  if (value === undefined) return [];
  if (typeof value === 'string') {
    if (value.includes('{{')) return templateProblems(value, path);
    return [{ severity: 'error', path, message: 'A text here is a path, such as {{ item.expected }}.' }];
  }
  if (readCalls(value)) return [];
  const message = 'Each entry is a name, a tool call with a "name", or a message with a "role".';
  return [{ severity: 'error', path, message }];
}

function callsAsList(calls: readonly Call[]): CallList {
  return { turns: calls.map((call) => ({ role: 'assistant', calls: [call] })), messages: false };
}

function verdictOf(definition: GraderDefinition, actual: CallList, expected: CallList, running: boolean): Verdict {
  const mode = choiceOf(definition.mode, MATCH_MODES, 'strict');
  const ruleOf = rulesOf(definition, expected);
  const compatible = definition.compatibility === 'agentevals';
  const [called, wanted] = [flat(actual), flat(expected)];
  const { found, extra, missing } = pairCalls(called, wanted, ruleOf);
  const notes = { called: called.length, expected: wanted.length, mode };
  const away = (lacking = missing, others = extra): string => {
    const parts = [
      ...(lacking.length > 0 ? [`missing ${listed(lacking.map((k) => wanted[k]?.name ?? ''))}`] : []),
      ...(others.length > 0 ? [`unexpected ${listed(others.map((k) => called[k]?.name ?? ''))}`] : []),
    ];
    return parts.length === 0 ? 'the calls are the same, but not in this order' : parts.join('; ');
  };
  const made = `${count(called.length, 'tool call')} made, ${wanted.length} expected`;
  const answer = (fits: boolean, said: string, spans: readonly number[]): Verdict =>
    running && !fits
      ? { status: 'not_applicable', explanation: `The trace is still running (${made}).` }
      : graded(fits, `${made}: ${said}.`, { evidence: evidenceOf(spans.map((k) => called[k]?.spanId)), notes });
  const all = called.map((_call, k) => k);
  switch (mode) {
    case 'superset': {
      const fits = missing.length === 0;
      // Others are allowed; those of a missing tool have other arguments.
      const names = new Set(missing.map((k) => wanted[k]?.name));
      const others = extra.filter((k) => names.has(called[k]?.name ?? ''));
      const places = found.filter((place) => place >= 0);
      return fits ? answer(true, 'all expected ones are there', places) : answer(false, away(missing, others), others);
    }
    case 'subset': {
      const fits = compatible ? pairCalls(wanted, called, ruleOf).missing.length === 0 : extra.length === 0;
      // Missing ones are allowed; those of an unexpected tool have other arguments.
      const names = new Set(extra.map((k) => called[k]?.name));
      const lacking = missing.filter((k) => names.has(wanted[k]?.name ?? ''));
      return answer(fits, fits ? 'none but expected ones' : away(lacking), fits ? all : extra);
    }
    case 'unordered': {
      const both = !compatible || pairCalls(wanted, called, ruleOf).missing.length === 0;
      const fits = missing.length === 0 && extra.length === 0 && both;
      return answer(fits, fits ? 'the same calls' : away(), fits ? all : extra);
    }
    case 'in_order': {
      const { places, first } = inOrder(called, wanted, ruleOf);
      if (first === null) return answer(true, 'the expected ones came in this order', places);
      const next = wanted[first]?.name ?? '';
      const said = `call ${first + 1} (${listed([next])}) does not come${first > 0 ? ` after ${listed([wanted[first - 1]?.name ?? ''])}` : ''}`;
      return answer(false, said, places);
    }
    case 'strict': {
      const broken =
        actual.messages && expected.messages ? byMessages(actual, expected, ruleOf) : byTurns(called, expected, ruleOf);
      if (broken === null) return answer(true, 'the same calls in the same order', all);
      const said = missing.length > 0 || extra.length > 0 ? away() : broken.said;
      return answer(false, said, broken.place === null ? [] : [broken.place]);
    }
  }
}

/** The rule for each tool; expected calls that tell of no arguments ask for none. */
function rulesOf(definition: GraderDefinition, expected: CallList): RuleOf {
  const standard: ArgumentMode = choiceOf(definition.arguments, ARGUMENT_MODES, 'exact');
  const overrides = isJsonObject(definition.overrides) ? definition.overrides : {};
  // A name alone says nothing of arguments: then any will do, for all calls of this tool.
  const silent = new Set(flat(expected).flatMap((call) => (call.arguments === null ? [call.name] : [])));
  return (name): ArgumentRule => {
    const own = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
    if (Array.isArray(own)) return textsOf(own);
    if (own !== undefined) return choiceOf(own, ARGUMENT_MODES, standard);
    return silent.has(name) ? 'ignore' : standard;
  };
}

/** A subsequence: taking the first that fits leaves the most for the rest. */
function inOrder(
  called: readonly Call[],
  wanted: readonly Call[],
  ruleOf: RuleOf,
): { places: number[]; first: number | null } {
  const places: number[] = [];
  let place = 0;
  for (const [k, call] of wanted.entries()) {
    while (place < called.length && !isPair(called[place], call, ruleOf)) place++;
    if (place === called.length) return { places, first: k };
    places.push(place++);
  }
  return { places, first: null };
}

function isPair(called: Call | undefined, wanted: Call, ruleOf: RuleOf): boolean {
  return called?.name === wanted.name && pairCalls([called], [wanted], ruleOf).missing.length === 0;
}

type Broken = { readonly said: string; readonly place: number | null };

/** As agentevals: the same roles one after the other, and in each message the same calls. */
function byMessages({ turns: actual }: CallList, { turns: expected }: CallList, ruleOf: RuleOf): Broken | null {
  if (actual.length !== expected.length)
    return { said: `${count(actual.length, 'message')} instead of ${expected.length}`, place: null };
  let place = 0;
  for (const [k, turn] of actual.entries()) {
    const want = expected[k];
    if (turn.role !== want?.role || !sameCalls(turn, want, ruleOf))
      return { said: `message ${k + 1} differs`, place: turn.calls.length > 0 ? place : null };
    place += turn.calls.length;
  }
  return null;
}

/** A trace does not tell which calls were asked for at once: those of one expected message may come in any order. */
function byTurns(called: readonly Call[], { turns }: CallList, ruleOf: RuleOf): Broken | null {
  let place = 0;
  for (const turn of turns) {
    if (turn.calls.length === 0) continue;
    const mine: Turn = { role: turn.role, calls: called.slice(place, place + turn.calls.length) };
    if (!sameCalls(mine, turn, ruleOf)) {
      const said = `from call ${place + 1} on they are others, or in another order`;
      return { said, place: Math.min(place, called.length - 1) };
    }
    place += turn.calls.length;
  }
  return place === called.length ? null : { said: `from call ${place + 1} on nothing was expected`, place };
}

function sameCalls(one: Turn, other: Turn, ruleOf: RuleOf): boolean {
  if (one.calls.length !== other.calls.length) return false;
  return one.calls.length === 0 || pairCalls(one.calls, other.calls, ruleOf).missing.length === 0;
}
