import { memo } from 'react';
import { ChevronsDownUp, UsersRound } from 'lucide-react';
import { agentColour } from '../../theme/agent-colour.ts';
import { formatCount } from '../../widgets/format.ts';
import type { Box } from './layout-types.ts';
import type { ViewTeam } from './view-graph.ts';
import { displayName, textWidth } from './wording.ts';
import styles from './agent-graph.module.css';

type Props = { readonly team: ViewTeam; readonly box: Box };

/** The frame of an open team, under all that it holds. */
export const TeamFrame = memo(function TeamFrame({ team, box }: Props) {
  return (
    <g className={styles.team} style={{ '--agent': agentColour(team.leader).solid } as React.CSSProperties}>
      <rect {...box} rx={12} className={styles.teamArea} />
    </g>
  );
});

/** Its title, on the upper line and over the arrows that cross it: a button that folds the team. */
export const TeamHead = memo(function TeamHead({ team, box }: Props) {
  const name = displayName(team.name);
  const title = `${name}’s team`;
  const width = Math.min(box.width - 12, textWidth(title, 6.4) + 50);
  return (
    <g
      role="button"
      tabIndex={0}
      aria-expanded
      aria-label={`Team of ${name}: ${formatCount(team.members.length)} shown. Fold it into one.`}
      data-team={team.id}
      data-testid={team.id}
      className={`${styles.team} ${styles.teamHead}`}
      style={
        {
          '--agent': agentColour(team.leader).solid,
          transform: `translate(${box.x + 8}px, ${box.y}px) scale(min(var(--label-scale, 1), 2.2))`,
        } as React.CSSProperties
      }
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
  );
});
