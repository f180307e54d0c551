import * as vscode from 'vscode';
import { fileLimit, tooLarge } from '../input/regularFile';

/**
 * Reads a file wherever its file system is. A repository can hold a link to a device that never ends, or to a pipe that nobody
 * writes to: only regular files are read, also in a workspace that is not trusted.
 * @throws vscode.FileSystemError; FileError for one that is too large
 */
export async function readWorkspaceFile(uri: vscode.Uri): Promise<Uint8Array> {
  const { type, size } = await vscode.workspace.fs.stat(uri);
  if (!(type & vscode.FileType.File)) throw vscode.FileSystemError.Unavailable('This is not a regular file.');
  if (size > fileLimit) throw tooLarge(fileLimit);
  return vscode.workspace.fs.readFile(uri);
}
