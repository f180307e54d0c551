import * as vscode from 'vscode';

export const remoteScheme = 'chasquid';

/** A file of a server as a document: `chasquid:/<server>/etc/chasquid/chasquid.conf`. */
export function remoteUri(server: string, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: remoteScheme, path: `/${server.replaceAll('/', '∕')}${path}` });
}

/** The server and the path on it. @throws FileSystemError for what is no such document. */
export function parseRemoteUri(uri: vscode.Uri): { server: string; path: string } {
  const parts = /^\/([^/]+)(\/.*)$/s.exec(uri.path);
  if (!parts) throw vscode.FileSystemError.FileNotFound(uri);
  return { server: parts[1]!.replaceAll('∕', '/'), path: parts[2]! };
}
