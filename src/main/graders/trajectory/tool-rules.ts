/** `tool_rules`: which tools must, must not or may be called, in what order and how often. */
import type { SubjectCall, SubjectTrace } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { GraderKind } from '../types.ts';
import { nameTest } from './calls.ts';
import {
  amount,
  choiceOf,
  count,
  evidenceOf,
  graded,
  NAMES_FIELD,
  numberOf,
  objectsOf,
  quoted,
  textOf,
  textsOf,
  traceKind,
} from './kind.ts';

const ORDERS = ['before', 'only_after', 'followed_by'] as const;

export const toolRules: GraderKind = traceKind({
  type: 'tool_rules',
  label: 'Tool rules',
  about: 'Which tools must or must not be called, in what order, and how often.',
  fields: {
    required: {
      ...NAMES_FIELD,
      title: 'Required tools',
      description: 'Each is called once or more. * stands for any text.',
    },
    forbidden: { ...NAMES_FIELD, title: 'Forbidden tools', description: 'None of them is called.' },
    allowed: { ...NAMES_FIELD, title: 'Allowed tools', description: 'No other tool is called.' },
    order: {
      type: 'array',
      title: 'Order',
      items: {
        type: 'object',
        required: ['first', 'then'],
        properties: {
          first: { type: 'string', minLength: 1, title: 'First' },
          then: { type: 'string', minLength: 1, title: 'Then' },
          rule: {
            enum: ORDERS,
            default: 'before',
            title: 'Rule',
            description:
              'before: both are called, the first one earlier; only_after: the second one is never called without the first one before it; followed_by: after each first one a second one comes.',
          },
        },
      },
    },
    counts: {
      type: 'array',
      title: 'Counts',
      items: {
        type: 'object',
        required: ['tool'],
        properties: {
          tool: { type: 'string', minLength: 1, title: 'Tool', description: '* = all tools together.' },
          min: { type: 'integer', minimum: 0, title: 'At least' },
          max: { type: 'integer', minimum: 0, title: 'At most' },
        },
      },
    },
    agents: { ...NAMES_FIELD, title: 'Agents', description: 'Only calls of these agents are looked at.' },
  },
  example: {
    name: 'Searches before it books',
    required: ['search'],
    forbidden: ['delete_*'],
    order: [{ first: 'search', then: 'book', rule: 'only_after' }],
    counts: [{ tool: 'search', max: 5 }],
  },
  check: (definition) =>
    ['required', 'forbidden', 'allowed', 'order', 'counts'].some((field) => isFilled(definition[field]))
      ? []
      : [
          {
            severity: 'error',
            path: '',
            message: 'There is no rule: give required, forbidden, allowed, order or counts.',
          },
        ],
  grade: (definition, trace) => {
    const agents = textsOf(definition.agents).map(nameTest);
    const calls = trace.tool_calls.filter(
      ({ agent }) => agents.length === 0 || (agent !== null && agents.some((test) => test(agent))),
    );
    const rules = rulesOf(definition, calls, trace);
    const open = rules.filter(({ kept }) => kept === null);
    const broken = rules.filter(({ kept }) => kept === false);
    if (broken.length === 0 && open.length > 0)
      return {
        status: 'not_applicable',
        explanation: `The trace is still running: ${open.map(({ said }) => said).join('; ')}.`,
      };
    const kept = rules.length - broken.length - open.length;
    return graded(
      kept / rules.length,
      broken.length === 0
        ? `${rules.length === 1 ? 'The rule is' : `All ${amount(rules.length)} rules are`} kept in ${count(calls.length, 'tool call')}.`
        : `${amount(broken.length)} of ${count(rules.length, 'rule')} broken: ${broken
            .slice(0, 3)
            .map(({ said }) => said)
            .join('; ')}.`,
      {
        passed: broken.length === 0,
        evidence: (broken.length > 0 ? broken : rules)
          .flatMap(({ spans, said }) => evidenceOf(spans, said))
          .slice(0, 50),
        subRewards: Object.fromEntries(rules.map((rule) => [rule.name, rule.kept === null ? null : Number(rule.kept)])),
      },
    );
  },
});

type Rule = {
  readonly name: string;
  /** Null = not yet: the trace is still running. */
  readonly kept: boolean | null;
  readonly said: string;
  readonly spans: readonly string[];
};

