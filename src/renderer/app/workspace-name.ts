/** What people call a workspace: its file name without the ending. */
export function workspaceName(path: string): string {
  const file = path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
  return file.replace(/\.[a-z0-9]{1,12}$/i, '');
}
