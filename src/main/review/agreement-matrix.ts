/** What annotators said against each other: the matrix, with the traces behind its cells. */
import type { AgreementMatrix, ConfusionCell } from '#shared/agreement.ts';
import type { Unit } from './judgements.ts';

const MATRIX_LABELS = 24;
const CELL_TRACES = 100;

export function countGiven(units: readonly Unit<string>[]): Map<string, number> {
  const given = new Map<string, number>();
  for (const { said } of units) for (const label of said.values()) given.set(label, (given.get(label) ?? 0) + 1);
  return given;
}

export function byFrequency(given: ReadonlyMap<string, number>): string[] {
  return [...given].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([label]) => label);
}

/** Each pair of annotators counts, the one who is named first in the row. */
export function matrixOf(
  annotators: readonly string[],
  units: readonly Unit<string>[],
  labels: readonly string[],
): AgreementMatrix {
  const shown = labels.length > MATRIX_LABELS ? [...shownOf(units, labels), ''] : labels;
  const place = new Map(shown.map((label, at) => [label, at]));
  const cells = new Map<number, { row: number; column: number; count: number; traceIds: Set<string> }>();
  for (const { traceId, said } of units) {
    const told = annotators.flatMap((who) => said.get(who) ?? []).map((label) => place.get(label) ?? shown.length - 1);
    told.forEach((row, first) => {
      for (const column of told.slice(first + 1)) {
        const key = row * shown.length + column;
        const cell = cells.get(key) ?? { row, column, count: 0, traceIds: new Set<string>() };
        cells.set(key, cell);
        cell.count++;
        cell.traceIds.add(traceId);
      }
    });
  }
  return {
    labels: shown,
    cells: [...cells.values()]
      .sort((a, b) => a.row - b.row || a.column - b.column)
      .map(({ traceIds, ...cell }): ConfusionCell => ({
        ...cell,
        traces: traceIds.size,
        traceIds: [...traceIds].slice(0, CELL_TRACES),
      })),
  };
}

/** The most frequent labels, in the order that they had. */
function shownOf(units: readonly Unit<string>[], labels: readonly string[]): string[] {
  const most = new Set(byFrequency(countGiven(units)).slice(0, MATRIX_LABELS - 1));
  return labels.filter((label) => most.has(label));
}
