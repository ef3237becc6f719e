/**
 * The sequence of one trace: what its agent graph counts, in the order in which it happened. The same arcs are drawn,
 * so that the two never disagree; what comes back from a tool is told besides.
 */
import type { GraphEdgeKind } from '#shared/graph.ts';
import type { Participant, Sequence, SequenceActivations, SequenceDoubts, SequenceKind } from '#shared/sequence.ts';
import { SPAN_STATUSES } from '#shared/record.ts';
import { SEQUENCE_KINDS } from '#shared/sequence.ts';
import type { Arc } from './graph-arcs.ts';
import type { Arcs } from './graph.ts';
import type { Scene } from './graph-stays.ts';
import type { SpanFact } from './types.ts';
import { at, compareText, f64, i32, u8 } from './at.ts';
import { USER } from './graph-arcs.ts';
import { findArcs } from './graph.ts';
import { findMoments, type Moments } from './sequence-moments.ts';
import { findFolds, type Fold } from './sequence-folds.ts';
import { knownTime } from './tree.ts';

/** A message before it is a row of columns. */
type Step<Kind = SequenceKind> = {
  readonly kind: Kind;
  readonly from: string;
  readonly to: string;
  readonly fromStay: number;
  readonly toStay: number;
  readonly evidence: number;
  readonly inferred: boolean;
  /** When it crossed, as its span says; null = it does not. */
  readonly time: number | null;
  /** Where it stands: `when`, then `place`. */
  readonly when: number;
  readonly place: number;
};

/** Everything that a page of it is cut from. */
export type WholeSequence = Omit<Sequence, 'first' | 'count' | 'nextCursor'>;

/** @param found of agents that are not expanded */
export function buildSequence(
  spans: readonly SpanFact[],
  { scene, contacts, ids, arcs }: Arcs = findArcs(spans, { expanded: false }),
): WholeSequence {
  const moments = findMoments(scene);
  const steps = inOrder(arcs.flatMap((arc) => toSteps(scene, moments, arc)));

  const participants = new Map<string, Participant & { readonly index: number }>();
  const appearances = findAppearances(scene, moments, contacts.calledTools, (i) => ids.tool(at(spans, i)));
  for (const step of steps) {
    for (const id of [step.from, step.to]) appearances.push({ id, when: step.when, place: step.place });
  }
  appearances.sort((a, b) => a.when - b.when || a.place - b.place);
  for (const { id } of appearances) {
    if (!participants.has(id)) participants.set(id, { ...describe(id), index: participants.size });
  }
  const indexOf = (id: string): number => participants.get(id)?.index ?? 0;

  const total = steps.length;
  const columns = {
    from: new Uint32Array(total),
    to: new Uint32Array(total),
    kind: new Uint8Array(total),
    status: new Uint8Array(total),
    inferred: new Uint8Array(total),
    label: new Uint32Array(total),
    span: new Uint32Array(total),
    time: new Float64Array(total),
  };
  const labels = createList();
  const spanIds = createList();
  const says = new Float64Array(total);
  steps.forEach((step, k) => {
    const span = at(spans, step.evidence);
    const from = indexOf(step.from);
    const to = indexOf(step.to);
    const kind = SEQUENCE_KINDS.indexOf(step.kind);
    columns.from[k] = from;
    columns.to[k] = to;
    columns.kind[k] = kind;
    columns.status[k] = SPAN_STATUSES.indexOf(span.status);
    columns.inferred[k] = step.inferred ? 1 : 0;
    columns.label[k] = labels.put(span.tool || span.name);
    columns.span[k] = spanIds.put(span.spanId);
    columns.time[k] = step.time ?? (Number.isFinite(step.when) ? step.when : NaN);
    says[k] = ((from * participants.size + to) * SEQUENCE_KINDS.length + kind) * 2 + (step.inferred ? 1 : 0);
  });
  return {
    participants: [...participants.values()].map(({ id, kind, name }) => ({ id, kind, name })),
    total,
    ...columns,
    labels: labels.all,
    spanIds: spanIds.all,
    activations: findActivations(scene, steps, indexOf),
    folds: withErrors(findFolds(says), columns.status),
    doubts: findDoubts(scene),
  };
}

/** One answer of it: at most `limit` messages from `cursor` on, with the activations and repeats that touch them. */
export function pageOf(whole: WholeSequence, cursor: number, limit: number): Sequence {
  const first = Math.min(cursor, whole.total);
  const end = Math.min(whole.total, first + limit);
  const page = { first, count: end - first, nextCursor: end < whole.total ? end : null };
  if (first === 0 && end === whole.total) return { ...whole, ...page };
  const { activations, folds } = whole;
  const spanIds = createList();
  const labels = createList();
  return {
    ...whole,
    ...page,
    from: whole.from.slice(first, end),
    to: whole.to.slice(first, end),
    kind: whole.kind.slice(first, end),
    status: whole.status.slice(first, end),
    inferred: whole.inferred.slice(first, end),
    time: whole.time.slice(first, end),
    label: whole.label.slice(first, end).map((index) => labels.put(at(whole.labels, index))),
    labels: labels.all,
    span: whole.span.slice(first, end).map((index) => spanIds.put(at(whole.spanIds, index))),
    spanIds: spanIds.all,
    activations: pick(activations, activations.from, (k) => (activations.to[k] ?? 0) >= first, end),
    folds: pick(
      folds,
      folds.start,
      (k) => (folds.start[k] ?? 0) + (folds.period[k] ?? 0) * (folds.count[k] ?? 0) > first,
      end,
    ),
  };
}

