/** A choice of the form with the key that makes it; the form finds it by that key. */
import type { ReactNode } from 'react';
import { Kbd } from '../widgets/kbd.tsx';
import styles from './annotation-form.module.css';

type Props = {
  readonly keys: string | null;
  readonly pressed: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly title?: string;
  readonly wide?: boolean;
  /** A case of the one above it. */
  readonly inner?: boolean;
};

export function KeyButton({ keys, pressed, onClick, children, title, wide = false, inner = false }: Props) {
  return (
    <button
      type="button"
      className={styles.key}
      data-wide={wide || undefined}
      data-inner={inner || undefined}
      data-key={keys ?? undefined}
      aria-pressed={pressed}
      title={title}
      onClick={onClick}
    >
      <span className={styles.keyText}>{children}</span>
      {keys !== null && <Kbd keys={keys} />}
    </button>
  );
}
