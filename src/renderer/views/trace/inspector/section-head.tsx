import type { ReactNode } from 'react';
import styles from './inspector.module.css';

/** A heading with what can be done to its section at the end of the line. */
export function SectionHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.sectionHead}>
      <h3 className={styles.heading}>{title}</h3>
      <span className={styles.end}>{children}</span>
    </div>
  );
}
