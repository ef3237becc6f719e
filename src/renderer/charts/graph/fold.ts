/**
 * Which nodes are drawn as one. Three things fold: the tools of an agent where there are very many, teams (agents that
 * work inside the work of another), and repetition: agents of one name, or of names that differ by a number, where
 * single ones could no longer be told apart. Every fold can be opened, and opens into few enough to read.
 */
import type { GraphEdge, GraphNode } from '#shared/graph.ts';

/** What is drawn as one card. */
export type Unit = {
  readonly id: string;
  readonly kind: GraphNode['kind'] | 'tools' | 'team' | 'several';
  readonly name: string;
  readonly instance: number | null;
  /** The nodes that it stands for; of a team, its agents, the leading one first. */
  readonly members: readonly GraphNode[];
  /** The open team that it is drawn in. */
  readonly team: string | null;
};

/** An edge of the trace with the units that it joins. */
export type Link = { readonly edge: GraphEdge; readonly from: string; readonly to: string };

export type Team = {
  readonly id: string;
  readonly name: string;
  /** The leading agent's own name. */
  readonly leader: string;
  readonly parent: string | null;
};

export type Folded = {
  readonly units: readonly Unit[];
  /** Open teams, outer ones first. */
  readonly teams: readonly Team[];
  /** Where each unit went. */
  readonly home: ReadonlyMap<string, string>;
};

/** What the person opened (true) or closed (false). */
export type Choices = ReadonlyMap<string, boolean>;

/** With more agents than this, teams begin closed. */
export const CLOSE_TEAMS_ABOVE = 40;
/** With more units than this, repetition folds. */
export const FOLD_ABOVE = 150;
/** Fewer of a kind than this stay single. */
const LEAST_SEVERAL = 4;
/** So many cards beside each other may still be told apart; more are cut into ranges. */
const MOST_BESIDE = 60;
const RANGES = 20;
const FEW = 2;

export function fold(units: readonly Unit[], links: readonly Link[], choices: Choices): Folded {
  const home = new Map<string, string>();
  const closed = foldTeams(units, links, choices, home);
  if (closed.units.length <= FOLD_ABOVE) return { ...closed, home };
  const byTeam = new Map<string | null, Unit[]>();
  for (const unit of closed.units) {
    const list = byTeam.get(unit.team);
    if (list) list.push(unit);
    else byTeam.set(unit.team, [unit]);
  }
  const moved = new Map<string, string>();
  const kept = [...byTeam].flatMap(([team, siblings]) => foldSeveral(siblings, team, choices, moved));
  for (const id of [...home.keys(), ...moved.keys()]) {
    let place = home.get(id) ?? id;
    for (let next = moved.get(place); next !== undefined; next = moved.get(place)) place = next;
    home.set(id, place);
  }
  return { units: kept, teams: closed.teams, home };
}

function foldTeams(
  units: readonly Unit[],
  links: readonly Link[],
  choices: Choices,
  home: Map<string, string>,
): { units: readonly Unit[]; teams: readonly Team[] } {
  const agents = new Map(units.filter(({ kind }) => kind === 'agent').map((unit) => [unit.id, unit]));
  const leaders = new Set([...agents.values()].flatMap(({ members }) => members[0]?.team ?? []));
  if (leaders.size === 0) return { units, teams: [] };
  const chains = findChains(units, links, agents, leaders);
  const isOpen = (team: string): boolean => choices.get(team) ?? agents.size <= CLOSE_TEAMS_ABOVE;

  const kept: (Unit | { readonly id: string; readonly first: Unit })[] = [];
  const closed = new Map<string, GraphNode[]>();
  const open = new Map<string, Team>();
  for (const unit of units) {
    const chain = chains.get(unit.id) ?? [];
    const shut = chain.findLastIndex((team) => !isOpen(team));
    const team = chain[shut + 1] ?? null;
    for (let at = chain.length - 1; at > shut; at--) {
      const id = chain[at] ?? '';
      if (open.has(id)) continue;
      const leader = agents.get(leaderOf(id));
      open.set(id, {
        id,
        name: unitName(leader),
        leader: leader?.members[0]?.name ?? '',
        parent: chain[at + 1] ?? null,
      });
    }
    const into = shut < 0 ? undefined : chain[shut];
    if (into === undefined) {
      kept.push({ ...unit, team });
      continue;
    }
    home.set(unit.id, into);
    const members = closed.get(into) ?? [];
    if (members.length === 0 && !closed.has(into)) {
      closed.set(into, members);
      kept.push({ id: into, first: { ...unit, team } });
    }
    if (unit.kind === 'agent') members.push(...unit.members);
  }
  return {
    teams: [...open.values()],
    units: kept.map((one): Unit => {
      if (!('first' in one)) return one;
      const leader = agents.get(leaderOf(one.id));
      const lead = leader?.members[0];
      const all = closed.get(one.id) ?? [];
      return {
        id: one.id,
        kind: 'team',
        name: leader?.name ?? '',
        instance: leader?.instance ?? null,
        members: lead && all.includes(lead) ? [lead, ...all.filter((node) => node !== lead)] : all,
        team: one.first.team,
      };
    }),
  };
}

