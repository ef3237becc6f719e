/**
 * What each agent did when. A span is at work itself wherever none of its children is open (its *own* time), and what
 * it does then is its kind; while a child is open that belongs to another agent, its agent waits for that one, unless it
 * does something else at the same moment. A child that was handed off to is not waited for: control has passed.
 */
import type { LaneState, LaneTimes } from '#shared/lanes.ts';
import type { Handoff } from './graph-handoffs.ts';
import type { Scene } from './graph-stays.ts';
import type { Intervals } from './intervals.ts';
import { LANE_STATES, WAITS_FOR_NOBODY, WAITS_FOR_PERSON } from '#shared/lanes.ts';
import { at, f64, i32 } from './at.ts';
import { eachChild } from './intervals.ts';
import { stackPieces } from './lane-rows.ts';

/** A stretch of one lane in which one span was at work, or waited for. */
export type Piece = {
  readonly lane: number;
  /** Index of the stay, -1 = of no agent. */
  readonly stay: number;
  /** Index into LANE_STATES. */
  readonly state: number;
  readonly from: number;
  readonly to: number;
  /** Span index: what works, or what is waited for. */
  readonly span: number;
  /** The lane waited for, WAITS_FOR_PERSON or WAITS_FOR_NOBODY. */
  readonly peer: number;
  /** Line inside the lane. */
  readonly row: number;
};

export type Lanes = {
  /** Agents in order of their first stay; '' last, where something belongs to no agent. */
  readonly names: readonly string[];
  /** Lane of each span. */
  readonly laneOf: Int32Array;
  readonly stays: readonly number[];
  readonly rows: readonly number[];
  /** By lane, then by `from`, then in tree order. */
  readonly pieces: readonly Piece[];
  /** Null when nothing has a time. */
  readonly times: readonly LaneTimes[] | null;
  /** How long each lane waited for each other one (or a person), with the pieces that prove it. */
  readonly waits: readonly LaneWait[];
};

export type LaneWait = {
  readonly lane: number;
  readonly peer: number;
  readonly ns: number;
  readonly proofs: readonly Piece[];
};

const STATE = Object.fromEntries(LANE_STATES.map((state, index) => [state, index])) as Record<LaneState, number>;

/** What sources and tools call a wait for a person's approval or answer. */
const PERSON =
  /(?:^|[._\s-])(?:blocked_on_user|ask_?user(?:_?question)?|human_?(?:input|approval|in_the_loop|review|feedback)|get_human_input|request_user_(?:input|approval)|(?:wait|await)_(?:for_)?(?:approval|user|human|permission))$/i;

export function findLanes(scene: Scene, intervals: Intervals, handoffs: readonly Handoff[]): Lanes {
  const { stays } = scene;
  const { names, laneOfStay, laneOf } = nameLanes(scene);
  const found = findPieces(scene, intervals, handoffs, laneOf);
  const { pieces, rows } = stackPieces(found, names.length);
  const perLane: Piece[][] = names.map(() => []);
  for (const piece of pieces) at(perLane, piece.lane).push(piece);
  const sweeps = intervals.timed ? perLane.map((own) => sweep(own, intervals)) : null;
  const counts = names.map(() => 0);
  stays.forEach((_, k) => (counts[at(laneOfStay, k)] = at(counts, at(laneOfStay, k)) + 1));
  return {
    names,
    laneOf,
    stays: counts,
    rows,
    pieces,
    times: sweeps?.map(({ times }) => times) ?? null,
    waits: sweeps?.flatMap(({ waits }) => waits) ?? [],
  };
}

function nameLanes({ spans, agents, stays, order }: Scene) {
  const laneNamed = new Map<string, number>();
  const names: string[] = [];
  // In order of time, as the graph's nodes and the list of agents are.
  for (const i of order) {
    const name = agents.names[i] ?? null;
    if (name === null || laneNamed.has(name)) continue;
    laneNamed.set(name, names.length);
    names.push(name);
  }
  const nobody = names.length;
  const laneOf = new Int32Array(spans.length);
  let orphans = 0;
  for (let i = 0; i < spans.length; i++) {
    const name = at(agents.names, i);
    laneOf[i] = name === null ? nobody : (laneNamed.get(name) ?? nobody);
    if (name === null) orphans++;
  }
  if (orphans > 0) names.push('');
  return { names, laneOf, laneOfStay: stays.map(({ name }) => laneNamed.get(name) ?? nobody) };
}

type Unplaced = Omit<Piece, 'row'>;

