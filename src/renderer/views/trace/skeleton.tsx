import styles from './trace-view.module.css';

const INDENTS = [0, 1, 2, 2, 1, 2, 3, 3, 2, 1, 2, 2];

/** The shape of what is coming; appears only when it takes longer than a moment. */
export function Skeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label="Opening the trace">
      <span className={styles.bone} style={{ width: 260, height: 18 }} />
      <span className={styles.bone} style={{ width: 420 }} />
      <div className={styles.bones}>
        {INDENTS.map((indent, index) => (
          <span
            key={index}
            className={styles.bone}
            style={{ marginLeft: indent * 18, width: 120 + ((index * 53) % 140) }}
          />
        ))}
      </div>
    </div>
  );
}
