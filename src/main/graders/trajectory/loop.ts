/** `loop`: the same thing over and over, told by equal tool calls and by rounds of the same steps. */
import type { SubjectTrace } from '#shared/grader.ts';
import { canonical } from '#shared/schema/schema-values.ts';
import type { GraderKind } from '../types.ts';
import { amount, evidenceOf, graded, listed, numberOf, quoted, textsOf, traceKind } from './kind.ts';
import { nameTest } from './calls.ts';

const LONGEST_ROUND = 8;

export const loop: GraderKind = traceKind({
  type: 'loop',
  label: 'Loop',
  about: 'Whether an agent did the same again and again: equal tool calls, or rounds of the same steps.',
  fields: {
    max_identical_calls: {
      type: 'integer',
      minimum: 1,
      default: 2,
      title: 'Identical calls',
      description: 'So often may one agent call one tool with the same arguments.',
    },
    max_rounds: {
      type: 'integer',
      minimum: 1,
      default: 2,
      title: 'Rounds',
      description:
        'So often may 2 to 8 steps (tool calls and handoffs, whatever their arguments) follow each other in the same order.',
    },
    ignore_tools: {
      type: 'array',
      items: { type: 'string' },
      title: 'Not these tools',
      description: 'Such as polling ones.',
    },
  },
  example: { name: 'Does not loop', max_identical_calls: 2, max_rounds: 3 },
  grade: (definition, trace) => {
    const ignored = textsOf(definition.ignore_tools).map(nameTest);
    const counts = (name: string): boolean => !ignored.some((test) => test(name));
    const most = numberOf(definition.max_identical_calls) ?? 2;
    const rounds = numberOf(definition.max_rounds) ?? 2;
    const same = identicalCalls(trace, counts).filter(({ spans }) => spans.length > most);
    const circles = findRounds(stepsOf(trace, counts)).filter((one) => one.rounds > rounds);
    const [call] = same;
    const [circle] = circles;
    if (!call && !circle)
      return graded(
        true,
        `No tool call was repeated more than ${times(most)}, and no steps went round more than ${times(rounds)}.`,
      );
    const said = [
      ...(call
        ? [
            `${quoted(call.name)} was called ${times(call.spans.length)} with the same arguments (at most ${amount(most)})`,
          ]
        : []),
      ...(circle
        ? [
            `the same ${circle.steps.length} steps went round ${times(circle.rounds)} (at most ${amount(rounds)}): ${listed(circle.steps)}`,
          ]
        : []),
    ];
    const text = said.join('; ');
    return graded(false, `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`, {
      evidence: [
        ...same.flatMap(({ spans }) => evidenceOf(spans.slice(most), 'same call')),
        ...circles.flatMap(({ spans }) => evidenceOf(spans, 'same steps')),
      ].slice(0, 50),
      notes: { repeated_calls: same.length, repeated_rounds: circles.length },
    });
  },
});

function identicalCalls(
  { tool_calls: calls }: SubjectTrace,
  counts: (name: string) => boolean,
): { name: string; spans: string[] }[] {
  const found = new Map<string, { name: string; spans: string[] }>();
  for (const { name, agent, arguments: given, span_id: spanId } of calls) {
    // What nobody recorded may have been different.
    if (given === null || !counts(name)) continue;
    const key = JSON.stringify([agent, name, canonical(given)]);
    const known = found.get(key);
    if (known) known.spans.push(spanId);
    else found.set(key, { name, spans: [spanId] });
  }
  return [...found.values()].sort((a, b) => b.spans.length - a.spans.length);
}

type Step = { readonly key: string; readonly name: string; readonly who: string; readonly spanId: string };

function stepsOf({ edges }: SubjectTrace, counts: (name: string) => boolean): readonly Step[] {
  return edges.flatMap(({ kind, from, to, span_id: spanId }): Step[] => {
    const name = to.slice(to.indexOf(':') + 1);
    if (kind === 'tool_call' ? !counts(name) : kind !== 'handoff' && kind !== 'agent_call') return [];
    const who = from.slice(from.indexOf(':') + 1);
    return [{ key: `${kind} ${from.length} ${from} ${to}`, name, who, spanId }];
  });
}

/** Blocks of 2 to 8 different steps that follow themselves, each stretch once, by its shortest period. */
function findRounds(steps: readonly Step[]): { steps: string[]; rounds: number; spans: string[] }[] {
  const found: { steps: string[]; rounds: number; spans: string[]; from: number; to: number }[] = [];
  for (let period = 2; period <= LONGEST_ROUND; period++) {
    let from = 0;
    for (let at = period; at <= steps.length; at++) {
      if (at < steps.length && steps[at]?.key === steps[at - period]?.key) continue;
      const length = at - from;
      const rounds = Math.floor(length / period);
      const block = steps.slice(from, from + period);
      const isOne = new Set(block.map(({ key }) => key)).size === 1;
      const isKnown = found.some((one) => one.from <= from && one.to >= at);
      if (rounds >= 2 && !isOne && !isKnown)
        found.push({
          from,
          to: at,
          steps: namesOf(block),
          rounds,
          spans: steps.slice(from, at).map(({ spanId }) => spanId),
        });
      from = at - period + 1;
    }
  }
  return found.sort((a, b) => b.rounds - a.rounds);
}

/** Different steps to the same place are told apart by where they came from. */
function namesOf(block: readonly Step[]): string[] {
  const keysOf = (name: string): number =>
    new Set(block.filter((step) => step.name === name).map(({ key }) => key)).size;
  return block.map(({ name, who }) => (keysOf(name) > 1 ? `${who} → ${name}` : name));
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${amount(number)} times`;
}
