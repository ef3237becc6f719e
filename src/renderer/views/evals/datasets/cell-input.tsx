import { useId, useRef, useState } from 'react';
import styles from './datasets.module.css';

type Props = {
  readonly label: string;
  readonly text: string;
  /** Answers what is wrong with the text; then it stays open. */
  readonly onFinish: (text: string, next: 'down' | 'right' | 'left' | 'stay') => string | null;
  readonly onCancel: () => void;
};

/** The editor inside a cell. */
export function CellInput({ label, text, onFinish, onCancel }: Props) {
  const [value, setValue] = useState(text);
  const [problem, setProblem] = useState<string | null>(null);
  const done = useRef(false);
  const problemId = useId();

  function finish(next: 'down' | 'right' | 'left' | 'stay'): void {
    if (done.current) return;
    done.current = true;
    const wrong = onFinish(value, next);
    if (wrong === null) return;
    done.current = false;
    setProblem(wrong);
  }

  return (
    <>
      <input
        autoFocus
        className={styles.cellInput}
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        value={value}
        onChange={(event) => {
          setValue(event.target.value);
          setProblem(null);
        }}
        onFocus={(event) => event.target.setSelectionRange(value.length, value.length)}
        onBlur={() => finish('stay')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            done.current = true;
            onCancel();
          } else if (event.key === 'Enter') finish('down');
          else if (event.key === 'Tab') finish(event.shiftKey ? 'left' : 'right');
          else {
            // Saved with the rest, not after it.
            if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') finish('stay');
            return;
          }
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {problem !== null && (
        <span id={problemId} role="alert" className={styles.cellProblem}>
          {problem}
        </span>
      )}
    </>
  );
}
