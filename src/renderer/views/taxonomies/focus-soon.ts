const FRAMES = 6;

/**
 * Focuses what is about to be drawn. A dialog that closes gives the focus back to what opened it some frames later, so it is
 * held for a few; a key or a click of the person ends that.
 */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  let left = FRAMES;
  const stop = (): void => {
    left = 0;
    for (const event of ['keydown', 'pointerdown']) window.removeEventListener(event, stop, true);
  };
  for (const event of ['keydown', 'pointerdown']) window.addEventListener(event, stop, true);
  function step(): void {
    if (left <= 0) return;
    find()?.focus();
    left--;
    if (left > 0) requestAnimationFrame(step);
    else stop();
  }
  requestAnimationFrame(step);
}
