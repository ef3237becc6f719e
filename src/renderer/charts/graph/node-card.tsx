import { memo } from 'react';
import { Bot, CircleAlert, Layers, ShieldCheck, Sparkles, User, UsersRound, Wrench } from 'lucide-react';
import { formatDuration } from '#shared/time.ts';
import { agentColour } from '../../theme/agent-colour.ts';
import { formatCompact } from '../../widgets/format.ts';
import { Money } from '../../widgets/money.tsx';
import { type FaultMark, faultWords } from '../fault-mark.ts';
import { FaultPin } from '../fault-pin.tsx';
import { type NoteMark, noteWords } from '../note-mark.ts';
import { NotePin } from '../note-pin.tsx';
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
  readonly fault: FaultMark | null;
  readonly note: NoteMark | null;
};

/** One node. Clicks, keys and the pointer are handled by the picture, once for all. */
export const NodeCard = memo(function NodeCard({ node, box, tone, tabStop, fault, note }: Props) {
  const first = node.members[0];
  const isBig = node.kind === 'agent' || node.kind === 'team' || node.kind === 'several';
  const isAgents = isBig && first?.kind === 'agent';
  const colour = isAgents ? agentColour(first?.name ?? '').solid : 'var(--n-5)';
  return (
    <g
      className={`${styles.node} ${styles[node.kind] ?? ''} ${styles[tone] ?? ''}`}
      style={{ transform: `translate(${box.x}px, ${box.y}px)` }}
      data-testid={`node:${node.id}`}
      data-place={`node:${node.id}`}
      role="button"
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={tone === 'selected'}
      aria-expanded={node.folds > 0 ? false : undefined}
      aria-label={`${nodeSentence(node.kind, spokenName(node), node.members)}${faultWords(fault)}${noteWords(note)}`}
    >
      <foreignObject width={box.width} height={box.height} className={styles.frame}>
        <div className={styles.card} style={{ '--agent': colour } as React.CSSProperties}>
          {isBig ? <AgentFace node={node} /> : <SmallFace node={node} />}
        </div>
      </foreignObject>
      {fault && <FaultPin mark={fault} x={box.width - 10} y={0} />}
      {note && <NotePin mark={note} x={12} y={0} />}
    </g>
  );
});

function AgentFace({ node }: { readonly node: ViewNode }) {
  const total = sum(node.members);
  const Face = node.kind === 'team' ? UsersRound : node.kind === 'several' ? Layers : Bot;
  return (
    <>
      <div className={styles.head}>
        <Face size={14} strokeWidth={2} className={styles.face} aria-hidden />
        <Name node={node} />
        {node.folds > 0 && <span className={styles.folds}>×{formatCompact(node.folds)}</span>}
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
  const Icon =
    node.kind === 'user' ? User : node.kind === 'tools' ? Layers : node.kind === 'guardrail' ? ShieldCheck : Wrench;
  const { errors, triggered } = sum(node.members);
  return (
    <div className={styles.head}>
      <Icon size={node.kind === 'user' ? 14 : 12} strokeWidth={1.9} className={styles.face} aria-hidden />
      <Name node={node} />
      <Errors count={node.kind === 'user' ? 0 : errors} />
      {triggered > 0 && (
        <span className={styles.triggered}>triggered{triggered > 1 ? ` ×${formatCompact(triggered)}` : ''}</span>
      )}
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
