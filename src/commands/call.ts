import { isRow } from '../views/servers/row';

/** How a command was called. */
export interface Call {
  /** By the user (palette, tree, key, button): results and errors are shown. A program gets them returned and thrown. */
  interactive: boolean;
  /**
   * Whether a command which sends mail elsewhere, removes something or hands out access has to ask first: a link in some
   * text could have called it, whatever its arguments say. False only for `CommandApi.run`.
   */
  mustConfirm: boolean;
}

/**
 * What VS Code or another extension passed to a command, as inputs. Palette and keys pass nothing, the tree its row, whose
 * own ID, label and the like are no inputs; buttons of ours pass inputs with `interactive: true`.
 */
export function readCall(argument: unknown): { inputs: object; interactive: boolean } {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument))
    return { inputs: {}, interactive: true };
  if (isRow(argument)) {
    const { server, domain, address } = argument;
    return { inputs: { server, domain, address }, interactive: true };
  }
  const { interactive, ...inputs } = argument as { interactive?: unknown };
  return { inputs, interactive: interactive === true };
}
