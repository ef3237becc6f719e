/**
 * Agent colours as plain values. What scrolls by is styled anew each time, and `color-mix(var(…))` costs the browser
 * several times what a value does.
 */
import { useMemo } from 'react';
import { agentColour, type AgentColour } from '../../../theme/agent-colour.ts';
import { resolveColour } from '../../../theme/resolve-colour.ts';
import { useThemeRevision } from '../../../theme/theme.ts';

export type AgentPaint = (agent: string) => AgentColour;

/** A new function when the theme changes, the same one otherwise. */
export function useAgentPaint(): AgentPaint {
  const theme = useThemeRevision();
  return useMemo(() => createPaint(theme), [theme]);
}

function createPaint(_theme: number): AgentPaint {
  // By colour, of which there are few, not by name, of which there may be 10,000.
  const values = new Map<string, AgentColour>();
  return (agent) => {
    const { solid, soft } = agentColour(agent);
    let value = values.get(solid);
    if (!value) {
      value = { solid: resolveColour(solid), soft: resolveColour(soft) };
      values.set(solid, value);
    }
    return value;
  };
}