function unitName(unit: Unit | undefined): string {
  return unit === undefined ? '' : unit.instance === null ? unit.name : `${unit.name} #${unit.instance}`;
}

function leaderOf(team: string): string {
  return team.slice('team:'.length);
}

/** The teams around each unit, the innermost first. A tool or guardrail belongs where all that use it belong. */
function findChains(
  units: readonly Unit[],
  links: readonly Link[],
  agents: ReadonlyMap<string, Unit>,
  leaders: ReadonlySet<string>,
): Map<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>();
  for (const { id } of agents.values()) {
    const chain: string[] = [];
    const seen = new Set<string>();
    // An agent that leads a team is in it; a ring, which the engine never gives, ends.
    for (
      let up: string | null = leaders.has(id) ? id : (agents.get(id)?.members[0]?.team ?? null);
      up !== null && agents.has(up) && !seen.has(up);
      up = agents.get(up)?.members[0]?.team ?? null
    ) {
      seen.add(up);
      chain.push(`team:${up}`);
    }
    chains.set(id, chain);
  }
  const isUsed = new Set(units.filter(({ kind }) => kind !== 'agent' && kind !== 'user').map(({ id }) => id));
  for (const { from, to } of links) {
    const own = chains.get(from);
    if (!isUsed.has(to) || !own) continue;
    const known = chains.get(to);
    chains.set(to, known ? commonEnd(known, own) : own);
  }
  return chains;
}

function commonEnd(a: readonly string[], b: readonly string[]): readonly string[] {
  let same = 0;
  while (same < a.length && same < b.length && a[a.length - 1 - same] === b[b.length - 1 - same]) same++;
  return a.slice(a.length - same);
}

/** Folds siblings of one name, then what is still too much, in their order. */
function foldSeveral(
  siblings: readonly Unit[],
  team: string | null,
  choices: Choices,
  moved: Map<string, string>,
): Unit[] {
  const alike = new Map<string, Unit[]>();
  for (const unit of siblings) {
    const key = unit.kind === 'user' ? unit.id : `${unit.kind} ${stem(unit.name)}`;
    const list = alike.get(key);
    if (list) list.push(unit);
    else alike.set(key, [unit]);
  }
  const rows: Unit[] = [];
  const open: Unit[] = [];
  // One card for everything would say nothing, so that begins open.
  const isOpen =
    [...alike.values()].reduce((sum, list) => sum + (list.length < LEAST_SEVERAL ? list.length : 1), 0) < FEW;
  for (const [key, list] of alike) {
    if (list.length < LEAST_SEVERAL) {
      rows.push(...list);
      continue;
    }
    const id = `several:${team ?? ''}:${key}`;
    if (choices.get(id) ?? (isOpen && list.length > MOST_BESIDE)) open.push(...cut(list, id, team, choices, moved));
    else rows.push(several(id, list, team, moved, false));
  }
  return [...(rows.length > MOST_BESIDE ? cut(rows, `several:${team ?? ''}`, team, choices, moved) : rows), ...open];
}

/** Ranges of a long row; opening one cuts it further, until its parts can be read. */
function cut(
  list: readonly Unit[],
  id: string,
  team: string | null,
  choices: Choices,
  moved: Map<string, string>,
): Unit[] {
  if (list.length <= MOST_BESIDE) return [...list];
  const size = Math.max(10, Math.ceil(list.length / RANGES / 10) * 10);
  const parts: Unit[] = [];
  for (let from = 0; from < list.length; from += size) {
    const part = list.slice(from, from + size);
    const range = `${id}:${from + 1}-${from + part.length}`;
    if (choices.get(range) === true) parts.push(...cut(part, range, team, choices, moved));
    else parts.push(several(range, part, team, moved, true));
  }
  return parts;
}

/** In `moved`, what already stands for others takes them along. */
function several(
  id: string,
  list: readonly Unit[],
  team: string | null,
  moved: Map<string, string>,
  isRange: boolean,
): Unit {
  for (const unit of list) moved.set(unit.id, id);
  const [first] = list;
  const last = list.at(-1);
  const oneName = list.every(({ name }) => name === first?.name);
  const name = oneName ? (first?.name ?? '') : `${first?.name ?? ''} … ${last?.name ?? ''}`;
  const [from, to] = [first?.instance ?? 0, last?.instance ?? 0];
  const ranged = isRange && oneName && from > 0 && to > from;
  return {
    id,
    kind: 'several',
    name: ranged ? `${name} #${from}–${to}` : name,
    instance: null,
    members: list.flatMap(({ members }) => members),
    team,
  };
}

/** Names that differ by numbers alone have one stem. */
function stem(name: string): string {
  return name.replace(/\d+/g, '#');
}
