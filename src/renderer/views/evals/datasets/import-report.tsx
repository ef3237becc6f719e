/** What an import of examples took, and what it could not read. */
import { useDatasetReport } from '../../../state/datasets.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { ProblemList } from '../../../widgets/problem-list.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './datasets.module.css';

export function ImportReport() {
  const { report } = useDatasetReport();
  const close = () => useDatasetReport.setState({ report: null });
  if (report === null) return null;
  const { added, changed, dataset, format, problems, file } = report;
  return (
    <Dialog
      open
      size="large"
      onClose={close}
      title={`Import of ${visibleString(file.slice(0, 120))}`}
      actions={
        <Button variant="primary" onClick={close}>
          Done
        </Button>
      }
    >
      <p className={styles.reportHead}>
        {format === '' ? 'Read' : format}: {formatCount(added)} {added === 1 ? 'example' : 'examples'} added,{' '}
        {formatCount(changed)} changed. {visibleString(dataset.name.slice(0, 120))} is at version {dataset.version} with{' '}
        {formatCount(dataset.examples)}.
      </p>
      <ProblemList problems={problems} />
    </Dialog>
  );
}
