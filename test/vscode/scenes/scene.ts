import type { Workbench, WorkbenchOptions } from '../window/workbench';

/** Something to look at in VS Code: the default export of a `NAME.scene.ts` beside this file. */
export interface Scene {
  /** Fills the folder that VS Code will open, and says how to open it. */
  prepare?(folder: string): Promise<WorkbenchOptions>;
  /** Does what is to be looked at, and takes pictures by a short name each. */
  play(workbench: Workbench, picture: (name: string) => Promise<void>): Promise<void>;
}
