/**
 * Which agents work inside the work of another: an agent called as a tool, a sub-agent, the members of a crew. Control
 * that is handed on stays in the same team, also where the span of the next agent lies inside that of the one before.
 */
import type { Contacts, NodeIds } from './graph-arcs.ts';
import type { Scene } from './graph-stays.ts';
import { at } from './at.ts';

/**
 * Node id of the leading agent by node id. One that worked under several, or sometimes under none, is in no team; nor is
 * one that would lead itself.
 */
export function findTeams({ stays }: Scene, { handoffs }: Contacts, ids: NodeIds): Map<string, string> {
  const handedFrom = new Map(handoffs.filter(({ to }) => to >= 0).map(({ from, to }) => [to, from]));
  // Stays stand in tree order, so that what holds one comes before it.
  const leader: number[] = [];
  for (const { index, caller } of stays) {
    const handed = caller >= 0 && handedFrom.get(index) === caller;
    leader.push(handed && caller < index ? at(leader, caller) : caller);
  }
  const found = new Map<string, string | null>();
  for (const stay of stays) {
    const id = ids.stay(stay);
    const above = at(leader, stay.index);
    const team = above < 0 ? null : ids.stay(at(stays, above));
    const known = found.get(id);
    // An agent that calls itself says nothing about whose team it is in.
    if (team === id) continue;
    found.set(id, known === undefined || known === team ? team : null);
  }
  const teams = new Map<string, string>();
  for (const [id, team] of found) if (team !== null && !leadsTo(teams, team, id)) teams.set(id, team);
  return teams;
}

function leadsTo(teams: ReadonlyMap<string, string>, from: string, id: string): boolean {
  for (let up: string | undefined = from; up !== undefined; up = teams.get(up)) if (up === id) return true;
  return false;
}