/** In tree order; nothing for spans without a time. */
export function findPieces(
  scene: Scene,
  { start, end }: Intervals,
  handoffs: readonly Handoff[],
  laneOf: Int32Array,
): Unplaced[] {
  const { tree, agents } = scene;
  const handedTo = new Uint8Array(scene.stays.length);
  for (const { to } of handoffs) if (to >= 0) handedTo[to] = 1;
  const pieces: Unplaced[] = [];
  for (const i of tree.order) {
    const from = f64(start, i);
    const to = f64(end, i);
    if (Number.isNaN(from)) continue;
    const lane = i32(laneOf, i);
    const stay = i32(agents.instance, i);
    const person = waitsForPerson(scene, i);
    const state = person ? STATE.waiting : stateOf(scene, i);
    const work = { lane, stay, state, span: i, peer: person ? WAITS_FOR_PERSON : WAITS_FOR_NOBODY };
    let until = from;
    eachChild(tree, i, (child) => {
      const begins = Math.min(to, Math.max(from, f64(start, child)));
      const closes = Math.min(to, f64(end, child));
      if (Number.isNaN(begins)) return;
      if (begins > until) pieces.push({ ...work, from: until, to: begins });
      until = Math.max(until, closes);
      const callee = i32(agents.instance, child);
      if (stay < 0 || callee === stay || !(closes > begins) || (callee >= 0 && handedTo[callee] === 1)) return;
      pieces.push({
        lane,
        stay,
        state: STATE.waiting,
        span: child,
        peer: i32(laneOf, child),
        from: begins,
        to: closes,
      });
    });
    if (to > until || from === to) pieces.push({ ...work, from: until, to });
  }
  return pieces;
}

function stateOf({ spans, agents, wrapper }: Scene, index: number): number {
  const { kind } = at(spans, index);
  if (kind === 'generation') return wrapper[index] === 1 ? STATE.other : STATE.generation;
  if (kind === 'handoff') return STATE.handoff;
  // What a tool does inside itself is the tool's work, however its spans are called.
  if (kind === 'tool' || kind === 'retrieval') return STATE.tool;
  return i32(agents.tool, index) >= 0 && (kind === 'chain' || kind === 'custom') ? STATE.tool : STATE.other;
}

function waitsForPerson({ spans }: Scene, index: number): boolean {
  const { kind, subtype, tool, name } = at(spans, index);
  if (kind === 'tool') return PERSON.test((tool || name).slice(-80));
  return kind === 'custom' && (subtype === 'wait' || PERSON.test(name.slice(-80)));
}

/** Splits the trace's time among the states of one lane, and its waiting among those waited for. */
function sweep(pieces: readonly Piece[], { from, to }: Intervals): { times: LaneTimes; waits: LaneWait[] } {
  const times = { generation: 0, tool: 0, handoff: 0, other: 0, waiting: 0, idle: 0 };
  const waits = new Map<number, { ns: number; proofs: Piece[] }>();
  const open = new Int32Array(LANE_STATES.length);
  const begins = pieces.filter((piece) => piece.to > piece.from).sort((a, b) => a.from - b.from);
  const ends = [...begins].sort((a, b) => a.to - b.to);
  let awaited: Piece | null = null;
  let now = from;
  let ended = 0;

  function advance(time: number): void {
    const state = LANE_STATES.find((_, index) => i32(open, index) > 0) ?? 'idle';
    times[state] += time - now;
    if (state === 'waiting' && awaited && time > now) {
      // Of several, it could not go on before the last.
      const wait = waits.get(awaited.peer) ?? { ns: 0, proofs: [] };
      wait.ns += time - now;
      if (wait.proofs.at(-1) !== awaited) wait.proofs.push(awaited);
      waits.set(awaited.peer, wait);
    }
    now = time;
  }
  function close(until: number): void {
    for (; ended < ends.length && at(ends, ended).to <= until; ended++) {
      const piece = at(ends, ended);
      advance(piece.to);
      open[piece.state] = i32(open, piece.state) - 1;
    }
  }
  for (const piece of begins) {
    close(piece.from);
    advance(piece.from);
    open[piece.state] = i32(open, piece.state) + 1;
    if (piece.state === STATE.waiting && (awaited === null || piece.to > awaited.to)) awaited = piece;
  }
  close(to);
  advance(to);
  return { times, waits: [...waits].map(([peer, wait]) => ({ lane: pieces[0]?.lane ?? 0, peer, ...wait })) };
}
