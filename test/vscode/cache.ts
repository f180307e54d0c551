import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The project's folder. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/** Where VS Codes for tests are kept between runs: `CHASQUID_VSCODE_CACHE`, else `~/.cache/chasquid-vscode`. */
export function cacheFolder(): string {
  return process.env['CHASQUID_VSCODE_CACHE'] || join(homedir(), '.cache', 'chasquid-vscode');
}

/** Where tests leave what a user may want to look at afterwards (screenshots, logs); ignored by git. */
export function outputFolder(...parts: string[]): string {
  return join(projectRoot, 'test-out', 'vscode', ...parts);
}
