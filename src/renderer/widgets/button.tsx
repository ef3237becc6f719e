import type { ComponentProps, ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';
import styles from './button.module.css';

export type ButtonProps = ComponentProps<'button'> & {
  readonly variant?: 'plain' | 'primary' | 'ghost' | 'danger';
  readonly icon?: ReactNode;
};

export function Button({ variant = 'plain', icon, children, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={`${styles.button} ${styles[variant] ?? ''} ${className ?? ''}`} {...rest}>
      {icon}
      {children}
    </button>
  );
}

export type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  /** Its accessible name and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly keys?: string | undefined;
  readonly pressed?: boolean;
};

export function IconButton({ label, icon, keys, pressed, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={`${styles.button} ${styles.ghost} ${styles.square} ${className ?? ''}`}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
