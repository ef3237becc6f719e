/** Frames in which it is held, once it is there. */
const HELD = 6;
/** Frames in which it is waited for: some seconds. */
const WAITED = 240;

/**
 * Focuses what is there, or about to be drawn: it is held for a few frames, because a list that is drawn anew may take the
 * focus away again. A key or a click of the person ends that.
 */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  let waited = WAITED;
  let held = HELD;
  const stop = (): void => {
    held = 0;
    for (const event of ['keydown', 'pointerdown']) window.removeEventListener(event, stop, true);
  };
  for (const event of ['keydown', 'pointerdown']) window.addEventListener(event, stop, true);
  function step(): void {
    if (held <= 0) return;
    const element = find();
    element?.focus();
    if (element) held--;
    else waited--;
    if (held > 0 && waited > 0) requestAnimationFrame(step);
    else stop();
  }
  step();
}
