import { join, normalize, sep } from 'node:path';

/** The file that a URL of the page names, or null when it names another host or leaves the folder. */
export function fileFor(url: string, host: string, folder: string): string | null {
  const { hostname, pathname } = new URL(url);
  if (hostname !== host) return null;
  const path = decoded(pathname);
  if (path === null || path.includes('\0')) return null;
  const file = normalize(join(folder, path));
  return file.startsWith(folder + sep) ? file : null;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
