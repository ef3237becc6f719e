/** `handoff`: which agents must, must not or may hand to which. */
import type { SubjectEdge } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { GraderKind } from '../types.ts';
import { nameTest } from './calls.ts';
import { amount, count, evidenceOf, graded, objectsOf, traceKind } from './kind.ts';

const PAIRS: JsonObject = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      from: {
        type: 'string',
        minLength: 1,
        title: 'From',
        description: 'Any agent unless given; * stands for any text.',
      },
      to: { type: 'string', minLength: 1, title: 'To', description: 'Any agent unless given.' },
    },
  },
};

export const handoff: GraderKind = traceKind({
  type: 'handoff',
  label: 'Handoffs',
  about: 'Whether the expected agents handed over to each other, and no others did.',
  fields: {
    expected: { ...PAIRS, title: 'Expected', description: 'Each happens once or more.' },
    forbidden: { ...PAIRS, title: 'Forbidden', description: 'None of them happens.' },
    in_order: {
      type: 'boolean',
      default: false,
      title: 'In this order',
      description: 'The expected ones follow each other as listed.',
    },
    no_others: { type: 'boolean', default: false, title: 'No others', description: 'Only expected handoffs happen.' },
    agent_calls: {
      type: 'boolean',
      default: false,
      title: 'Agents as tools too',
      description: 'An agent that another one calls counts as a handoff.',
    },
  },
  example: {
    name: 'Refunds go to the refund agent',
    expected: [{ from: 'Triage', to: 'Refunds' }],
    forbidden: [{ from: 'Refunds', to: 'Triage' }],
  },
  check: ({ expected, forbidden, no_others: only }) =>
    objectsOf(expected).length + objectsOf(forbidden).length > 0 || only === true
      ? []
      : [{ severity: 'error', path: '', message: 'There is no rule: give expected or forbidden handoffs.' }],
  grade: (definition, trace) => {
    const kinds = definition.agent_calls === true ? ['handoff', 'agent_call'] : ['handoff'];
    const edges = trace.edges.filter(({ kind }) => kinds.includes(kind));
    const expected = objectsOf(definition.expected);
    const missing =
      definition.in_order === true
        ? missingInOrder(edges, expected)
        : expected.filter((pair) => !edges.some(pairTest(pair)));
    const tests = expected.map(pairTest);
    const forbidden = objectsOf(definition.forbidden).map(pairTest);
    const wrong = edges.filter(
      (edge) =>
        forbidden.some((test) => test(edge)) || (definition.no_others === true && !tests.some((test) => test(edge))),
    );
    const all = `${count(edges.length, 'handoff')} in the trace`;
    if (trace.running && missing.length > 0 && wrong.length === 0)
      return {
        status: 'not_applicable',
        explanation: `The trace is still running; ${missing.map(said).join(', ')} may yet come.`,
      };
    const rules = expected.length + forbidden.length + (definition.no_others === true ? 1 : 0);
    const parts = [
      ...(missing.length > 0 ? [`not there: ${missing.slice(0, 5).map(said).join(', ')}`] : []),
      ...(wrong.length > 0 ? [`not allowed: ${distinct(wrong).join(', ')} (${amount(wrong.length)} in all)`] : []),
    ];
    const bad = missing.length + (wrong.length > 0 ? 1 : 0);
    return graded(
      Math.max(0, rules - bad) / rules,
      parts.length === 0 ? `${all}, all as expected.` : `${all}; ${parts.join('; ')}.`,
      {
        passed: parts.length === 0,
        evidence: evidenceOf(
          (wrong.length > 0 ? wrong : edges.filter((edge) => tests.some((test) => test(edge)))).map(
            ({ span_id: id }) => id,
          ),
        ),
      },
    );
  },
});

function pairTest({ from, to }: JsonObject): (edge: SubjectEdge) => boolean {
  const [one, other] = [agentTest(from), agentTest(to)];
  return (edge) => one(agentOf(edge.from)) && other(agentOf(edge.to));
}

function agentTest(name: Json | undefined): (name: string) => boolean {
  return typeof name === 'string' ? nameTest(name) : () => true;
}

/** The first of the pairs that does not come after those before it, and all behind it. */
function missingInOrder(edges: readonly SubjectEdge[], expected: readonly JsonObject[]): readonly JsonObject[] {
  let place = 0;
  for (const [k, pair] of expected.entries()) {
    const test = pairTest(pair);
    const found = edges.findIndex((edge, at) => at >= place && test(edge));
    if (found < 0) return expected.slice(k);
    place = found + 1;
  }
  return [];
}

export function agentOf(nodeId: string): string {
  return nodeId.slice(nodeId.indexOf(':') + 1);
}

function said({ from, to }: JsonObject): string {
  return `${typeof from === 'string' ? from.slice(0, 80) : 'anyone'} → ${typeof to === 'string' ? to.slice(0, 80) : 'anyone'}`;
}

function distinct(edges: readonly SubjectEdge[]): string[] {
  return [...new Set(edges.map(({ from, to }) => said({ from: agentOf(from), to: agentOf(to) })))].slice(0, 5);
}
