/** A stable colour per agent name: the same name has the same colour in every trace, pane and session. */
const COLOURS = 10;

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
  return name === '' ? none : (palette[agentColourIndex(name)] ?? none);
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
