import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { graders, type ImportNews } from './acts.ts';
import { ProblemList } from '../../../widgets/problem-list.tsx';
import styles from './exchange.module.css';

/** What came of files of graders. */
export function ImportReportDialog({ news, onClose }: { readonly news: ImportNews; readonly onClose: () => void }) {
  const imported = news.reduce((sum, { result }) => sum + (result.ok ? result.value.imported.length : 0), 0);
  return (
    <Dialog
      open
      onClose={onClose}
      title={imported === 0 ? 'No grader was imported' : `${graders(imported)} imported`}
      size="large"
      actions={
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className={styles.files}>
        {news.map(({ path, result }) => (
          <section key={path} aria-label={path} tabIndex={0} className={styles.region}>
            <h3 className={styles.file}>
              {visibleString((path.split(/[\\/]/).at(-1) ?? path).slice(0, 200))}
              {result.ok && (
                <span className={styles.dim}>
                  {result.value.format}, {graders(result.value.imported.length)}
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
