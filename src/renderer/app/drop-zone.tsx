import type { DragEvent, ReactNode } from 'react';
import { useRef, useState } from 'react';
import { FileDown } from 'lucide-react';
import { bridge } from '../data/bridge.ts';
import { useDropTaker } from '../state/datasets.ts';
import { importPaths } from '../state/imports.ts';
import { notify } from '../state/notices.ts';
import styles from './drop-zone.module.css';

/** Files dropped anywhere on the window are imported: as traces, unless what is shown takes them for something else. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState(false);
  const { taker } = useDropTaker();
  // Enter and leave come for every element under the pointer; the count tells when the window itself is left.
  const depth = useRef(0);

  function drop(event: DragEvent): void {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    const paths = [...event.dataTransfer.files].map((file) => bridge.pathForFile(file)).filter((path) => path !== '');
    if (paths.length > 0 && taker) taker.take(paths);
    else if (paths.length > 0) void importPaths(paths);
    else
      notify({
        tone: 'error',
        title: 'What was dropped is not a file on this computer',
        detail: 'Save it as a file first, then drop that.',
      });
  }

  return (
    <div
      className={styles.zone}
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        depth.current++;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDragLeave={(event) => {
        if (!holdsFiles(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      }}
      onDrop={(event) => holdsFiles(event) && drop(event)}
    >
      {children}
      {over && (
        <div className={styles.overlay}>
          <div className={styles.card}>
            <FileDown size={28} strokeWidth={1.5} aria-hidden />
            <strong>{taker?.title ?? 'Drop to import'}</strong>
            <span>{taker?.about ?? 'Trace files or folders. The format is found by content.'}</span>
          </div>
        </div>
      )}
    </div>
  );
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files');
}
