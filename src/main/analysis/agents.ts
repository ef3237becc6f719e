/**
 * Which agent each span belongs to. A span belongs to the agent that it names, else to its nearest ancestor's.
 * An *instance* is one stay of an agent: an agent span with what is below it, up to the next agent span; or, where no
 * agent span came (not yet, or the source makes none), consecutive siblings that name the same agent.
 */
import type { SpanTree } from './tree.ts';
import type { SpanFact } from './types.ts';
import { at, i32 } from './at.ts';

export type AgentInstance = {
  readonly name: string;
  /** The first span, in row order, of the instance. */
  readonly root: number;
  /** The other sibling spans that it began at, when no agent span holds it together. */
  readonly more: readonly number[];
};

export type EffectiveAgents = {
  /** Agent of each span, null when neither it nor an ancestor names one. */
  readonly names: readonly (string | null)[];
  /** Index into `instances` of each span, -1 when it has no agent. */
  readonly instance: Int32Array;
  /** In row order of their roots. */
  readonly instances: readonly AgentInstance[];
  /** The outermost tool span between each span (inclusive) and the beginning of its instance; -1 = none. */
  readonly tool: Int32Array;
};

type Growing = { name: string; root: number; more: number[] };

export function effectiveAgents(spans: readonly SpanFact[], tree: SpanTree): EffectiveAgents {
  const count = spans.length;
  const names = new Array<string | null>(count).fill(null);
  const instance = new Int32Array(count).fill(-1);
  const tool = new Int32Array(count).fill(-1);
  const instances: Growing[] = [];
  // The latest instance that began under each parent: siblings without an agent span may continue it.
  const latestUnder = new Int32Array(count).fill(-1);
  const latestUnderMissing = new Map<string, number>();
  let latestRoot = -1;

  for (let row = 0; row < count; row++) {
    const i = i32(tree.order, row);
    const span = at(spans, i);
    const up = i32(tree.parent, i);
    const inherited = up < 0 ? null : at(names, up);
    const upInstance = up < 0 ? -1 : i32(instance, up);
    const upTool = up < 0 ? -1 : i32(tool, up);
    const own = ownAgent(span);
    names[i] = own ?? inherited;

    // An agent span directly inside one of the same name is a wrapper around the same agent, not a call to itself.
    const begins = own !== null && (own !== inherited || (span.kind === 'agent' && upTool >= 0));
    if (!begins) {
      instance[i] = upInstance;
      tool[i] = upTool >= 0 ? upTool : span.kind === 'tool' ? i : -1;
      continue;
    }
    const missing = up < 0 && span.parentId !== null;
    const latest =
      up >= 0 ? i32(latestUnder, up) : missing ? (latestUnderMissing.get(span.parentId) ?? -1) : latestRoot;
    let mine = latest;
    if (latest >= 0 && span.kind !== 'agent' && at(instances, latest).name === own) {
      at(instances, latest).more.push(i);
    } else {
      mine = instances.length;
      instances.push({ name: own, root: i, more: [] });
    }
    instance[i] = mine;
    tool[i] = span.kind === 'tool' ? i : -1;
    if (up >= 0) latestUnder[up] = mine;
    else if (missing) latestUnderMissing.set(span.parentId, mine);
    else latestRoot = mine;
  }
  return { names, instance, instances, tool };
}

function ownAgent(span: SpanFact): string | null {
  return span.agent || (span.kind === 'agent' ? span.name : '') || null;
}
