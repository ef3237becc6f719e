/** What a report of a run is made of. Texts come in pieces, so that a run of 100,000 items is never one string. */
import type { EvalRunRow, GateVerdict, RunItem } from '#shared/eval.ts';
import { wellFormed } from '../well-formed.ts';
import type { CriterionFigures } from './figures.ts';

export type RunReport = {
  readonly run: EvalRunRow;
  readonly figures: readonly CriterionFigures[];
  readonly gate: GateVerdict;
  /** All items in order, anew with each call. */
  readonly items: () => Iterable<RunItem>;
};

/** Runs that nobody named begin with the name of their eval. */
export function titleOf({ evalName, name }: Pick<EvalRunRow, 'evalName' | 'name'>): string {
  return name.startsWith(evalName) ? name : `${evalName}: ${name}`;
}

/** What tells two trials of a task apart. */
export function itemName({ task, trial }: { readonly task: string; readonly trial: number }): string {
  return trial === 1 ? task : `${task} · trial ${trial}`;
}

/** Characters that no XML document and no terminal may hold, made visible. */
export function printable(text: string): string {
  return wellFormed(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd'));
}

/** The beginning, without breaking a character in two. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
