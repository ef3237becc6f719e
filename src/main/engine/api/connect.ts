import { existsSync } from 'node:fs';
import { resourcePath } from '../resource-path.ts';
import type { DomainHandlers } from './types.ts';

export const connectHandlers: DomainHandlers<'connect'> = {
  'connect.helpers': () => ({ folder: helpersFolder() }),
};

/** Other programs load the helpers: inside the archive of a packaged app they could not. */
function helpersFolder(): string | null {
  const folder = resourcePath('helpers');
  const outside = folder?.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') ?? null;
  return outside !== null && existsSync(outside) ? outside : folder;
}
