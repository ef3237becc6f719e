/** How boxes look: by agent, or by kind. Resolved once per theme and colour, since a canvas knows no variables. */
import { useMemo } from 'react';
import { SPAN_KINDS, type SpanKind } from '#shared/record.ts';
import { agentColour } from '../../../../theme/agent-colour.ts';
import { resolveColour } from '../../../../theme/resolve-colour.ts';
import { useThemeRevision } from '../../../../theme/theme.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';
import type { FlameColours, Paint } from './draw-flame.ts';
import type { FlameScene } from './scene.ts';

export type ColourBy = 'agent' | 'kind';

export type BoxLook = {
  readonly fill: string;
  readonly text: string;
  readonly edge: string;
  /** Model calls are full, so that they stand out from what is around them. */
  readonly solid: boolean;
};

/** From the palette of agents, far apart from each other; frames around work have none. */
const KIND_COLOURS: Readonly<Record<SpanKind, string>> = {
  agent: 'var(--agent-none)',
  generation: 'var(--agent-0)',
  tool: 'var(--agent-1)',
  handoff: 'var(--agent-3)',
  guardrail: 'var(--agent-2)',
  retrieval: 'var(--agent-6)',
  evaluator: 'var(--agent-4)',
  chain: 'var(--agent-none)',
  custom: 'var(--agent-5)',
};

const GENERATION = SPAN_KINDS.indexOf('generation');
const LABEL = 120;

export function kindColour(kind: SpanKind): string {
  return KIND_COLOURS[kind];
}

export function useFlamePaint(scene: FlameScene, by: ColourBy): Paint {
  const theme = useThemeRevision();
  return useMemo(() => createPaint(scene, by, theme), [scene, by, theme]);
}

export function useFlameColours(): FlameColours {
  const theme = useThemeRevision();
  return useMemo(() => readColours(theme), [theme]);
}

function createPaint({ table, face, counts }: FlameScene, by: ColourBy, _theme: number): Paint {
  const { columns } = table;
  const onFull = resolveColour('var(--n-0)');
  const onSoft = resolveColour('var(--n-7)');
  const looks = new Map<string, BoxLook>();
  // By agent or kind: of either there are few where there are many spans.
  const known: (BoxLook | undefined)[] = [];
  const labels: (string | undefined)[] = [];
  function make(colour: string, solid: boolean): BoxLook {
    const key = `${colour}${solid ? ' solid' : ''}`;
    const before = looks.get(key);
    if (before) return before;
    const edge = resolveColour(colour);
    const fill = solid ? edge : resolveColour(`color-mix(in oklab, ${colour} 26%, var(--n-0))`);
    const look = { fill, edge, solid, text: solid ? onFull : onSoft };
    looks.set(key, look);
    return look;
  }
  return {
    look(row) {
      const kind = columns.kind[row] ?? 0;
      const agent = columns.agent[row] ?? 0;
      const code = by === 'agent' ? agent * 2 + (kind === GENERATION ? 1 : 0) : kind;
      let look = known[code];
      if (!look) {
        const colour =
          by === 'agent' ? agentColour(columns.strings[agent] ?? '').solid : KIND_COLOURS[SPAN_KINDS[kind] ?? 'custom'];
        look = make(colour, kind === GENERATION);
        known[code] = look;
      }
      return look;
    },
    label(owner) {
      let label = labels[owner];
      if (label === undefined) {
        const count = counts[owner] ?? 1;
        const name = spanName(columns.strings[columns.name[face[owner] ?? 0] ?? 0] ?? '');
        label = count > 1 ? `${name} ×${count.toLocaleString('en-US')}` : name;
        labels[owner] = label;
      }
      return label;
    },
  };
}

/** As it is shown: cut, and with nothing hidden in it. */
export function spanName(name: string): string {
  const cut = name.length > LABEL ? `${name.slice(0, LABEL)}…` : name;
  return visibleString(cut).trim() || 'no name';
}

function readColours(_theme: number): FlameColours {
  return {
    back: resolveColour('var(--n-0)'),
    line: resolveColour('var(--n-2)'),
    accent: resolveColour('var(--accent)'),
    error: resolveColour('var(--error)'),
    mark: resolveColour('color-mix(in oklab, var(--mark) 70%, var(--warn))'),
    text: resolveColour('var(--n-7)'),
  };
}
