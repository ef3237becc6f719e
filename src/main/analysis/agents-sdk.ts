/**
 * What only the Agents SDK's runner gives its spans. Other dialects have "tasks" and "turns" too and mean other things by
 * them, so that the dialect is asked for.
 */
import type { SpanFact } from './types.ts';

export const AGENTS_SDK = 'agents_sdk';

/** One call of the runner: holds the agents that hand off to each other, and their total usage with all nested runs. */
export function isTask(span: SpanFact): boolean {
  return span.subtype === 'task' && span.dialect === AGENTS_SDK;
}

/** One model call with its tool calls, and the total usage of both, nested runs included. */
export function isTurn(span: SpanFact): boolean {
  return span.subtype === 'turn' && span.dialect === AGENTS_SDK;
}
