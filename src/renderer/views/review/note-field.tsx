/** A note: each key press is kept as a draft, and what is left becomes an annotation. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { Kbd } from '../../widgets/kbd.tsx';
import styles from './review.module.css';

type Props = {
  readonly label: string;
  readonly placeholder: string;
  /** What is a note already. */
  readonly saved: string;
  /** What was typed and is none yet, from an earlier day or before a crash. */
  readonly draft: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly form: RefObject<HTMLElement | null>;
  readonly onType: (text: string) => void;
  readonly onSave: (text: string) => void;
  readonly onLeave: (save: (() => void) | null) => void;
  /** Ctrl and Enter. */
  readonly onFinish: () => void;
};

export function NoteField(props: Props) {
  const { label, placeholder, saved, draft, field, form, onType, onSave, onLeave, onFinish } = props;
  const [typed, setTyped] = useState<string | null>(draft === '' ? null : draft);
  const text = typed ?? saved;
  const latest = useRef({ typed, onSave });
  useEffect(() => {
    latest.current = { typed, onSave };
  });

  useEffect(() => {
    // Reads what is typed when the item is left, not now.
    onLeave(() => {
      const { typed: words, onSave: save } = latest.current;
      if (words !== null) save(words);
    });
    return () => onLeave(null);
  }, [onLeave]);

  function keep(): void {
    if (typed === null) return;
    onSave(typed);
    setTyped(null);
  }

  return (
    <div className={styles.group}>
      <h2>
        {label} <Kbd keys="n" />
      </h2>
      <textarea
        ref={field}
        className={styles.note}
        aria-label={label}
        aria-keyshortcuts="n"
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setTyped(event.target.value);
          onType(event.target.value);
        }}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            form.current?.focus();
          } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.stopPropagation();
            form.current?.focus();
            onFinish();
          }
        }}
      />
      <span className={styles.quiet}>
        <Kbd keys="escape" /> back to the keys · <Kbd keys="mod+enter" /> done, next item
      </span>
    </div>
  );
}
