import { CopyButton } from '../../widgets/copy-button.tsx';
import styles from './connect-view.module.css';

type Props = {
  readonly code: string;
  /** What stands out: the address. */
  readonly mark: string;
  readonly label: string;
};

export function CodeBlock({ code, mark, label }: Props) {
  return (
    <figure className={styles.code} aria-label={label}>
      <figcaption className={styles.codeHead}>
        <span>{label}</span>
        <CopyButton variant="button" text={code} label="Copy" />
      </figcaption>
      <pre className="selectable">
        {code.split('\n').map((line, index) => (
          <span key={index} className={/^\s*(#|\/\/)/.test(line) ? styles.comment : undefined}>
            {marked(line, mark)}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  );
}

function marked(line: string, mark: string) {
  const at = line.indexOf(mark);
  if (mark === '' || at < 0) return line;
  return (
    <>
      {line.slice(0, at)}
      <b className={styles.address}>{mark}</b>
      {line.slice(at + mark.length)}
    </>
  );
}
