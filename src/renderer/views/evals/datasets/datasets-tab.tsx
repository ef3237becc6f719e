/** Datasets: the list, or the one whose id the place names (and `v3`, an older version of it). */
import { useEffect } from 'react';
import { useEngine } from '../../../data/engine.ts';
import { importDatasets, useDropTaker } from '../../../state/datasets.ts';
import { usePlace } from '../../../state/place.ts';
import { DatasetList } from './dataset-list.tsx';
import { DatasetView } from './dataset-view.tsx';
import { ImportReport } from './import-report.tsx';

export function DatasetsTab() {
  const { of } = usePlace();
  const info = useEngine('engine.info', undefined);
  const [id, shown] = of;
  const readOnly = info.data?.readOnly === true;
  const version = /^v(\d{1,9})$/.exec(shown ?? '')?.[1];

  useEffect(() => {
    if (readOnly || id !== undefined) return undefined;
    useDropTaker.setState({
      taker: {
        title: 'Drop to make datasets',
        about: 'JSON lines, JSON, CSV, ADK eval sets, tau-bench tasks. The format is found by content.',
        take: (paths) => void importDatasets(paths),
      },
    });
    return () => useDropTaker.setState({ taker: null });
  }, [readOnly, id]);

  return (
    <>
      {id === undefined ? (
        <DatasetList readOnly={readOnly} />
      ) : (
        <DatasetView key={id} id={id} version={version === undefined ? null : Number(version)} readOnly={readOnly} />
      )}
      <ImportReport />
    </>
  );
}
