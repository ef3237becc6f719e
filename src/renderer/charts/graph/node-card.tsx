import { memo } from 'react';
import { Bot, CircleAlert, Layers, Sparkles, User, Wrench } from 'lucide-react';
import { formatDuration } from '#shared/time.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { formatCompact } from '../../widgets/format.ts';
import { Money } from '../../widgets/money.tsx';
import type { Box } from './layout-types.ts';
import type { ViewNode } from './view-graph.ts';
import { nodeSentence, sum } from './wording.ts';
import styles from './agent-graph.module.css';

/** How an item stands out: selected is what the person chose, near is around it, dim is everything else. */
export type Tone = 'plain' | 'selected' | 'near' | 'dim';

type Props = {
  readonly node: ViewNode;
  readonly box: Box;
  readonly tone: Tone;
  readonly tabStop: boolean;
};

/** One node. Clicks, keys and the pointer are handled by the picture, once for all. */
export const NodeCard = memo(function NodeCard({ node, box, tone, tabStop }: Props) {
  const first = node.members[0];
  const colour = node.kind === 'agent' ? agentColour(first?.name ?? '').solid : 'var(--n-5)';
  return (
    <g
      className={`${styles.node} ${styles[node.kind] ?? ''} ${styles[tone] ?? ''}`}
      style={{ transform: `translate(${box.x}px, ${box.y}px)` }}
      data-testid={`node:${node.id}`}
      data-place={`node:${node.id}`}
      role="button"
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={tone === 'selected'}
      aria-label={nodeSentence(node.kind, spokenName(node), node.members)}
    >
      <foreignObject width={box.width} height={box.height} className={styles.frame}>
        <div className={styles.card} style={{ '--agent': colour } as React.CSSProperties}>
          {node.kind === 'agent' ? <AgentFace node={node} /> : <SmallFace node={node} />}
        </div>
      </foreignObject>
    </g>
  );
});

function AgentFace({ node }: { readonly node: ViewNode }) {
  const total = sum(node.members);
  return (
    <>
      <div className={styles.head}>
        <Bot size={14} strokeWidth={2} className={styles.face} aria-hidden />
        <Name node={node} />
        <Errors count={total.errors} />
      </div>
      <div className={styles.stats}>
        {total.generations > 0 && (
          <span>
            <Sparkles size={10} aria-hidden /> {formatCompact(total.generations)}
          </span>
        )}
        {total.toolCalls > 0 && (
          <span>
            <Wrench size={10} aria-hidden /> {formatCompact(total.toolCalls)}
          </span>
        )}
        {total.tokens !== null && <span>{formatCompact(total.tokens)} tok</span>}
        {total.cost !== null && (
          <span>
            <Money usd={total.cost} basis={total.costBasis} />
          </span>
        )}
        {total.busyMs !== null && <span className={styles.busy}>{formatDuration(total.busyMs * 1e6)}</span>}
      </div>
    </>
  );
}

function SmallFace({ node }: { readonly node: ViewNode }) {
  const Icon = node.kind === 'user' ? User : node.kind === 'tools' ? Layers : Wrench;
  return (
    <div className={styles.head}>
      <Icon size={node.kind === 'user' ? 14 : 12} strokeWidth={1.9} className={styles.face} aria-hidden />
      <Name node={node} />
      <Errors count={node.kind === 'user' ? 0 : sum(node.members).errors} />
    </div>
  );
}

function Name({ node }: { readonly node: ViewNode }) {
  return (
    <span className={styles.name}>
      <bdi>{node.name}</bdi>
      {node.instance !== null && <span className={styles.instance}>#{node.instance}</span>}
    </span>
  );
}

function Errors({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span className={styles.errors}>
      <CircleAlert size={11} strokeWidth={2.2} aria-hidden />
      {formatCompact(count)}
    </span>
  );
}

export function spokenName(node: ViewNode): string {
  return node.kind === 'user' ? 'the user' : node.instance === null ? node.name : `${node.name} #${node.instance}`;
}
