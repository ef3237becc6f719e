/** ROUGE-N and ROUGE-L as Google's rouge_score defines them, by F1. */
import { numberWords, type Codes } from './code-points.ts';
import { lcsLength } from './lcs.ts';
import { sharedNgrams } from './ngrams.ts';

type Rouge = { readonly precision: number; readonly recall: number; readonly fmeasure: number };

export function rougeN(input: readonly string[], reference: readonly string[], n: number): Rouge {
  const shared = sharedNgrams(input, reference, n)[n - 1];
  return figures(shared?.both ?? 0, shared?.input ?? 0, shared?.reference ?? 0);
}

export function rougeL(input: readonly string[], reference: readonly string[]): Rouge {
  const { lists, distinct } = numberWords(input, reference);
  const [a, b] = lists as readonly [Codes, Codes];
  return figures(lcsLength(a, b, distinct), a.length, b.length);
}

function figures(both: number, input: number, reference: number): Rouge {
  const precision = both / Math.max(1, input);
  const recall = both / Math.max(1, reference);
  return { precision, recall, fmeasure: both === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
