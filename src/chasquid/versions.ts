/**
 * The only place that knows what differs between chasquid's versions. Each entry names the first version that behaves so;
 * the file of chasquid's source that decides it stands beside it.
 */
const since = {
  /** An empty `suffix_separators` or `drop_characters` counts (config.proto: `optional`). */
  emptySeparators: '1.9',
  /** `*` on the left is a catch-all (aliases.go: `resolve`). */
  catchAll: '1.10',
  /** Drop characters are removed from the left side and a suffix there can match (aliases.go: `RemoveDropCharacters`). */
  cleanLeftSide: '1.12',
  /** An error on reload ends the daemon (chasquid.go: `periodicallyReload`). */
  fatalReload: '1.12',
  /** SIGHUP reloads users, aliases and domain info; before it only reopened logs (chasquid.go: `signalHandler`). */
  signalReloads: '1.12',
  /** Folders in `certs/` may be symbolic links. */
  linkedCertificates: '1.12',
  /** Users without a password, `denied: {}` (userdb.proto). */
  deniedUsers: '1.13',
  /** An empty listening address ends the start (server.go: `AddAddr`). */
  strictAddresses: '1.13',
  /** Signs and verifies DKIM by itself with `domains/DOMAIN/dkim:SELECTOR.pem`. */
  builtInDkim: '1.14',
  /** Files directly in `domains/` are skipped; before they were taken for domains. */
  skipsStrayFiles: '1.14',
  /** A users or aliases file that cannot be read ends the start. */
  fatalStart: '1.15',
  /** A users file that a domain gets later is noticed without a restart (chasquid.go: `loadDomain`). */
  watchesNewFiles: '1.15',
  /** A bad line in an aliases file is an error; before it was skipped (aliases.go: `parseReader`). */
  strictAliases: '1.16',
  /** `address via server` (aliases.go: `parseForward`). */
  forwardVia: '1.16',
  /** `*` as the user of a target stands for the user that the mail was for (aliases.go: `resolve`). */
  starTarget: '1.16',
  /** A domain holds no ASCII but letters, digits, `-`, `.` and `_` (normalize.go: `Domain`; found by asking 1.19.0). */
  strictDomains: '1.19',
  /** `key.pem` is taken where `privkey.pem` is missing, as NixOS names it. */
  otherKeyName: '1.19',
} as const;

export type Feature = keyof typeof since;
export type Features = Readonly<Record<Feature, boolean>>;

/** Released versions that are known in full, oldest first. Of 1.19.0 only what `since` says is known. */
export const released = (
  '0.01 0.02 0.03 0.04 0.05 0.06 0.07 1.00 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11 1.11.1 1.12 1.13 ' +
  '1.14.0 1.15.0 1.15.1 1.16.0 1.17.0 1.18.0'
).split(' ');

/** The numbers of a version, e.g. [1, 15, 0]. */
export type VersionNumber = readonly [major: number, minor: number, patch: number];

/** A version of chasquid, read once where it is entered or reported and passed on. */
export interface Version {
  /** As it was given, for people: `1.15.0-1+b4`. */
  readonly text: string;
  readonly number: VersionNumber;
  /** What it does. */
  readonly features: Features;
}

/**
 * Reads the number of a version as chasquid, Debian or a user writes it: `1.15.0`, `v1.13`, `1.11-2+b2`,
 * `1.18.0 (source date: …)`. Undefined when the text does not begin with a version.
 */
export function versionNumber(text: string): VersionNumber | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?![\w.])/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Whether `number` is `first` or later. */
export function isAtLeast(number: VersionNumber, first: string): boolean {
  const wanted = versionNumber(first)!;
  for (let i = 0; i < 3; i++) if (number[i] !== wanted[i]) return number[i]! > wanted[i]!;
  return true;
}

/** Reads a version of chasquid. Undefined when the text is none. */
export function parseVersion(text: string): Version | undefined {
  const number = versionNumber(text);
  if (!number) return undefined;
  const features = Object.fromEntries(Object.entries(since).map(([name, first]) => [name, isAtLeast(number, first)]));
  return { text, number, features: features as Features };
}

/** The newest version known in full; assumed where nothing else is known. */
export const newest = parseVersion(released.at(-1)!)!;

/** The version that a server reports. A text that is no version keeps its words and counts as the newest; so does none. */
export function versionOf(text: string | undefined): Version {
  return text ? (parseVersion(text) ?? { ...newest, text }) : newest;
}

/** The first version with that behaviour. */
export function firstWith(feature: Feature): string {
  return since[feature];
}
