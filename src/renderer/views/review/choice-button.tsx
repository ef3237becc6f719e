import type { ReactNode } from 'react';
import { Kbd } from '../../widgets/kbd.tsx';
import styles from './review.module.css';

type Props = {
  readonly keys: string | null;
  readonly pressed?: boolean;
  readonly tone?: 'ok' | 'error';
  readonly disabled?: boolean;
  readonly title?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
};

/** Something that a key says, with the key on it. */
export function ChoiceButton({ keys, pressed, tone, disabled = false, title, onClick, children }: Props) {
  return (
    <button
      type="button"
      className={styles.choice}
      aria-pressed={pressed}
      aria-keyshortcuts={keys ?? undefined}
      data-tone={tone}
      disabled={disabled}
      title={title}
      onClick={(event) => {
        onClick();
        // After the mouse, keys act on the item again.
        if (event.detail > 0) event.currentTarget.closest<HTMLElement>('[data-form]')?.focus({ preventScroll: true });
      }}
    >
      <span>{children}</span>
      {keys !== null && <Kbd keys={keys} />}
    </button>
  );
}
