import { ChevronsDownUp, Maximize, MoveRight, MoveDown, Search, ZoomIn, ZoomOut } from 'lucide-react';
import type { AgentGraph } from '#shared/graph.ts';
import type { Toggles, ViewGraph } from '../../../charts/graph/view-graph.ts';
import { Button, IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { useGraphOptions } from './graph-options.ts';
import styles from './graph-pane.module.css';

/** Below this many nodes the eye is quicker than a search. */
const SEARCH_FROM = 12;

type Props = {
  readonly graph: AgentGraph;
  readonly view: ViewGraph;
  readonly toggles: Toggles;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly onFind: () => void;
  readonly matches: number | null;
  /** Folds (false) or unfolds all teams. */
  readonly onTeams: (open: boolean) => void;
  /** Whether the person opened anything. */
  readonly opened: boolean;
  readonly onFold: () => void;
  readonly onFit: () => void;
  readonly onZoom: (factor: number) => void;
};

export function GraphBar(props: Props) {
  const { graph, view, toggles, search, matches } = props;
  const { expanded, direction, style } = useGraphOptions();
  const set = useGraphOptions.setState;
  const tools = graph.nodes.filter((node) => node.kind === 'tool').length;
  const returns = graph.edges.filter((edge) => edge.kind === 'return').length;
  const guardrails = graph.nodes.filter((node) => node.kind === 'guardrail').length;
  const hasTeams = graph.nodes.some((node) => node.team !== null);
  const teamsOpen = view.teams.length > 0;
  const hasUser = graph.nodes.some((node) => node.kind === 'user');
  return (
    <div className={styles.bar} role="toolbar" aria-label="Graph">
      <div className={styles.choice} role="group" aria-label="Grouping">
        <Toggle on={!expanded} onChange={() => set({ expanded: false })} label="Aggregated" hint="One node per agent" />
        <Toggle
          on={expanded}
          onChange={() => set({ expanded: true })}
          label="As it ran"
          hint="One node each time an agent ran"
        />
      </div>
      <div className={styles.toggles} role="group" aria-label="Show">
        {tools > 0 && (
          <Toggle
            on={toggles.tools}
            onChange={(on) => set({ tools: on })}
            label={`Tools ${formatCount(tools)}`}
            hint="Show the tools that agents called"
          />
        )}
        {guardrails > 0 && (
          <Toggle
            on={toggles.guardrails}
            onChange={(on) => set({ guardrails: on })}
            label={`Guardrails ${formatCount(guardrails)}`}
            hint="Show what checked the agents"
          />
        )}
        {hasUser && (
          <Toggle
            on={toggles.user}
            onChange={(on) => set({ user: on })}
            label="User"
            hint="Show what came from and went to the user"
          />
        )}
        {returns > 0 && (
          <Toggle
            on={toggles.returns}
            onChange={(on) => set({ returns: on })}
            label="Returns"
            hint="Show what called agents gave back"
          />
        )}
        {hasTeams && (
          <Toggle
            on={teamsOpen}
            onChange={props.onTeams}
            label="Teams"
            hint="Show the agents inside teams; off: one node for each team"
          />
        )}
        {props.opened && !hasTeams && (
          <Button variant="ghost" icon={<ChevronsDownUp size={13} aria-hidden />} onClick={props.onFold}>
            Fold again
          </Button>
        )}
      </div>
      <div className={styles.tools}>
        {(view.nodes.length + view.omitted >= SEARCH_FROM || search !== '') && (
          <label className={styles.search}>
            <Search size={13} aria-hidden />
            <input
              type="search"
              value={search}
              placeholder="Find an agent or tool"
              aria-label="Find an agent or tool in the graph"
              onChange={(event) => props.onSearch(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') props.onFind();
                if (event.key === 'Escape') props.onSearch('');
              }}
            />
            {matches !== null && <span className={styles.matches}>{formatCount(matches)}</span>}
          </label>
        )}
        <span className={styles.choice} role="group" aria-label="Layout">
          <Toggle
            on={style === 'layered'}
            onChange={() => set({ style: 'layered' })}
            label="Layers"
            hint="In layers, in the direction of reading"
          />
          <Toggle
            on={style === 'force'}
            onChange={() => set({ style: 'force' })}
            label="Force"
            hint="What belongs together is near"
          />
        </span>
        <IconButton
          disabled={style === 'force'}
          label={directionLabel(direction)}
          icon={direction === 'TB' ? <MoveDown size={14} aria-hidden /> : <MoveRight size={14} aria-hidden />}
          pressed={direction !== null}
          onClick={() => set({ direction: direction === null ? 'LR' : direction === 'LR' ? 'TB' : null })}
        />
        <span className={styles.zoom}>
          <IconButton label="Zoom out" icon={<ZoomOut size={14} aria-hidden />} onClick={() => props.onZoom(1 / 1.4)} />
          <IconButton label="Zoom in" icon={<ZoomIn size={14} aria-hidden />} onClick={() => props.onZoom(1.4)} />
        </span>
        <IconButton label="Fit to pane" keys="0" icon={<Maximize size={14} aria-hidden />} onClick={props.onFit} />
      </div>
      <span className="visually-hidden" role="status">
        {`${view.nodes.length} nodes and ${view.edges.length} edges shown`}
      </span>
    </div>
  );
}

function directionLabel(direction: 'LR' | 'TB' | null): string {
  return direction === null
    ? 'Direction: whichever fits'
    : direction === 'LR'
      ? 'Direction: left to right'
      : 'Direction: top down';
}

function Toggle({
  on,
  onChange,
  label,
  hint,
}: {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly label: string;
  readonly hint: string;
}) {
  return (
    <button type="button" className={styles.toggle} aria-pressed={on} title={hint} onClick={() => onChange(!on)}>
      {label}
    </button>
  );
}
