import type { Undone } from '../../provision/applyStep';

/** What an undo did, a line for each kind, for the terminal. */
export function undoneLines({ restored, merged, removed, kept }: Undone): string[] {
  const line = (what: string, files: readonly string[]): string[] =>
    files.length > 0 ? [`${what}: ${files.join(', ')}`] : [];
  return [
    ...line('As before the step', restored),
    ...line('Undone, keeping what was edited since', merged),
    ...line('Removed', removed),
    ...(kept ? [`The replaced versions are in ${kept} on the server.`] : []),
  ];
}
