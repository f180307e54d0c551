/** Thrown when the user leaves a quick input with Escape or cancels a progress: the command ends, silently. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled.');
  }
}
