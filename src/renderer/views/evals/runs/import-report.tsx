import { openRun } from '../../../state/evals.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { ProblemList } from '../../../widgets/problem-list.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { broughtWords, type ImportNews } from './acts.ts';
import styles from '../evals.module.css';

/** What came of files of evals and runs. */
export function ImportReportDialog({ news, onClose }: { readonly news: ImportNews; readonly onClose: () => void }) {
  const brought = news.flatMap(({ result }) => (result.ok ? [result.value] : []));
  const [run] = brought.flatMap(({ runs }) => runs);
  return (
    <Dialog
      open
      onClose={onClose}
      title={brought.length === 0 ? 'Nothing was imported' : `${broughtWords(brought)} imported`}
      size="large"
      actions={
        <>
          {run && (
            <Button
              onClick={() => {
                onClose();
                openRun(run.id);
              }}
            >
              Open the run
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles.files}>
        {news.map(({ path, result }) => (
          <section key={path} aria-label={path} tabIndex={0} className={styles.region}>
            <h3 className={styles.file}>
              {visibleString((path.split(/[\\/]/).at(-1) ?? path).slice(0, 200))}
              {result.ok && (
                <span className={styles.dim}>
                  {visibleString(result.value.format.slice(0, 100))}, {broughtWords([result.value])}
                </span>
              )}
            </h3>
            {result.ok ? (
              <ProblemList problems={result.value.problems} />
            ) : (
              <p role="alert">
                {result.error.message} {result.error.hint}
              </p>
            )}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
