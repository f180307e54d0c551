import { quotable } from '../../text/visible';

/** Characters. */
const complaintsLimit = 256 * 1024;
const mostRefused = 100;

/**
 * Turns what find, tar and the shell complained of (in the C locale) into sentences for people: one per path.
 * @param user who the script ran as.
 */
export function complaintSentences(complaints: string, user: string): string[] {
  const refused = new Set<string>();
  const other = new Set<string>();
  for (const line of complaints.slice(0, complaintsLimit).split('\n').filter(Boolean)) {
    const path = /^(?:find|tar): ['‘]?(.+?)['’]?: (?:Cannot (?:open|stat|read|readlink): )?Permission denied$/.exec(
      line,
    )?.[1];
    if (path) refused.add(path);
    // `tar: Exiting with failure status…` only repeats; a folder that is not there is no problem of reading.
    else if (!/No such file or directory|Exiting with failure status|Removing leading/.test(line)) other.add(line);
  }
  return [
    ...[...refused]
      .slice(0, mostRefused)
      .map(
        path =>
          `${quotable(path, 200)} could not be read: ${quotable(user, 50)} may not open it. Connect as root, or as a user who may use sudo.`,
      ),
    ...[...other].slice(0, 5).map(line => `The server reported: “${quotable(line, 200)}”.`),
  ];
}
