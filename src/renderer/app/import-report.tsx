import { useState } from 'react';
import { useImportReport, importSummary } from '../state/imports.ts';
import { useSelection } from '../state/selection.ts';
import { Button } from '../widgets/button.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { formatCount } from '../widgets/format.ts';
import { visibleString } from '../widgets/visible-text.ts';
import { groupReport, outcomeOf, reportText, type IssueGroup } from './import-groups.ts';
import styles from './import-report.module.css';

const MAX_ROWS = 200;
/** Files named below an issue before the rest is folded. */
const FILES_SHOWN = 3;

/** After an import that had something to say: what came in, and what did not, file by file. */
export function ImportReportDialog() {
  const { report } = useImportReport();
  const [words, setWords] = useState('');
  const close = () => {
    setWords('');
    useImportReport.setState({ report: null });
  };
  const [first] = report?.traceIds ?? [];
  const groups = report ? groupReport(report, words) : null;
  const rows = report ? report.issues.length + report.reports.length : 0;
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
      {report && groups && (
        <>
          <p>{importSummary(report)}.</p>
          {rows > 8 && (
            <input
              className={styles.filter}
              type="search"
              aria-label="Filter the report"
              placeholder="Filter by file, format or words"
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          )}
          {groups.unknown.length > 0 && (
            <Section title={`Not understood: ${counted(groups.unknown.length, 'file')}`}>
              <ul className={styles.rows}>
                {groups.unknown.slice(0, MAX_ROWS).map((each) => (
                  <li key={each.file} className={`${styles.row} selectable`}>
                    <Path file={each.file} />
                    <span>{visibleString(each.looksLike ?? '')}</span>
                  </li>
                ))}
              </ul>
              <More count={groups.unknown.length - MAX_ROWS} />
              <p className={styles.note}>Supported: {report.supported.join(', ')}.</p>
            </Section>
          )}
          {groups.issues.length > 0 && (
            <Section title={counted(groups.issues.length, 'issue')}>
              <ul className={styles.rows}>
                {groups.issues.slice(0, MAX_ROWS).map((each) => (
                  <IssueItem key={`${each.code} ${each.message}`} issue={each} />
                ))}
              </ul>
              <More count={groups.issues.length - MAX_ROWS} />
            </Section>
          )}
          {groups.read.length > 0 && (
            <details className={styles.section}>
              <summary>{counted(groups.read.length, 'file')} read</summary>
              <ul className={styles.rows}>
                {groups.read.slice(0, MAX_ROWS).map((each) => (
                  <li key={each.file} className={`${styles.row} selectable`}>
                    <Path file={each.file} />
                    <span>{outcomeOf(each)}</span>
                  </li>
                ))}
              </ul>
              <More count={groups.read.length - MAX_ROWS} />
            </details>
          )}
          {words !== '' && groups.unknown.length + groups.issues.length + groups.read.length === 0 && (
            <p className={styles.note}>Nothing in the report has these words.</p>
          )}
        </>
      )}
    </Dialog>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function IssueItem({ issue }: { readonly issue: IssueGroup }) {
  const { code, message, files, count } = issue;
  const rest = files.slice(FILES_SHOWN);
  return (
    <li className={`${styles.issue} selectable`}>
      <span className={styles.code}>{code}</span>
      <div>
        {visibleString(message)}
        {count > 1 && <span className={styles.count}> × {formatCount(count)}</span>}
        {files.slice(0, FILES_SHOWN).map((file) => (
          <Path key={file} file={file} />
        ))}
        {rest.length > 0 && (
          <details>
            <summary>and {counted(rest.length, 'more file')}</summary>
            {rest.slice(0, MAX_ROWS).map((file) => (
              <Path key={file} file={file} />
            ))}
          </details>
        )}
      </div>
    </li>
  );
}

/** The end of a path tells files apart; the whole is in the tooltip and in the copied report. */
function Path({ file }: { readonly file: string }) {
  const parts = file.split(/[\\/]/);
  const short = parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : file;
  return (
    <span className={styles.path} title={file}>
      {visibleString(short)}
    </span>
  );
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? <p className={styles.note}>{formatCount(count)} more are in the copied report.</p> : null;
}

function counted(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}
