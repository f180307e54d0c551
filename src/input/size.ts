const kibi = 1024;
const mebi = 1024 * 1024;

/** A size in words, such as `64 MiB`. */
export function sizeText(bytes: number): string {
  if (bytes >= mebi) return `${round(bytes / mebi)} MiB`;
  return bytes >= kibi ? `${round(bytes / kibi)} KiB` : `${bytes} bytes`;
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** There is more of something than is read. Whoever reads it says of what, and what to do next. */
export class TooLargeError extends Error {
  constructor(
    /** In bytes. */
    readonly limit: number,
  ) {
    super(`It is larger than ${sizeText(limit)}.`);
  }
}
