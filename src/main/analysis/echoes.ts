/**
 * One tool call told by two spans: the agent framework's and, right inside it, that of what carries it out (an MCP client,
 * an instrumented function). The outer one is the call; the inner one is its echo, and is not counted again.
 */
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';

/** 1 where a tool span says again what a tool span around it says, without an agent or a model call between them. */
export function findEchoes(spans: readonly SpanFact[], tree: SpanTree): Uint8Array {
  const echo = new Uint8Array(spans.length);
  const holder = new Int32Array(spans.length).fill(-1);
  for (const i of tree.order) {
    const span = at(spans, i);
    const up = i32(tree.parent, i);
    const outer = up < 0 ? -1 : i32(holder, up);
    if (span.kind === 'tool') {
      if (outer >= 0 && isSameTool(toolName(at(spans, outer)), toolName(span))) echo[i] = 1;
      // Of three that say the same, the outermost is the call.
      holder[i] = echo[i] === 1 ? outer : i;
    } else if (span.kind === 'chain' || span.kind === 'custom') holder[i] = outer;
  }
  return echo;
}

function toolName(span: SpanFact): string {
  return span.tool || span.name;
}

/** Frameworks put the server before the name: `mcp__weather__forecast`, `weather.forecast`. */
function isSameTool(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  return inner !== '' && ['__', '.', '/', ':'].some((separator) => outer.endsWith(separator + inner));
}
