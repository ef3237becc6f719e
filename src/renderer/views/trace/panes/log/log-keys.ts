/** Where a key leads from the active entry; null = it is not for the grid. */
export function keyTarget(key: string, active: number, shown: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return active + 1;
    case 'ArrowUp':
      return active < 0 ? shown - 1 : active - 1;
    case 'PageDown':
      return active + page;
    case 'PageUp':
      return active - page;
    case 'Home':
      return 0;
    case 'End':
      return shown - 1;
    default:
      return null;
  }
}
