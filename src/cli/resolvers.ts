import { lookup } from 'node:dns/promises';
import type { ServerAddress } from '../dns/resolver/wire';
import { parseServer } from '../dns/resolver/wire';
import { Usage } from './usage';

/** The DNS servers of `--resolver`. A name that this machine does not know names none. @throws Usage */
export function resolversOf(texts: readonly string[]): Promise<ServerAddress[]> {
  return Promise.all(
    texts.map(async text => {
      const server = parsed(text);
      await lookup(server.host).catch(() => {
        throw new Usage(`The resolver ${server.host} cannot be found. Give its address.`);
      });
      return server;
    }),
  );
}

function parsed(text: string): ServerAddress {
  try {
    return parseServer(text);
  } catch (error) {
    throw error instanceof RangeError ? new Usage(error.message) : error;
  }
}
