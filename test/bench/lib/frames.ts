/** Times between frames in the page while something is done to it every frame. */
import type { Page } from '@playwright/test';

/**
 * `zoom`, `pan`: the wheel with and without Ctrl over the middle; `scroll`: up and down; `drag`: the pressed pointer goes
 * from left to right and back; `rest`: nothing.
 */
export type Gesture = 'zoom' | 'pan' | 'scroll' | 'drag' | 'rest';

/** Milliseconds, one for each frame. Throws when the element is not there. */
export async function frameTimes(page: Page, testId: string, gesture: Gesture, duration: number): Promise<number[]> {
  return await page.evaluate(
    ({ testId: id, gesture: what, duration: length }) =>
      new Promise<number[]>((resolve, reject) => {
        const found = document.querySelector(`[data-testid="${id}"]`);
        if (what !== 'rest' && !found) {
          reject(new Error(`There is no ${id}.`));
          return;
        }
        const element = found ?? document.body;
        const box = element.getBoundingClientRect();
        const middle = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
        const shared = { bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, button: 0, buttons: 1 };
        const at = (share: number): PointerEventInit => ({
          ...shared,
          clientX: box.left + 4 + (box.width - 8) * share,
          clientY: middle.clientY,
        });
        let down = 140;

        function step(count: number): void {
          if (what === 'zoom') {
            // In for a second, out for a second.
            const deltaY = Math.floor(count / 60) % 2 === 0 ? -40 : 40;
            element.dispatchEvent(
              new WheelEvent('wheel', { ...middle, deltaY, ctrlKey: true, bubbles: true, cancelable: true }),
            );
          } else if (what === 'pan') {
            const deltaX = Math.floor(count / 60) % 2 === 0 ? 60 : -60;
            element.dispatchEvent(new WheelEvent('wheel', { ...middle, deltaX, bubbles: true, cancelable: true }));
          } else if (what === 'scroll') {
            const before = element.scrollTop;
            element.scrollTop += down;
            if (element.scrollTop === before) down = -down;
          } else if (what === 'drag') {
            const share = (count % 240) / 120;
            element.dispatchEvent(new PointerEvent('pointermove', at(share < 1 ? share : 2 - share)));
          }
        }

        const deltas: number[] = [];
        let first = 0;
        let last = 0;
        let count = 0;
        // Only what a person's hand does can be captured.
        if (what === 'drag') {
          element.setPointerCapture = () => undefined;
          element.hasPointerCapture = () => true;
          element.dispatchEvent(new PointerEvent('pointerdown', at(0)));
        }
        requestAnimationFrame(function frame(now) {
          if (last > 0) deltas.push(now - last);
          if (first === 0) first = now;
          last = now;
          step(count++);
          if (now - first < length) {
            requestAnimationFrame(frame);
            return;
          }
          if (what === 'drag') element.dispatchEvent(new PointerEvent('pointerup', at(0.5)));
          resolve(deltas);
        });
      }),
    { testId, gesture, duration },
  );
}
