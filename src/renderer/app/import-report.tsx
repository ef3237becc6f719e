import type { ImportReport } from '#shared/rpc/contract.ts';
import { importSummary, useImportReport } from '../state/imports.ts';
import { useSelection } from '../state/selection.ts';
import { Button } from '../widgets/button.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { formatCount } from '../widgets/format.ts';
import { visibleString } from '../widgets/visible-text.ts';
import styles from './import-report.module.css';

const MAX_ROWS = 200;

/** After an import that had something to say: what came in, and what did not, file by file. */
export function ImportReportDialog() {
  const { report } = useImportReport();
  const close = () => useImportReport.setState({ report: null });
  const [first] = report?.traceIds ?? [];
  return (
    <Dialog
      open={report !== null}
      onClose={close}
      title={report && report.traces === 0 ? 'Nothing was imported' : 'Imported, with issues'}
      size="large"
      actions={
        <>
          {report && <CopyButton variant="button" label="Copy report" text={() => reportText(report)} />}
          {first !== undefined && (
            <Button
              onClick={() => {
                close();
                useSelection.getState().openTrace(first);
              }}
            >
              Open the newest trace
            </Button>
          )}
          <Button variant="primary" onClick={close}>
            Close
          </Button>
        </>
      }
    >
      {report && (
        <>
          <p>
            {importSummary(report)}. {formatCount(report.issues.length)}{' '}
            {report.issues.length === 1 ? 'issue' : 'issues'}:
          </p>
          <ul className={styles.files}>
            {byFile(report).map(([file, issues]) => (
              <li key={file} className={styles.file}>
                <h3 className={`${styles.path} selectable`} title={file}>
                  {visibleString(file)}
                </h3>
                <ul>
                  {issues.map((issue, index) => (
                    <li key={index} className={`${styles.issue} selectable`}>
                      <span className={styles.code}>{issue.code}</span>
                      <span>{visibleString(issue.message)}</span>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {report.issues.length > MAX_ROWS && (
            <p>{formatCount(report.issues.length - MAX_ROWS)} more are in the copied report.</p>
          )}
        </>
      )}
    </Dialog>
  );
}

type Issue = ImportReport['issues'][number];

function byFile(report: ImportReport): readonly (readonly [string, readonly Issue[]])[] {
  const files = new Map<string, Issue[]>();
  for (const issue of report.issues.slice(0, MAX_ROWS)) {
    const list = files.get(issue.file);
    if (list) list.push(issue);
    else files.set(issue.file, [issue]);
  }
  return [...files];
}

function reportText(report: ImportReport): string {
  return [
    importSummary(report),
    ...report.issues.map((issue) => `${issue.file}\t${issue.code}\t${issue.message}`),
  ].join('\n');
}
