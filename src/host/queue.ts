import { runSliced } from '../input/slices';
import { type AnswerLine, answerLines, bytesOf, find, nameOf, need, quoteOf, textOf } from './protocol/answer';
import { parseQueueItem, type QueueItem } from '../chasquid/queue/item';
import { HostError, type Shell } from './protocol/shell';
import { countOf } from '../input/numbers';
import { shellScript } from '../ssh/shellScript';

/** How many messages of the queue are read. */
const mostItems = 1000;

const script = shellScript(import.meta.url, './queue.sh');

export interface QueueState {
  /** Oldest first; not all where there are very many. */
  items: QueueItem[];
  /** How many there are. */
  length: number;
}

/** Octets of a queue file without its message: a hundred recipients take some ten thousand. */
const itemLimit = 256 * 1024;

/** @throws HostError `queue-refused` */
export async function readQueue(shell: Shell, signal?: AbortSignal): Promise<QueueState> {
  const answer = await shell.run(script, {
    inputs: { mostItems: String(mostItems) },
    timeoutMs: 60_000,
    ...(signal && { signal }),
  });
  const lines = answerLines(answer);
  if (find(lines, 'none')) return { items: [], length: 0 };
  const refused = find(lines, 'refused');
  if (refused) {
    throw new HostError(
      'queue-refused',
      `The queue ${quoteOf(refused)} could not be read: it belongs to chasquid. Connect as root, or as a user who may use sudo.`,
    );
  }
  const length = countOf(textOf(need(lines, 'count', answer, 'its queue')));
  const items = await runSliced(readingItems(lines.filter(line => line.kind === 'item').slice(0, mostItems)));
  return { items: items.sort((a, b) => a.created - b.created), length };
}

function* readingItems(lines: AnswerLine[]): Generator<void, QueueItem[]> {
  const items: QueueItem[] = [];
  for (const line of lines) {
    yield;
    const bytes = bytesOf(line);
    const item = bytes.length > itemLimit ? undefined : parseQueueItem(bytes);
    items.push(...(item ? [item] : damaged(nameOf(line))));
  }
  return items;
}

/** An unreadable item still counts and shall be seen. */
const damaged = (path: string): QueueItem[] => {
  const id = path.slice(path.lastIndexOf('/m:') + 3);
  return id ? [{ id, from: '', to: [], recipients: [], created: 0 }] : [];
};
