import type { Severity } from '../../text/problem';

/** A finding about a file or folder as a whole. */
export interface FolderFinding {
  path: string;
  code: string;
  severity: Severity;
  message: string;
  upstream?: string;
}
