/** All versions of a dataset with what each changed; any can be looked at, or made the newest again. */
import { useState } from 'react';
import type { DatasetVersion } from '#shared/dataset.ts';
import { nsToIso } from '#shared/time.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { formatCount, formatRelative } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './datasets.module.css';

type Props = {
  readonly name: string;
  /** The newest first. */
  readonly versions: readonly DatasetVersion[];
  readonly shown: number;
  readonly readOnly: boolean;
  readonly onShow: (version: number) => void;
  readonly onRevert: (version: number) => void;
  readonly onClose: () => void;
};

const AT_FIRST = 200;

export function VersionsDialog({ name, versions, shown, readOnly, onShow, onRevert, onClose }: Props) {
  const [now] = useState(() => Date.now());
  const [most, setMost] = useState(AT_FIRST);
  const newest = versions[0]?.version;
  return (
    <Dialog
      open
      size="large"
      onClose={onClose}
      title={`Versions of ${visibleString(name.slice(0, 120))}`}
      actions={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <ol className={styles.versions} aria-label="Versions">
        {versions.slice(0, most).map((each) => (
          <li key={each.version} className={styles.version} aria-current={each.version === shown ? 'true' : undefined}>
            <div className={styles.versionText}>
              <strong>Version {each.version}</strong>
              {each.version === newest && <span className={styles.dim}>newest</span>}
              <span className={styles.dim} title={nsToIso(BigInt(each.createdAt) * 1_000_000n)}>
                {formatRelative(each.createdAt, now)}
                {each.author !== null && ` · ${visibleString(each.author.slice(0, 80))}`}
              </span>
              {each.note !== null && <p>{visibleString(each.note.slice(0, 400))}</p>}
              <Changes version={each} />
            </div>
            <Button disabled={each.version === shown} onClick={() => onShow(each.version)}>
              Open
            </Button>
            <Button
              disabled={readOnly || each.version === newest}
              title="As this version was, as a new one; nothing is lost"
              onClick={() => onRevert(each.version)}
            >
              Revert to this
            </Button>
          </li>
        ))}
      </ol>
      {versions.length > most && <Button onClick={() => setMost(most + 1_000)}>Show older ones</Button>}
    </Dialog>
  );
}

function Changes({ version }: { readonly version: DatasetVersion }) {
  const { added, changed, removed, examples } = version;
  const parts = [
    ...(added > 0 ? [`${formatCount(added)} added`] : []),
    ...(changed > 0 ? [`${formatCount(changed)} changed`] : []),
    ...(removed > 0 ? [`${formatCount(removed)} removed`] : []),
  ];
  return (
    <p className={styles.dim}>
      {formatCount(examples)} {examples === 1 ? 'example' : 'examples'}
      {parts.length > 0 && `: ${parts.join(', ')}`}
    </p>
  );
}
