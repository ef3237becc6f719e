/** Old and new version against people, on both halves, and their pass rates with the errors taken out. */
import type { FlipPreview, FlipSide, HalfFigures } from '#shared/flips.ts';
import { formatCount } from '../../../widgets/format.ts';
import { estimateText, percent, shareText } from './words.ts';
import styles from './flips.module.css';

type Figure = { readonly value: string; readonly interval: string };
type Row = { readonly name: string; readonly about: string; readonly of: (half: HalfFigures) => Figure };

const ROWS: readonly Row[] = [
  {
    name: 'Labelled traces',
    about: 'Of the half: how many people passed and failed, and on which the version gives pass or fail.',
    of: ({ items, tp, fn, fp, tn }) => ({
      value: formatCount(items),
      interval: `${formatCount(tp + fn)} pass, ${formatCount(fp + tn)} fail`,
    }),
  },
  {
    name: 'TPR',
    about: 'Of the traces that people passed, the share that it passes.',
    of: ({ tpr }) => shareText(tpr),
  },
  { name: 'TNR', about: 'Of the traces that people failed, the share that it fails.', of: ({ tnr }) => shareText(tnr) },
  {
    name: 'Balanced accuracy',
    about: 'The mean of both: 50 % is no better than a coin.',
    of: ({ balancedAccuracy: value }) => ({ value: value === null ? '–' : percent(value), interval: '' }),
  },
  { name: 'Kappa', about: 'Agreement beyond chance, Cohen 1960.', of: ({ kappa }) => estimateText(kappa) },
  {
    name: 'AC1',
    about: 'The same by Gwet 2008: steadier where one label is rare.',
    of: ({ ac1 }) => estimateText(ac1),
  },
];

export function AgreementTable({ preview }: { readonly preview: FlipPreview }) {
  const { old, next, oldVersion } = preview;
  const versions = versionsOf(old, next, oldVersion);
  return (
    <table className={styles.figures}>
      <caption>Agreement with people</caption>
      <thead>
        <tr>
          <td />
          <th scope="colgroup" colSpan={versions.length}>
            Development half
          </th>
          <th scope="colgroup" colSpan={versions.length}>
            Held-out half
          </th>
        </tr>
        <tr>
          <td />
          {['development', 'held-out'].flatMap((half) =>
            versions.map(({ name }) => (
              <th key={`${half} ${name}`} scope="col">
                {name}
              </th>
            )),
          )}
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ name, about, of }) => (
          <tr key={name}>
            <th scope="row" title={about}>
              {name}
            </th>
            {versions.map(({ name: version, side }) => (
              <Cell key={version} figure={of(side.development)} />
            ))}
            {versions.map(({ name: version, side }) => (
              <Cell key={version} figure={of(side.heldOut)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RateTable({ preview }: { readonly preview: FlipPreview }) {
  const { old, next, oldVersion } = preview;
  const versions = versionsOf(old, next, oldVersion);
  const rows: readonly { readonly name: string; readonly about: string; readonly of: (side: FlipSide) => Figure }[] = [
    { name: 'As graded', about: 'Of the traces with a pass or fail.', of: ({ rate }) => shareText(rate.share) },
    {
      name: 'Corrected',
      about: 'Rogan and Gladen 1978: the errors on the development half are taken out.',
      of: ({ rate }) => estimateText(rate.corrected, percent),
    },
    {
      name: 'Prediction-powered',
      about: 'Angelopoulos et al. 2023: what people say on the held-out half corrects the rest.',
      of: ({ rate }) => estimateText(rate.predictionPowered, percent),
    },
  ];
  return (
    <table className={styles.figures}>
      <caption>Pass rate</caption>
      <thead>
        <tr>
          <td />
          {versions.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, about, of }) => (
          <tr key={name}>
            <th scope="row" title={about}>
              {name}
            </th>
            {versions.map(({ name: version, side }) => (
              <Cell key={version} figure={of(side)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ figure: { value, interval } }: { readonly figure: Figure }) {
  return (
    <td>
      {value}
      {interval !== '' && <span className={styles.interval}>{interval}</span>}
    </td>
  );
}

function versionsOf(old: FlipSide | null, next: FlipSide, version: number | null) {
  return [
    ...(old === null ? [] : [{ name: `Version ${version ?? 1}`, side: old }]),
    { name: 'In the editor', side: next },
  ];
}
