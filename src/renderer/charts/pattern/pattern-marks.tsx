/** What a drawing of a pattern is made of: boxes of who takes part, lines, and the words on them. */
import type { CSSProperties, PointerEvent } from 'react';
import { Bot, ShieldCheck, UserRound, Wrench } from 'lucide-react';
import { agentColour } from '../../theme/agent-colour.ts';
import { visibleString } from '../../widgets/visible-text.ts';
import { keyOf, nodeTitle } from './edit.ts';
import { LABEL_HEIGHT, NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, type PlacedNode } from './layout.ts';
import type { Chosen } from './pattern-field.tsx';
import styles from './pattern.module.css';

export function idOf(chosen: Chosen): string {
  return chosen.type === 'node' ? `node ${chosen.key}` : `edge ${chosen.order}`;
}

export function EdgeLine({ placed, chosen }: { readonly placed: PlacedEdge; readonly chosen: boolean }) {
  const { edge, path, tip } = placed;
  const head = `M${tip.x - 4.5} ${tip.y - 7}L${tip.x} ${tip.y}L${tip.x + 4.5} ${tip.y - 7}`;
  return (
    <g
      className={styles.edge}
      data-verb={edge.verb}
      data-never={edge.never || undefined}
      data-chosen={chosen || undefined}
    >
      <path className={styles.line} d={path} />
      <path className={styles.head} d={head} />
    </g>
  );
}

export function EdgeLabel(props: {
  readonly placed: PlacedEdge;
  readonly title: string;
  readonly chosen: boolean;
  readonly focusable: boolean;
  readonly onChoose: () => void;
}) {
  const { edge, words, label } = props.placed;
  const left = label.x - label.width / 2;
  return (
    <g
      role="button"
      tabIndex={props.focusable ? 0 : -1}
      aria-label={props.title}
      aria-pressed={props.chosen}
      data-item={idOf({ type: 'edge', order: edge.order })}
      className={styles.label}
      data-never={edge.never || undefined}
      onFocus={props.onChoose}
      onClick={props.onChoose}
    >
      <rect x={left} y={label.y - LABEL_HEIGHT / 2} width={label.width} height={LABEL_HEIGHT} rx={LABEL_HEIGHT / 2} />
      <circle cx={left + 10} cy={label.y} r={7.5} />
      <text className={styles.number} x={left + 10} y={label.y}>
        {edge.order + 1}
      </text>
      <text className={styles.words} x={left + 22} y={label.y}>
        {words}
      </text>
    </g>
  );
}

export function NodeBox(props: {
  readonly placed: PlacedNode;
  readonly chosen: boolean;
  readonly arrow: 'from' | 'to' | null;
  readonly focusable: boolean;
  readonly movable: boolean;
  readonly onFocus: () => void;
  readonly onChoose: () => void;
  readonly onPress: (event: PointerEvent<SVGGElement>) => void;
}) {
  const { node, x, y } = props.placed;
  const title = visibleString(nodeTitle(node).slice(0, 300));
  const anyone = node.names.length === 0;
  const [first] = node.names;
  const colour = node.kind === 'agent' && first ? agentColour(first.text).solid : 'var(--agent-none)';
  const Icon = node.kind === 'tool' ? Wrench : node.kind === 'guardrail' ? ShieldCheck : anyone ? UserRound : Bot;
  return (
    <g
      role="button"
      tabIndex={props.focusable ? 0 : -1}
      aria-label={`${anyone ? '' : `${node.kind} `}${title}`}
      aria-pressed={props.chosen}
      data-item={idOf({ type: 'node', key: keyOf(node) })}
      className={styles.node}
      data-kind={node.kind}
      data-anyone={anyone || undefined}
      data-arrow={props.arrow ?? undefined}
      style={{ '--agent': colour } as CSSProperties}
      onFocus={props.onFocus}
      onClick={props.onChoose}
      onPointerDown={props.onPress}
    >
      <title>{title}</title>
      <foreignObject x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT} className={styles.frame}>
        <div className={styles.card}>
          <span className={styles.grip} data-grip title={props.movable ? 'Drag to move it, or Shift+← →' : undefined}>
            <Icon size={13} aria-hidden />
          </span>
          <bdi>{title}</bdi>
        </div>
      </foreignObject>
    </g>
  );
}