function pick<C extends Readonly<Record<string, Uint32Array | Uint8Array>>>(
  columns: C,
  starts: Uint32Array,
  reaches: (k: number) => boolean,
  end: number,
): C {
  const wanted = [...starts.keys()].filter((k) => (starts[k] ?? 0) < end && reaches(k));
  return Object.fromEntries(
    Object.entries(columns).map(([name, list]) => {
      const values = wanted.map((k) => list[k] ?? 0);
      return [name, list instanceof Uint8Array ? Uint8Array.from(values) : Uint32Array.from(values)];
    }),
  ) as unknown as C;
}

function toSteps(scene: Scene, moments: Moments, arc: Arc): Step[] {
  const { kind, from, to, fromStay, toStay, evidence } = arc;
  const { spans } = scene;
  const first = toStep(scene, moments, arc);
  if (kind !== 'tool_call' || at(spans, evidence).status === 'running') return [first];
  // What comes back goes the other way; a tool call has no stay but that of its caller.
  const back = toStep(scene, moments, { ...arc, moment: 'end' });
  return [first, { ...back, kind: 'tool_result', from: to, to: from, fromStay: toStay, toStay: fromStay }];
}

/** Every crossing of an edge of the graph, once, in the order in which the sequence tells them; results of tools are none. */
export function crossingsInOrder<Kind extends GraphEdgeKind>(
  scene: Scene,
  arcs: readonly Arc<Kind>[],
): { readonly kind: Kind; readonly from: string; readonly to: string; readonly span: SpanFact; inferred: boolean }[] {
  const moments = findMoments(scene);
  return inOrder(arcs.map((arc) => toStep(scene, moments, arc))).map(({ kind, from, to, evidence, inferred }) => ({
    kind,
    from,
    to,
    span: at(scene.spans, evidence),
    inferred,
  }));
}

function toStep<Kind extends GraphEdgeKind>(scene: Scene, moments: Moments, arc: Arc<Kind>): Step<Kind> {
  const { kind, from, to, fromStay, toStay, evidence, inferred, moment } = arc;
  const { spans } = scene;
  const atEnd = moment === 'end';
  const i = kind === 'return' ? whatEndsLast(scene, moments, arc) : evidence;
  const when = f64(atEnd ? moments.end : moments.start, i);
  const place = i32(atEnd ? moments.endPlace : moments.startPlace, i);
  const time = knownTime(atEnd ? at(spans, i).end : at(spans, i).start);
  return { kind, from, to, fromStay, toStay, evidence, inferred, time, when, place };
}

/** An agent gives its result when the tool call that holds it is over; without one, when the last of its spans is. */
function whatEndsLast(
  { spans, agents }: Scene,
  { end, endPlace }: Moments,
  { evidence, fromStay }: Arc<GraphEdgeKind>,
): number {
  if (at(spans, evidence).kind === 'tool' || fromStay < 0) return evidence;
  const { root, more } = at(agents.instances, fromStay);
  return [root, ...more].reduce(
    (last, i) => ((f64(end, i) - f64(end, last) || i32(endPlace, i) - i32(endPlace, last)) > 0 ? i : last),
    evidence,
  );
}

/** What one span proves at one moment: who is reached comes before what it does. */
const RANKS: Readonly<Record<SequenceKind | GraphEdgeKind, number>> = {
  guardrail: -1,
  message: 0,
  agent_call: 1,
  handoff: 2,
  tool_call: 3,
  tool_result: 4,
  return: 5,
};

/** In order of time. Two links of one span to the same agent are one contact, as in the graph. */
function inOrder<Kind extends SequenceKind | GraphEdgeKind>(steps: Step<Kind>[]): Step<Kind>[] {
  steps.sort(
    (a, b) =>
      // Infinity - Infinity is NaN, which is falsy too.
      a.when - b.when ||
      a.place - b.place ||
      RANKS[a.kind] - RANKS[b.kind] ||
      compareText(a.from, b.from) ||
      compareText(a.to, b.to),
  );
  return steps.filter((step, k) => {
    const before = k === 0 ? undefined : at(steps, k - 1);
    return (
      before?.evidence !== step.evidence ||
      before.kind !== step.kind ||
      before.from !== step.from ||
      before.to !== step.to
    );
  });
}

type Appearance = { readonly id: string; readonly when: number; readonly place: number };

