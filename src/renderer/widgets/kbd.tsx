import { keyLabels } from '../commands/keys.ts';
import styles from './kbd.module.css';

/** A shortcut as keys, in the notation of this platform. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keyLabels(keys).map((label) => (
        <kbd key={label} className={styles.key}>
          {label}
        </kbd>
      ))}
    </span>
  );
}
