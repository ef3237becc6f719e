import type { ReactNode, RefObject } from 'react';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useModalFocus } from './modal-focus.ts';
import styles from './dialog.module.css';

type Props = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons at the bottom, the default one last. */
  readonly actions?: ReactNode;
  readonly size?: 'small' | 'large';
  /** Has the focus first; else the dialog itself, which the arrow keys then scroll. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
};

/** A modal dialog: focus stays inside, Esc closes, and focus returns to where it was. */
export function Dialog({ open, onClose, title, children, actions, size = 'small', initialFocus }: Props) {
  const popup = useModalFocus(open, initialFocus);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          ref={popup}
          initialFocus={false}
          finalFocus={false}
          className={`${styles.popup} ${styles[size] ?? ''}`}
        >
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <IconButton label="Close" keys="escape" icon={<X size={15} aria-hidden />} onClick={onClose} />
          </header>
          <div className={styles.body}>{children}</div>
          {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
