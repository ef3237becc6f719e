/** The price table as the page needs it: to say how an estimate came about. */
import type { PriceBook } from '#shared/estimate.ts';
import type { PriceTable } from '#shared/prices.ts';
import { createPriceBook } from '#shared/estimate.ts';
import { useEngine } from './engine.ts';

const books = new WeakMap<PriceTable, PriceBook>();

/** Null until the engine has answered. */
export function usePriceBook(): PriceBook | null {
  const { data } = useEngine('prices.get', undefined);
  if (!data) return null;
  let book = books.get(data.table);
  if (!book) {
    book = createPriceBook(data.table);
    books.set(data.table, book);
  }
  return book;
}
