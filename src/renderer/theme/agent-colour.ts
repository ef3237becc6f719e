/**
 * A stable colour per agent name: the same name has the same colour in every trace, pane and session, unless two agents
 * of the open trace would share one: then the later one takes the next free colour.
 */
const COLOURS = 10;

/** Colours of the open trace's agents. Not state of a component: canvases and charts ask while they draw. */
let toldApart: ReadonlyMap<string, number> = new Map();

/** `names` in order of appearance, so that an agent that joins a running trace recolours nobody. */
export function tellAgentsApart(names: readonly string[]): void {
  const taken = new Set<number>();
  const colours = new Map<string, number>();
  for (const name of names) {
    let colour = agentColourIndex(name);
    while (taken.has(colour) && taken.size < COLOURS) colour = (colour + 1) % COLOURS;
    taken.add(colour);
    colours.set(name, colour);
  }
  toldApart = colours;
}

export type AgentColour = { readonly solid: string; readonly soft: string };

const none: AgentColour = {
  solid: 'var(--agent-none)',
  soft: 'color-mix(in oklab, var(--agent-none) 14%, var(--n-0))',
};

const palette: readonly AgentColour[] = Array.from({ length: COLOURS }, (_, index) => ({
  solid: `var(--agent-${index})`,
  soft: `color-mix(in oklab, var(--agent-${index}) 16%, var(--n-0))`,
}));

/** CSS colours; the empty name (work of no agent) is neutral. For a canvas, see `resolveColour`. */
export function agentColour(name: string): AgentColour {
  return name === '' ? none : (palette[toldApart.get(name) ?? agentColourIndex(name)] ?? none);
}

/** 0…9 from an FNV-1a hash; only the first 200 characters count. */
export function agentColourIndex(name: string): number {
  let hash = 0x811c9dc5;
  const length = Math.min(name.length, 200);
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  // FNV leaves short names alike in the low bits.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) % COLOURS;
}
