import * as vscode from 'vscode';
import type { RecordChoices } from '../host/facts/recordFacts';
import { setting } from './settings';

/** The setting `chasquid.dns.domains`: by domain, what no server can tell. */
type Setting = Record<string, { receives?: boolean; neverSend?: string[]; reportAddress?: string }>;

/** What the user has said of a domain. Hand-written settings: what has another shape is passed over. */
export function dnsChoices(domain: string): RecordChoices {
  const { receives, neverSend, reportAddress } = setting<Setting>('dns.domains', {})[domain] ?? {};
  const names = Array.isArray(neverSend) ? neverSend.filter(name => typeof name === 'string' && name !== '') : [];
  return {
    ...(typeof receives === 'boolean' ? { receives } : {}),
    ...(names.length > 0 ? { silent: names } : {}),
    ...(typeof reportAddress === 'string' && reportAddress !== '' ? { reportAddress } : {}),
  };
}

/** Writes the choices for a domain. What is the default is left out of the settings. */
export async function keepDnsChoices(
  domain: string,
  { receives, silent, reportAddress }: RecordChoices,
): Promise<void> {
  const others = Object.fromEntries(
    Object.entries(setting<Setting>('dns.domains', {})).filter(([name]) => name !== domain),
  );
  const own = {
    ...(receives === false ? { receives } : {}),
    ...(silent?.length ? { neverSend: silent } : {}),
    ...(reportAddress ? { reportAddress } : {}),
  };
  const all = Object.keys(own).length > 0 ? { ...others, [domain]: own } : others;
  await vscode.workspace.getConfiguration('chasquid').update('dns.domains', all, vscode.ConfigurationTarget.Global);
}
