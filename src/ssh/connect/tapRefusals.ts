import type { Client } from 'ssh2';

/**
 * Hears each SSH_MSG_USERAUTH_FAILURE itself: ssh2 1.17 (client.js, USERAUTH_FAILURE) swallows the list of methods and
 * the partial success that answer an agent's key. False when its inside looks different.
 */
export function tapRefusals(client: Client, heard: (left: string[], partial: boolean) => void): boolean {
  type Handler = (protocol: unknown, left: string[], partial: boolean) => void;
  const handlers = (client as unknown as { _protocol?: { _handlers?: { USERAUTH_FAILURE?: Handler } } })._protocol
    ?._handlers;
  const original = handlers?.USERAUTH_FAILURE;
  if (!handlers || !original) return false;
  handlers.USERAUTH_FAILURE = (protocol, left, partial) => {
    heard(left, partial);
    original(protocol, left, partial);
  };
  return true;
}
