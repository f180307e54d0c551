import * as vscode from 'vscode';
import type { Entry, Files } from '../chasquid/tree/files';

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
    const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri && !document.isClosed);
    if (open) return new TextEncoder().encode(open.getText());
    return ignoreMissing(vscode.workspace.fs.readFile(this.uri(path)));
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
