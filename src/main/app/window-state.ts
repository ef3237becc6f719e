/** Where the window was, kept between starts and corrected to the screens that are there now. */
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { fitInto } from './fit-into.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

type WindowState = { readonly bounds: Rectangle; readonly maximized: boolean };

export function readWindowState(file: string): WindowState {
  const { bounds, maximized } = readJsonFile(file);
  const remembered = isRectangle(bounds) ? bounds : null;
  const area = remembered ? screen.getDisplayMatching(remembered).workArea : screen.getPrimaryDisplay().workArea;
  return { bounds: fitInto(area, remembered), maximized: maximized === true };
}

export function rememberWindowState(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    writeJsonFile(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const sides: Record<string, unknown> = { ...value };
  return ['x', 'y', 'width', 'height'].every((side) => Number.isInteger(sides[side]));
}
