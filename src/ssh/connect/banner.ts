/**
 * Whether a greeting or message of the day is that of the installer which some providers boot into
 * (`Welcome to TinyCore 13!`): the real operating system is not there yet.
 */
export function installing(text: string): boolean {
  return /Welcome to TinyCore\b/i.test(text);
}
