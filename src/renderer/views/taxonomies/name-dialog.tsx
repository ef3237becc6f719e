import { useId, useRef, useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import styles from './taxonomies.module.css';

type Props = {
  readonly title: string;
  readonly label: string;
  readonly initial: string;
  readonly action: string;
  /** Names that are there already, offered while typing. */
  readonly known?: readonly string[];
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
};

/** Asks for one name; Enter takes it. */
export function NameDialog({ title, label, initial, action, known = [], onName, onClose }: Props) {
  const [name, setName] = useState(initial);
  const field = useRef<HTMLInputElement>(null);
  const form = useId();
  const list = useId();
  const good = name.trim() !== '';
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={!good}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (good) onName(name.trim());
        }}
      >
        <label className={styles.field}>
          <span>{label}</span>
          <input
            ref={field}
            type="text"
            className={styles.input}
            value={name}
            maxLength={200}
            list={known.length > 0 ? list : undefined}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {known.length > 0 && (
          <datalist id={list}>
            {known.slice(0, 200).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        )}
      </form>
    </Dialog>
  );
}
