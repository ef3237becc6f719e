import type { ComponentProps, ReactNode } from 'react';
import { agentColour } from '../theme/agent-colour.ts';
import { visibleString } from './visible-text.ts';
import styles from './chip.module.css';

export type ChipTone = 'neutral' | 'accent' | 'ok' | 'error' | 'warn' | 'running';

export type ChipProps = ComponentProps<'span'> & {
  readonly tone?: ChipTone;
  readonly icon?: ReactNode;
};

/** A small fact. Long text is cut with an ellipsis; give `title` for the whole. */
export function Chip({ tone = 'neutral', icon, children, className, ...rest }: ChipProps) {
  return (
    <span className={`${styles.chip} ${styles[tone] ?? ''} ${className ?? ''}`} {...rest}>
      {icon}
      <span className={styles.text}>{children}</span>
    </span>
  );
}

/** Longer names are cut off long before. */
const LONGEST_NAME = 1_000;

/** An agent by its name, as received, and its colour. */
export function AgentChip({ name, className, ...rest }: ComponentProps<'span'> & { readonly name: string }) {
  const colour = agentColour(name);
  const shown = visibleString(name.slice(0, LONGEST_NAME));
  return (
    <span
      className={`${styles.chip} ${styles.agent} ${className ?? ''}`}
      style={{ background: colour.soft }}
      title={name === '' ? 'No agent' : shown}
      {...rest}
    >
      <span className={styles.dot} style={{ background: colour.solid }} />
      <span className={styles.text}>{name === '' ? 'no agent' : shown}</span>
    </span>
  );
}