/** Agents that ran and tools that were called, also those that no message reaches. */
function findAppearances(
  { spans, stays, echo }: Scene,
  { start, startPlace }: Moments,
  calledTools: Uint8Array,
  toolId: (span: number) => string,
): Appearance[] {
  // Half a place later than a message of the same moment: who asked stands before who was asked.
  const found: Appearance[] = stays.map(({ name, root }) => ({
    id: `agent:${name}`,
    when: f64(start, root),
    place: i32(startPlace, root) + 0.5,
  }));
  spans.forEach((span, i) => {
    if (span.kind === 'tool' && u8(calledTools, i) === 0 && u8(echo, i) === 0)
      found.push({ id: toolId(i), when: f64(start, i), place: i32(startPlace, i) + 0.5 });
  });
  return found;
}

function describe(id: string): Participant {
  if (id === USER) return { id, kind: 'user', name: 'User' };
  return id.startsWith('tool:')
    ? { id, kind: 'tool', name: id.slice('tool:'.length) }
    : { id, kind: 'agent', name: id.slice('agent:'.length) };
}

/** Beyond this many at once on one life line, they lie on each other. */
const LEVELS = 8;

/** Agents from the first to the last message of each stay, tools from call to result. */
function findActivations(
  { stays }: Scene,
  steps: readonly Step[],
  indexOf: (id: string) => number,
): SequenceActivations {
  const end = Math.max(0, steps.length - 1);
  const first = new Int32Array(stays.length).fill(-1);
  const last = new Int32Array(stays.length).fill(-1);
  const called = new Map<number, number>();
  const found: { participant: number; from: number; to: number; open: boolean }[] = [];
  steps.forEach((step, k) => {
    for (const stay of [step.fromStay, step.toStay]) {
      if (stay < 0) continue;
      if (i32(first, stay) < 0) first[stay] = k;
      last[stay] = k;
    }
    if (step.kind === 'tool_call') {
      called.set(step.evidence, found.length);
      found.push({ participant: indexOf(step.to), from: k, to: end, open: true });
    } else if (step.kind === 'tool_result') {
      const index = called.get(step.evidence);
      const call = index === undefined ? undefined : found[index];
      if (call) Object.assign(call, { to: k, open: false });
    }
  });
  for (const { index, name, running } of stays) {
    const from = i32(first, index);
    if (from < 0) continue;
    const participant = indexOf(`agent:${name}`);
    found.push({ participant, from, to: running ? end : i32(last, index), open: running });
  }
  found.sort((a, b) => a.from - b.from || b.to - a.to || a.participant - b.participant);
  const busyUntil = new Map<number, Int32Array>();
  return {
    participant: Uint32Array.from(found, ({ participant }) => participant),
    from: Uint32Array.from(found, ({ from }) => from),
    to: Uint32Array.from(found, ({ to }) => to),
    open: Uint8Array.from(found, ({ open }) => (open ? 1 : 0)),
    level: Uint8Array.from(found, ({ participant, from, to }) => {
      const slots = busyUntil.get(participant) ?? new Int32Array(LEVELS).fill(-1);
      busyUntil.set(participant, slots);
      const free = slots.findIndex((until) => until < from);
      const level = free < 0 ? LEVELS - 1 : free;
      slots[level] = Math.max(to, i32(slots, level));
      return level;
    }),
  };
}

function withErrors(folds: readonly Fold[], status: Uint8Array): Sequence['folds'] {
  const error = SPAN_STATUSES.indexOf('error');
  const before = new Uint32Array(status.length + 1);
  for (let k = 0; k < status.length; k++) before[k + 1] = (before[k] ?? 0) + (status[k] === error ? 1 : 0);
  return {
    start: Uint32Array.from(folds, ({ start }) => start),
    period: Uint32Array.from(folds, ({ period }) => period),
    count: Uint32Array.from(folds, ({ count }) => count),
    errors: Uint32Array.from(folds, ({ start, period, count }) => {
      let rounds = 0;
      for (let k = 0; k < count; k++) {
        const from = start + period * k;
        if ((before[from + period] ?? 0) > (before[from] ?? 0)) rounds++;
      }
      return rounds;
    }),
  };
}

function findDoubts({ spans, tree }: Scene): SequenceDoubts {
  const doubts = { untimed: 0, skewed: 0, missingParents: 0, cyclicParents: 0, running: 0 };
  spans.forEach((span, i) => {
    const start = knownTime(span.start);
    const up = i32(tree.parent, i);
    const upStart = up < 0 ? null : knownTime(at(spans, up).start);
    if (start === null) doubts.untimed++;
    if (start !== null && upStart !== null && start < upStart) doubts.skewed++;
    doubts.missingParents += u8(tree.missingParent, i);
    doubts.cyclicParents += u8(tree.cyclic, i);
    if (span.status === 'running') doubts.running++;
  });
  return doubts;
}

function createList() {
  const places = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    put(text: string): number {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, all.length);
      all.push(text);
      return all.length - 1;
    },
  };
}
