import { memo } from 'react';
import { ChevronsDownUp, UsersRound } from 'lucide-react';
import { agentColour } from '../../theme/agent-colour.ts';
import { formatCount } from '../../widgets/format.ts';
import type { Box } from './layout-types.ts';
import type { ViewTeam } from './view-graph.ts';
import { textWidth } from './wording.ts';
import styles from './agent-graph.module.css';

/** The frame of an open team. Its title, on the upper line, is a button that folds it. */
export const TeamFrame = memo(function TeamFrame({ team, box }: { readonly team: ViewTeam; readonly box: Box }) {
  const title = `${team.name}’s team`;
  const width = Math.min(box.width - 12, textWidth(title, 6.4) + 50);
  const colour = agentColour(team.leader).solid;
  return (
    <g className={styles.team} style={{ '--agent': colour } as React.CSSProperties}>
      <rect {...box} rx={12} className={styles.teamArea} />
      <g
        role="button"
        tabIndex={0}
        aria-expanded
        aria-label={`Team of ${team.name}: ${formatCount(team.members.length)} shown. Fold it into one.`}
        data-team={team.id}
        data-testid={team.id}
        className={styles.teamHead}
        style={{ transform: `translate(${box.x + 8}px, ${box.y}px) scale(min(var(--label-scale, 1), 2.2))` }}
      >
        <title>Fold this team into one</title>
        <foreignObject x={0} y={-14} width={Math.max(40, width)} height={18}>
          <div className={styles.teamTitle}>
            <UsersRound size={11} aria-hidden />
            <bdi>{title}</bdi>
            <ChevronsDownUp size={11} aria-hidden />
          </div>
        </foreignObject>
      </g>
    </g>
  );
});