function rulesOf(definition: JsonObject, calls: readonly SubjectCall[], { running }: SubjectTrace): readonly Rule[] {
  /** What has not happened yet may still happen. */
  const soFar = (kept: boolean): boolean | null => (kept || !running ? kept : null);
  const called = (name: string): readonly SubjectCall[] => {
    const test = nameTest(name);
    return calls.filter((call) => test(call.name));
  };
  const spans = (list: readonly SubjectCall[]): readonly string[] => list.slice(0, 50).map(({ span_id: id }) => id);
  const required = textsOf(definition.required).map((name): Rule => {
    const found = called(name);
    const kept = soFar(found.length > 0);
    const said = found.length > 0 ? `${quoted(name)} was called` : `${quoted(name)} was not called`;
    return { name: `required ${name}`, kept, said, spans: spans(found.slice(0, 1)) };
  });
  const forbidden = textsOf(definition.forbidden).map((name): Rule => {
    const found = called(name);
    const said =
      found.length === 0 ? `${quoted(name)} was not called` : `${quoted(name)} was called ${times(found.length)}`;
    return { name: `forbidden ${name}`, kept: found.length === 0, said, spans: spans(found) };
  });
  const allowed = textsOf(definition.allowed);
  const tests = allowed.map(nameTest);
  const others = allowed.length === 0 ? [] : calls.filter(({ name }) => !tests.some((test) => test(name)));
  const only: readonly Rule[] =
    allowed.length === 0
      ? []
      : [
          {
            name: 'allowed',
            kept: others.length === 0,
            said:
              others[0] === undefined
                ? 'only allowed tools were called'
                : `${quoted(others[0].name)} is not among the allowed tools (${times(others.length)} in all)`,
            spans: spans(others),
          },
        ];
  const order = objectsOf(definition.order).map((rule) => orderRule(rule, calls, soFar));
  const counts = objectsOf(definition.counts).map((rule): Rule => {
    const tool = textOf(rule.tool);
    const found = called(tool);
    const [min, max] = [numberOf(rule.min), numberOf(rule.max)];
    const few = min !== null && found.length < min;
    const many = max !== null && found.length > max;
    const bounds = [...(min === null ? [] : [`at least ${min}`]), ...(max === null ? [] : [`at most ${max}`])];
    const said = `${tool === '*' ? 'tools were' : `${quoted(tool)} was`} called ${times(found.length)}, ${bounds.join(' and ')} allowed`;
    return {
      name: `count ${tool}`,
      kept: many ? false : few ? soFar(false) : true,
      said: few ? said.replace('allowed', 'wanted') : said,
      spans: many ? spans(found.slice(max ?? 0)) : spans(found),
    };
  });
  return [...required, ...forbidden, ...only, ...order, ...counts];
}

function orderRule(rule: JsonObject, calls: readonly SubjectCall[], soFar: (kept: boolean) => boolean | null): Rule {
  const [first, then] = [textOf(rule.first), textOf(rule.then)];
  const kind = choiceOf(rule.rule, ORDERS, 'before');
  const [isFirst, isThen] = [nameTest(first), nameTest(then)];
  const name = `${first} ${kind} ${then}`;
  const from = calls.findIndex((call) => isFirst(call.name));
  const answer = (kept: boolean | null, said: string, ...places: readonly number[]): Rule => ({
    name,
    kept,
    said,
    spans: places.flatMap((place) => calls[place]?.span_id ?? []),
  });
  switch (kind) {
    case 'before': {
      const to = calls.findIndex((call, k) => isThen(call.name) && k !== from);
      if (from < 0 || to < 0) {
        const missing = from < 0 ? first : then;
        return answer(
          from < 0 && to >= 0 ? false : soFar(false),
          `${quoted(missing)} was not called`,
          Math.max(from, to),
        );
      }
      return from < to
        ? answer(true, `${quoted(first)} was called before ${quoted(then)}`, from, to)
        : answer(false, `${quoted(then)} was called before ${quoted(first)}`, to, from);
    }
    case 'only_after': {
      const early = calls.findIndex((call, k) => isThen(call.name) && (from < 0 || k <= from) && k !== from);
      return early < 0
        ? answer(true, `${quoted(then)} was never called before ${quoted(first)}`)
        : answer(false, `${quoted(then)} was called without ${quoted(first)} before it`, early);
    }
    case 'followed_by': {
      const last = calls.findLastIndex((call) => isFirst(call.name));
      const after = calls.findIndex((call, k) => k > last && isThen(call.name));
      if (last < 0) return answer(true, `${quoted(first)} was never called`);
      return after >= 0
        ? answer(true, `after ${quoted(first)} came ${quoted(then)}`, last, after)
        : answer(soFar(false), `after ${quoted(first)} no ${quoted(then)} came`, last);
    }
  }
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${amount(number)} times`;
}

function isFilled(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : isJsonObject(value);
}
