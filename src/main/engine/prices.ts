/**
 * The price table of a workspace: the one that ships with the app under the edits that the workspace keeps. Figures made
 * with it are stored with the traces, so a change of the table has the traces that it touches derived again.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createPriceBook, estimateCost, type PriceBook } from '#shared/estimate.ts';
import type { PriceOverrides, PriceSheet, PriceTable } from '#shared/prices.ts';
import { mergePrices, parsePriceOverrides, parsePriceTable } from '#shared/prices.ts';
import type { CostEstimator } from '../analysis/costs.ts';
import type { Derivation } from '../ingest/derivation.ts';
import type { Connection, Reader } from '../store/database.ts';
import {
  readMadeWith,
  readPriceEdits,
  tracesWithModels,
  writeMadeWith,
  writePriceEdits,
} from '../store/price-settings.ts';
import { writeFailure } from '../store/sqlite-error.ts';
import { resourcePath } from './resource-path.ts';

export type Prices = {
  readonly sheet: () => PriceSheet;
  readonly book: () => PriceBook;
  readonly estimator: () => CostEstimator;
};

const NO_PRICES: PriceTable = { asOf: '1970-01-01', rows: [] };

let shippedTable: PriceTable | null = null;

/** Without the file there are no estimates; with a damaged one neither, and the log says why. */
function readShipped(): PriceTable {
  const path = resourcePath('prices', 'prices.json');
  if (path === null) return NO_PRICES;
  try {
    const parsed = parsePriceTable(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.ok) return parsed.value;
    console.error(`${path}: ${parsed.error}`);
  } catch (cause) {
    console.error(`${path}:`, cause);
  }
  return NO_PRICES;
}

/** Another process may change the edits: they are read each time, and the table is built when they differ. */
export function createPrices(reader: Reader, shipped: PriceTable = (shippedTable ??= readShipped())): Prices {
  let text: string | null | undefined;
  let sheet: PriceSheet = { table: shipped, shipped, overrides: null };
  let book = createPriceBook(shipped);

  function refresh(): void {
    const stored = readPriceEdits(reader);
    if (stored === text) return;
    text = stored;
    const overrides = stored === null ? null : readEdits(stored);
    sheet = { table: mergePrices(shipped, overrides), shipped, overrides };
    book = createPriceBook(sheet.table);
  }

  function current(): PriceBook {
    refresh();
    return book;
  }

  return {
    sheet() {
      refresh();
      return sheet;
    },
    book: current,
    estimator() {
      const now = current();
      return (usage, model, many) => estimateCost(usage, model, now, { many });
    },
  };
}

function readEdits(text: string): PriceOverrides | null {
  const parsed = parsePriceOverrides(JSON.parse(text));
  if (!parsed.ok) console.error(`The price edits of this workspace: ${parsed.error}`);
  return parsed.ok ? parsed.value : null;
}

export type Repricing = {
  /** To be called once: figures that were made with another table are made again, in the background. */
  readonly start: () => void;
  /** Stores the edits and has the traces that they touch priced again, in the background. */
  readonly change: (overrides: PriceOverrides | null) => void;
  /** To be called when the backlog of derivation is done. */
  readonly caughtUp: () => void;
};

export function createRepricing(
  connection: Connection,
  prices: Prices,
  derivation: Pick<Derivation, 'reprice'>,
): Repricing {
  return {
    start() {
      // An update of the app brought other prices, or it was closed before all figures were made again.
      if (readMadeWith(connection) === fingerprint(prices.sheet().table)) return;
      derivation.reprice(tracesWithModels(connection, () => true));
    },
    change(overrides) {
      const before = prices.book();
      connection.transaction((writer) => {
        writeMadeWith(writer, null);
        writePriceEdits(writer, overrides === null ? null : JSON.stringify(overrides));
      });
      const after = prices.book();
      derivation.reprice(tracesWithModels(connection, (model) => isChanged(before, after, model)));
    },
    caughtUp() {
      try {
        writeMadeWith(connection, fingerprint(prices.sheet().table));
      } catch (cause) {
        // Only an economy: without the note, all is made again at the next start.
        if (writeFailure(cause) === null) throw cause;
      }
    },
  };
}

/** Whether any call of this model may have another figure now. */
function isChanged(before: PriceBook, after: PriceBook, model: string): boolean {
  return JSON.stringify(before.rowsFor(model)) !== JSON.stringify(after.rowsFor(model));
}

function fingerprint(table: PriceTable): string {
  return createHash('sha256').update(JSON.stringify(table.rows)).digest('hex').slice(0, 32);
}
