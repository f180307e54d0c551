import type { ServerSnapshot } from '../../app/snapshot';
import { quotable } from '../../text/visible';

/** How every such text begins; nothing that begins so is ever saved. */
const opening = '# This is not the file: ';

/** Whether this is what an editor showed in place of a file: *Undo* brings it back after the file has come. */
export function isStandIn(text: string): boolean {
  return text.startsWith(opening);
}

/**
 * What an editor shows in place of a file that cannot be read now, in comments of all our languages.
 * @param server its name; @param state undefined when it is no longer in the list
 * @param problem why the file could not be read although its server is connected
 */
export function standInText(file: { server: string; path: string }, state?: ServerSnapshot, problem = ''): string {
  const [server, path] = [quotable(file.server), quotable(file.path)];
  return [...reasons(server, path, state, quotable(problem)), ''].join('\n');
}

function reasons(server: string, path: string, state: ServerSnapshot | undefined, problem: string): string[] {
  if (!state) {
    return [
      `${opening}${server} is no longer in your list of servers.`,
      '# As soon as a server of that name is in the list and connected, this opens here:',
      `# ${path}`,
    ];
  }
  if (state.state === 'connected') {
    return [`${opening}it could not be read on ${server}.`, `# ${problem}`, `# ${path}`];
  }
  return [
    `${opening}${server} is not connected.`,
    ...(state.failure ? [`# The last attempt to connect failed: ${state.failure.short}.`] : []),
    `# Choose “Connect to ${server}” above, or connect in the sidebar. Then this opens here:`,
    `# ${path}`,
  ];
}
