/** The spans of one trace as parallel columns in tree order, for views that hold 100,000 of them. */
import type { SpanColumns } from '#shared/trace.ts';
import type { EffectiveAgents } from './agents.ts';
import type { CostEstimator } from './costs.ts';
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import { SPAN_FLAGS } from '#shared/trace.ts';
import { at, i32 } from './at.ts';
import { knownTime } from './tree.ts';
import { attributeUsage } from './usage.ts';

/** Tokens and cost are each span's own, without what is below it: a column may be summed over any set of rows. */
export function toColumns(
  spans: readonly SpanFact[],
  tree: SpanTree,
  agents: EffectiveAgents,
  estimate?: CostEstimator,
): SpanColumns {
  const count = spans.length;
  const usage = attributeUsage(spans, tree, agents, estimate);
  const kinds = codes(SPAN_KINDS);
  const statuses = codes(SPAN_STATUSES);
  const strings = ['']; // 0 = none
  const codeOf = new Map([['', 0]]);
  function encode(text: string | null): number {
    if (text === null) return 0;
    const known = codeOf.get(text);
    if (known !== undefined) return known;
    codeOf.set(text, strings.length);
    return strings.push(text) - 1;
  }

  const ids = new Array<string>(count).fill('');
  const columns = {
    parent: new Int32Array(count),
    depth: new Uint16Array(count),
    subtreeEnd: new Int32Array(count),
    start: new Float64Array(count),
    end: new Float64Array(count),
    kind: new Uint8Array(count),
    status: new Uint8Array(count),
    flags: new Uint8Array(count),
    name: new Uint32Array(count),
    subtype: new Uint32Array(count),
    agent: new Uint32Array(count),
    model: new Uint32Array(count),
    tool: new Uint32Array(count),
    inputTokens: new Float64Array(count),
    outputTokens: new Float64Array(count),
    cost: new Float64Array(count),
  };
  for (let row = 0; row < count; row++) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const up = i32(tree.parent, i);
    const tokens = usage.ofSpan(i);
    ids[row] = span.spanId;
    columns.parent[row] = up < 0 ? -1 : i32(tree.row, up);
    columns.depth[row] = tree.depth[i] ?? 0;
    columns.subtreeEnd[row] = i32(tree.subtreeEnd, i);
    columns.start[row] = knownTime(span.start) ?? NaN;
    columns.end[row] = knownTime(span.end) ?? NaN;
    columns.kind[row] = kinds.get(span.kind) ?? 0;
    columns.status[row] = statuses.get(span.status) ?? 0;
    columns.flags[row] =
      (tree.missingParent[i] === 1 ? SPAN_FLAGS.missingParent : 0) |
      (tree.cyclic[i] === 1 ? SPAN_FLAGS.cyclicParent : 0) |
      // A call that only messages tell of lies between them: no clock measured it.
      (span.dialect === 'messages' && span.start !== null ? SPAN_FLAGS.inferredTime : 0) |
      (usage.isEstimated(i) ? SPAN_FLAGS.estimatedCost : 0);
    columns.name[row] = encode(span.name);
    columns.subtype[row] = encode(span.subtype);
    columns.agent[row] = encode(at(agents.names, i));
    columns.model[row] = encode(span.model);
    columns.tool[row] = encode(span.tool);
    columns.inputTokens[row] = tokens?.input ?? NaN;
    columns.outputTokens[row] = tokens?.output ?? NaN;
    columns.cost[row] = usage.costOfSpan(i) ?? NaN;
  }
  return { count, ids, ...columns, strings };
}

function codes<T extends string>(list: readonly T[]): ReadonlyMap<T, number> {
  return new Map(list.map((value, index) => [value, index]));
}
