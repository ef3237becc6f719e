import { writeFile } from 'node:fs/promises';
import type { PriceOverrides } from '#shared/prices.ts';
import { parsePriceOverrides, writePriceFile } from '#shared/prices.ts';
import { AppFailure, toAppError } from '#shared/result.ts';
import { listModels } from '../../store/price-settings.ts';
import type { Writing } from '../create-engine.ts';
import type { Prices } from '../prices.ts';
import type { DomainHandlers } from './types.ts';

/** Models that are looked at to find those without a price: the most frequent ones. */
const MODELS = 1_000;

export function priceHandlers(prices: Prices, writing: () => Writing): DomainHandlers<'prices'> {
  return {
    'prices.get': () => prices.sheet(),
    'prices.unpriced': ({ reader }, { limit = 50 }) => {
      const book = prices.book();
      return listModels(reader, MODELS)
        .filter(({ model }) => book.rowsFor(model).length === 0)
        .slice(0, Math.min(limit, MODELS));
    },
    'prices.export': async (_context, { path }) => {
      try {
        await writeFile(path, writePriceFile(prices.sheet().table));
      } catch (cause) {
        throw new AppFailure({
          code: 'unwritable_file',
          message: `The file could not be written: ${toAppError(cause).message}`,
          hint: 'Choose another folder.',
        });
      }
      return null;
    },
    'prices.set': (_signal, { overrides }) => {
      const { repricing, feed } = writing();
      repricing.change(checked(overrides));
      feed.changed(['setting'], []);
      return prices.sheet();
    },
  };
}

function checked(overrides: PriceOverrides | null): PriceOverrides | null {
  if (overrides === null) return null;
  const parsed = parsePriceOverrides(overrides);
  if (!parsed.ok) throw new AppFailure({ code: 'bad_request', message: parsed.error });
  return parsed.value;
}
