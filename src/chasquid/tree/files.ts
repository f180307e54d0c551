/** A file or folder in a folder; a symbolic link counts as what it leads to, `link` tells that it is one. */
export interface Entry {
  name: string;
  kind: 'file' | 'folder' | 'other';
  link: boolean;
}

/** How files are reached: the file system, an editor's workspace, a server. Paths are joined with `/`. */
export interface Files {
  /** The entries of a folder in byte order, as Go's `os.ReadDir`; undefined when there is no such folder. */
  list(folder: string): Promise<Entry[] | undefined>;
  /** Undefined when there is no such file. Rejects when it is there but cannot be read. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Permission bits, where they are known. */
  mode?(path: string): Promise<number | undefined>;
}
