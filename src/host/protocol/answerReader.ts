import { Lines } from '../../input/lines';
import { sizeText } from '../../input/size';
import { quotable } from '../../text/visible';
import { HostError } from './shell';

/** Bytes of a whole answer. The largest that is asked for is a file of 16 MB, a third longer as base64. */
export const answerLimit = 32 * 1024 * 1024;
/** Bytes of all lines that are free JSON: parsed, they can take many times their size. */
const freeLimit = 4 * 1024 * 1024;
/** Bytes of one such line: nested as deeply as can be, it is read in some milliseconds. */
const freeLineLimit = 512 * 1024;
const lineCountLimit = 100_000;

/** Reads a script's answer as it comes: one JSON value on each line (see `answer.ts`). Everything in it is bounded. */
export class AnswerReader {
  readonly #lines = new Lines(
    answerLimit,
    line => this.#line(line),
    () => this.#refuse(sizeText(answerLimit)),
  );
  readonly #values: unknown[] = [];
  #foreign: string | undefined;
  #count = 0;
  #size = 0;
  #freeSize = 0;

  /** @throws HostError `answer-too-large` */
  push(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > answerLimit) this.#refuse(sizeText(answerLimit));
    this.#lines.push(chunk);
  }

  /** The values, when the script has ended. @throws HostError `answer-too-large`, `answer-not-json` */
  end(): unknown[] {
    this.#lines.end();
    if (this.#foreign !== undefined) throw notJson(this.#foreign);
    return this.#values;
  }

  #line(line: Buffer): void {
    if (++this.#count > lineCountLimit) this.#refuse(`${lineCountLimit} lines`);
    const text = line.toString('utf8');
    const known = readEmitted(text);
    if (!known && text.trim() === '') return;
    this.#freeSize += known ? 0 : line.length;
    if (this.#freeSize > freeLimit) this.#refuse(`${sizeText(freeLimit)} of free text`);
    if (!known && line.length > freeLineLimit) this.#refuse(`${sizeText(freeLineLimit)} on a line`);
    try {
      this.#values.push(known ?? JSON.parse(text));
    } catch {
      // The script goes on all the same: it may be in the middle of a change.
      this.#foreign ??= quotable(text, 200);
    }
  }

  #refuse(more: string): never {
    throw new HostError(
      'answer-too-large',
      `The server answered more than ${more}. So much is not read, as no answer should be so long. Check the server in a terminal: chasquid's configuration directory may hold files that do not belong there.`,
    );
  }
}

/** What stands between the quotation marks of a line as the scripts' `emit` writes it; undefined: a value. */
const emitted = ['{', 'kind', ':', undefined, ',', 'name', ':', undefined, ',', 'data', ':', undefined, '}'];

/** Such a line is read by hand, as it may be many megabytes long: its values are words and base64. */
function readEmitted(line: string): { kind: string; name: string; data: string } | undefined {
  const parts = line.split('"', emitted.length + 1);
  const fits = emitted.every((part, at) => part === undefined || part === parts[at]);
  if (!fits || parts.length !== emitted.length || line.includes('\\')) return undefined;
  return { kind: parts[3]!, name: parts[7]!, data: parts[11]! };
}

const notJson = (line: string): HostError =>
  new HostError(
    'answer-not-json',
    `The server answered a line that is not JSON: “${line}”. Another program may have written into the answer. Try again, and report this line if it stays.`,
  );
