import { memo } from 'react';
import { Bot, ShieldCheck, User, Wrench } from 'lucide-react';
import type { Box } from '../../../charts/graph/layout-types.ts';
import { agentColour } from '../../../theme/agent-colour.ts';
import { cutToWidth, type DrawnNode } from './model/picture.ts';
import type { Tone } from './map-edge.tsx';
import styles from './map-picture.module.css';

type Props = {
  readonly node: DrawnNode;
  readonly box: Box;
  readonly tone: Tone;
  readonly tabStop: boolean;
  readonly says: string;
};

const ICONS = { agent: Bot, tool: Wrench, guardrail: ShieldCheck, user: User } as const;

/** Plain SVG, so that an exported picture is the same anywhere. */
export const MapNode = memo(function MapNode({ node, box, tone, tabStop, says }: Props) {
  const Icon = ICONS[node.kind];
  const colour = node.kind === 'agent' ? agentColour(node.name).solid : 'var(--n-5)';
  const { width, height } = box;
  return (
    <g
      className={`${styles.node} ${styles[node.kind] ?? ''} ${styles[tone] ?? ''}`}
      style={{ '--agent': colour } as React.CSSProperties}
      transform={`translate(${box.x},${box.y})`}
      data-place={`node:${node.id}`}
      data-testid={`map-node:${node.id}`}
      role="button"
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={tone === 'selected'}
      aria-label={says}
    >
      <rect width={width} height={height} rx={node.kind === 'user' ? height / 2 : 7} className={styles.card} />
      {node.kind === 'agent' && <rect width={4} height={height - 12} x={0} y={6} rx={2} className={styles.stripe} />}
      <Icon x={11} y={7} width={13} height={13} strokeWidth={2} className={styles.icon} aria-hidden />
      <text x={30} y={15} className={styles.name}>
        {cutToWidth(node.title, width - 38, 7.6)}
      </text>
      <text x={30} y={32} className={styles.about}>
        {node.about}
      </text>
    </g>
  );
});
