/** What is known of the box under the pointer. */
import { CircleAlert } from 'lucide-react';
import { formatDuration } from '#shared/time.ts';
import { KIND_LABELS, KindIcon, STATUS_LABELS } from '../../../../theme/kind-icon.tsx';
import { AgentChip } from '../../../../widgets/chip.tsx';
import { formatCost, formatCount } from '../../../../widgets/format.ts';
import { AnnotationBadge } from '../../annotations/annotation-badge.tsx';
import { FaultBadge } from '../../faults/fault-badge.tsx';
import { readRow } from '../../model/span-table.ts';
import { spanName } from './flame-paint.ts';
import { share, weightText } from './flame-words.ts';
import type { FlameScene } from './scene.ts';
import styles from './flame.module.css';

const MOST_MEMBERS = 5;
const WIDTH = 270;

type Props = {
  readonly scene: FlameScene;
  readonly owner: number;
  /** Of the pointer in the picture. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export function FlameCard({ scene, owner, x, y, width, height }: Props) {
  const { table, folded } = scene;
  const row = scene.face[owner] ?? -1;
  const span = readRow(table, row);
  if (!span) return null;
  const count = scene.counts[owner] ?? 1;
  const failed = scene.failed[owner] ?? 0;
  const times = table.times();
  const length = (of: number): number => (times.end[of] ?? 0) - (times.start[of] ?? 0);
  const tokens = (span.inputTokens ?? 0) + (span.outputTokens ?? 0);
  const facts: [string, string][] = folded
    ? [
        [
          'In all',
          `${weightText(folded.weight, folded.weighed.total[owner] ?? 0)} · ${share(folded.weighed.total[owner] ?? 0, folded.weighed.sum)}`,
        ],
        [
          'Itself',
          `${weightText(folded.weight, folded.weighed.self[owner] ?? 0)} · ${share(folded.weighed.self[owner] ?? 0, folded.weighed.sum)}`,
        ],
        ['Spans', formatCount(count)],
      ]
    : [
        [
          'Took',
          times.timed && span.start !== null
            ? `${formatDuration(length(row))}${span.status === 'running' ? ' so far' : ''}`
            : 'not recorded',
        ],
        [
          'Began',
          times.timed && span.start !== null
            ? `${formatDuration(times.start[row] ?? 0)} after the start`
            : times.timed
              ? 'not recorded'
              : `step ${formatCount(row + 1)}`,
        ],
        ...(span.inputTokens !== null || span.outputTokens !== null
          ? [
              ['Tokens', `${formatCount(span.inputTokens ?? 0)} in, ${formatCount(span.outputTokens ?? 0)} out`] as [
                string,
                string,
              ],
            ]
          : []),
        ...(span.cost === null
          ? []
          : [['Cost', `${span.costBasis === 'estimated' ? '≈ ' : ''}${formatCost(span.cost)}`] as [string, string]]),
      ];
  const members = folded && count > 1 ? scene.members(owner).slice(0, MOST_MEMBERS) : [];
  const left = Math.max(4, Math.min(x + 14, width - WIDTH - 4));
  const below = y < height * 0.55;
  return (
    <div
      className={styles.card}
      style={below ? { left, top: y + 16, width: WIDTH } : { left, bottom: height - y + 12, width: WIDTH }}
      aria-hidden
      data-testid="flame-card"
    >
      <p className={styles.cardName}>
        <KindIcon kind={span.kind} size={13} />
        <span>{spanName(span.name)}</span>
        <FaultBadge spanId={span.id} />
        <AnnotationBadge spanId={span.id} />
      </p>
      <p className={styles.cardOf}>
        {KIND_LABELS[span.kind]}
        {span.agent !== '' && <AgentChip name={span.agent} />}
      </p>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {failed > 0 ? (
        <p className={styles.cardError}>
          <CircleAlert size={12} />
          {count > 1 ? `${formatCount(failed)} of ${formatCount(count)} failed` : 'Failed'}
        </p>
      ) : (
        count === 1 && tokens === 0 && <p className={styles.quiet}>{STATUS_LABELS[span.status]}</p>
      )}
      {members.length > 0 && folded && (
        <ol className={styles.members}>
          {members.map((member) => (
            <li key={member}>
              <span>
                {times.timed ? `at ${formatDuration(times.start[member] ?? 0)}` : `step ${formatCount(member + 1)}`}
              </span>
              <span>{weightText(folded.weight, folded.own[member] ?? 0)} itself</span>
            </li>
          ))}
          {count > members.length && (
            <li className={styles.quiet}>and {formatCount(count - members.length)} more: Enter goes through them</li>
          )}
        </ol>
      )}
    </div>
  );
}
