/** Tools that do nothing but pass control to another agent are handoffs; checked before a span counts as a tool. */
import type { OtlpSpan } from './span.ts';

const TOOL_NAME = /^(?:transfer_to_|handoff_to_|handoff$)/;
const SPAN_NAME = /^handoff to ./;

export function isHandoff(span: OtlpSpan, tool: string | null): boolean {
  return SPAN_NAME.test(span.name) || (tool !== null && TOOL_NAME.test(tool));
}

/**
 * The agent in the name of a transfer tool, as written (`booking_agent`); analysis matches it to an agent of the
 * trace. `transfer_to_agent` names it in its arguments instead.
 */
export function targetInToolName(tool: string): string | null {
  const target = /^(?:transfer|handoff)_to_(.+)$/s.exec(tool)?.[1];
  return target === undefined || target === 'agent' ? null : target;
}
