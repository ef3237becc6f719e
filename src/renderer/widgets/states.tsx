import type { ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import type { AppError } from '#shared/result.ts';
import { Button } from './button.tsx';
import styles from './states.module.css';

/** What a place says when it has nothing to show: why, and what to do. */
export function EmptyState(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={styles.state}>
      {props.icon !== undefined && <div className={styles.icon}>{props.icon}</div>}
      <h2 className={styles.title}>{props.title}</h2>
      {props.children !== undefined && <div className={styles.text}>{props.children}</div>}
      {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
    </div>
  );
}

/** An expected failure where it happened: what, and the next step. */
export function ErrorState({ error, onRetry }: { readonly error: AppError; readonly onRetry?: () => void }) {
  return (
    <div className={styles.state} role="alert">
      <div className={`${styles.icon} ${styles.error}`}>
        <CircleAlert size={22} aria-hidden />
      </div>
      <h2 className={`${styles.title} selectable`}>{error.message}</h2>
      {error.hint !== undefined && <p className={`${styles.text} selectable`}>{error.hint}</p>}
      <p className={styles.code}>{error.code}</p>
      {onRetry && (
        <div className={styles.actions}>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  );
}

/** Appears only after a moment: what is quick should not flash. */
export function Spinner({ label = 'Loading' }: { readonly label?: string }) {
  return (
    <div className={styles.spinner} role="status">
      <span className={styles.ring} />
      <span>{label}…</span>
    </div>
  );
}
