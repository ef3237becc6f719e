/** Frames around the cards of each open team. */
import type { Box, LayoutInput } from './layout-types.ts';

/** Pixels between the outermost card, or the frame of a nested team, and the frame; the title stands on its upper line. */
const PADDING = 9;

/** A team whose frame would hold or cut another's card gets none. */
export function frameTeams(
  { nodes, teams = [] }: LayoutInput,
  boxes: ReadonlyMap<string, Box>,
  size: { readonly width: number; readonly height: number },
): Map<string, Box> {
  const frames = new Map<string, Box>();
  if (teams.length === 0) return frames;
  const parents = new Map(teams.map(({ id, parent }) => [id, parent]));
  const members = new Map<string, Set<string>>(teams.map(({ id }) => [id, new Set()]));
  for (const { id, team = null } of nodes) {
    for (let up = team; up !== null; up = parents.get(up) ?? null) members.get(up)?.add(id);
  }
  // Inner ones first: an outer frame goes around them.
  for (const { id } of teams.toReversed()) {
    const own = members.get(id) ?? new Set();
    if (own.size < 2) continue;
    const inner = teams.flatMap((team) => (team.parent === id ? (frames.get(team.id) ?? []) : []));
    const held = [...[...own].flatMap((member) => boxes.get(member) ?? []), ...inner];
    const left = Math.max(1, Math.min(...held.map((box) => box.x)) - PADDING);
    const top = Math.max(9, Math.min(...held.map((box) => box.y)) - PADDING - 4);
    const right = Math.min(size.width - 1, Math.max(...held.map((box) => box.x + box.width)) + PADDING);
    const bottom = Math.min(size.height - 1, Math.max(...held.map((box) => box.y + box.height)) + PADDING);
    const frame = { x: left, y: top, width: right - left, height: bottom - top };
    const isAlone = [...boxes].every(
      ([node, { x, y, width, height }]) =>
        own.has(node) || x >= right || y >= bottom || x + width <= left || y + height <= top,
    );
    if (isAlone) frames.set(id, frame);
  }
  return frames;
}
