/** What is being annotated in the open trace: the form beside the inspector, and the menu of a right click. */
import { create } from 'zustand';
import type { AnnotationPlace, AnnotationRow } from '#shared/annotation.ts';
import type { FormKind } from '../../../annotate/form-value.ts';

export type Asked = {
  /** What it is about, the most likely first; what else it could be about follows from the first. */
  readonly places: readonly AnnotationPlace[];
  readonly editing: AnnotationRow | null;
  readonly kind: FormKind | null;
  /** Grows, so that asking again begins a new form. */
  readonly number: number;
};

export type MenuAt = { readonly x: number; readonly y: number; readonly places: readonly AnnotationPlace[] };

export const useAnnotating = create<{ readonly asked: Asked | null; readonly menu: MenuAt | null }>()(() => ({
  asked: null,
  menu: null,
}));

let number = 0;
/** Where the focus was when the form was asked for. */
let from: Element | null = null;

export function annotate(places: readonly AnnotationPlace[], kind: FormKind | null = null): void {
  begin({ places, editing: null, kind });
}

export function editAnnotation(row: AnnotationRow): void {
  begin({ places: [row.place], editing: row, kind: null });
}

function begin(asked: Omit<Asked, 'number'>): void {
  if (useAnnotating.getState().asked === null) from = document.activeElement;
  number++;
  useAnnotating.setState({ asked: { ...asked, number }, menu: null });
}

/** The keys go back to where they were. */
export function leaveForm(): void {
  useAnnotating.setState({ asked: null });
  const target = from;
  from = null;
  if ((target instanceof HTMLElement || target instanceof SVGElement) && target.isConnected && target !== document.body)
    target.focus({ preventScroll: true });
  else document.querySelector<HTMLElement>('[role=tree]')?.focus({ preventScroll: true });
}

export function openMenu(event: Pick<MouseEvent, 'clientX' | 'clientY'>, places: readonly AnnotationPlace[]): void {
  useAnnotating.setState({ menu: { x: event.clientX, y: event.clientY, places } });
}
