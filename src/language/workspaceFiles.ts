import * as vscode from 'vscode';
import { readWorkspaceFile } from '../app/readWorkspaceFile';
import type { Entry, Files } from '../chasquid/tree/files';
import type { ConfigTree, TextFile } from '../chasquid/tree/model';

/** The files around a document, wherever its file system is; what is open in an editor counts as it stands there. */
export class WorkspaceFiles implements Files {
  constructor(private readonly root: vscode.Uri) {}

  private uri(path: string): vscode.Uri {
    return this.root.with({ path });
  }

  async list(folder: string): Promise<Entry[] | undefined> {
    const found = await ignoreMissing(vscode.workspace.fs.readDirectory(this.uri(folder)));
    const kind = (type: vscode.FileType) =>
      type & vscode.FileType.Directory ? 'folder' : type & vscode.FileType.File ? 'file' : 'other';
    return found
      ?.map(([name, type]): Entry => ({ name, kind: kind(type), link: (type & vscode.FileType.SymbolicLink) !== 0 }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const uri = this.uri(path).toString();
    const open = openDocument(uri);
    if (open) return new TextEncoder().encode(open.getText());
    return ignoreMissing(readWorkspaceFile(this.uri(path)));
  }
}

async function ignoreMissing<Result>(promise: Thenable<Result>): Promise<Result | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(document => document.uri.toString() === uri && !document.isClosed);
}

/** A tree that was read elsewhere, with what is open in editors as it stands there. */
export function withOpenDocuments(tree: ConfigTree, root: vscode.Uri): ConfigTree {
  const current = <File extends TextFile | undefined>(file: File): File => {
    const open = file && openDocument(root.with({ path: file.path }).toString());
    return open ? { ...file, text: open.getText() } : file;
  };
  const domains = tree.domains?.map(domain => ({
    ...domain,
    ...(domain.aliases && { aliases: current(domain.aliases) }),
    ...(domain.users && { users: current(domain.users) }),
  }));
  return { ...tree, ...(tree.config && { config: current(tree.config) }), ...(domains && { domains }) };
}
