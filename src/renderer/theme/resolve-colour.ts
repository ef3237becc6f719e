let probe: HTMLElement | null = null;

/**
 * The `rgb(…)` or `color(…)` that a CSS colour has right now: a canvas cannot read `var()` or `light-dark()`.
 * Costs a style lookup: resolve once per theme and size (`useThemeRevision`), not per frame.
 */
export function resolveColour(colour: string): string {
  if (!probe?.isConnected) {
    probe = document.createElement('span');
    probe.style.display = 'none';
    document.body.append(probe);
  }
  probe.style.color = colour;
  return getComputedStyle(probe).color;
}
