import { dnsActs, type DnsAct } from './dns';
import { fileActs, type FileAct } from './files';
import { mailActs, type MailAct } from './mail';
import { sshActs, type SshAct } from './ssh';

/** A question to the product, and where the one is who lies. */
export interface Asked {
  act: Act;
  port: number;
  /** File of the private key that the server lets in. */
  key?: string;
  /** Folder of the steps that set a server up. */
  steps?: string;
  /** What else the question needs. */
  text?: string;
}

/** Asks, and tells in short what the answer was. `show` is told every text that people read on the way, as sentences. */
export type Ask = (asked: Asked, show: (text: string) => void) => Promise<string>;

export type Act = SshAct | DnsAct | MailAct | FileAct;

export const acts: Record<Act, Ask> = { ...sshActs, ...dnsActs, ...mailActs, ...fileActs };
