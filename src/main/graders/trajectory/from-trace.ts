/** A good trace as what others are held against: its tool calls in order, as a definition to edit. */
import type { GraderDefinition, SubjectTrace } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { parsed } from './calls.ts';

/** Longer lists make no definition that anybody reads. */
const MOST_CALLS = 200;
const LONGEST_ARGUMENTS = 4_000;
const LONGEST_NAME = 80;

/**
 * `trajectory_match` in order, with the arguments of the calls; those that are long or unknown are left open, and so do not
 * count for their tool. A trace without tool calls gives the handoffs, or else the answer.
 */
export function expectedTrajectory(trace: SubjectTrace): GraderDefinition {
  const title = trace.name.trim() === '' ? trace.id : trace.name;
  const name = `As in ${title.length > LONGEST_NAME ? `${title.slice(0, LONGEST_NAME)}…` : title}`;
  const calls = trace.tool_calls.slice(0, MOST_CALLS);
  if (calls.length > 0)
    return {
      type: 'trajectory_match',
      name,
      reference: calls.map(({ name: tool, arguments: given }): JsonObject => ({ name: tool, ...argumentsOf(given) })),
      mode: 'in_order',
      arguments: 'superset',
    };
  const pairs = trace.handoffs.map(({ from, to }) => ({ from: agentOf(from), to: agentOf(to) }));
  if (pairs.length > 0) return { type: 'handoff', name, expected: pairs.slice(0, MOST_CALLS), in_order: true };
  return { type: 'final_answer', name, check: 'exact', reference: literal(trace.output_text) };
}

function argumentsOf(given: Json): JsonObject {
  const value = typeof given === 'string' ? parsed(given) : given;
  if (value === null || JSON.stringify(value).length > LONGEST_ARGUMENTS) return {};
  return { arguments: value };
}

function agentOf(nodeId: string): string {
  return nodeId.slice(nodeId.indexOf(':') + 1);
}

/** Braces that stood in an answer are no path. */
function literal(text: string): string {
  return text.slice(0, LONGEST_ARGUMENTS).split('{{')[0] ?? '';
}
