import type { ComponentProps, ReactNode } from 'react';
import { agentColour } from '../theme/agent-colour.ts';
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

/** An agent by its name and colour. */
export function AgentChip({ name, className, ...rest }: ComponentProps<'span'> & { readonly name: string }) {
  const colour = agentColour(name);
  return (
    <span
      className={`${styles.chip} ${styles.agent} ${className ?? ''}`}
      style={{ background: colour.soft }}
      title={name === '' ? 'No agent' : name}
      {...rest}
    >
      <span className={styles.dot} style={{ background: colour.solid }} />
      <span className={styles.text}>{name === '' ? 'no agent' : name}</span>
    </span>
  );
}
