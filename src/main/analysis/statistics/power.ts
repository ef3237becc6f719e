/** How many items a difference needs to be seen, by the normal approximation. */
import { normalQuantile } from './distributions.ts';

type Wanted = { readonly alpha?: number; readonly power?: number };

/** Items that show a mean paired difference of `delta` with the wanted power. */
export function itemsNeeded(delta: number, sdOfDifference: number, wanted: Wanted = {}): number {
  return Math.ceil(((reach(wanted) * sdOfDifference) / delta) ** 2);
}

/** The smallest mean paired difference that `items` items show with the wanted power. */
export function smallestDetectable(items: number, sdOfDifference: number, wanted: Wanted = {}): number {
  return (reach(wanted) * sdOfDifference) / Math.sqrt(items);
}

function reach({ alpha = 0.05, power = 0.8 }: Wanted): number {
  return normalQuantile(1 - alpha / 2) + normalQuantile(power);
}
