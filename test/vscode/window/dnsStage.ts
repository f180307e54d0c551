import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { DomainRecordFacts } from '../../../src/dns/records/facts';
import { AuthoritativeServer } from '../../sandbox/dns';
import { freePort } from '../../support/sshd';
import { zoneFile } from '../../support/zoneFile';
import { projectRoot } from '../cache';

/** Makes an extension that is nothing but the DNS panel, to be installed in the product's stead. Needs the product's bundle. */
export async function panelExtension(folder: string): Promise<string> {
  const target = join(folder, 'dns-fixture');
  await mkdir(target, { recursive: true });
  const manifest = {
    name: 'dns-fixture',
    publisher: 'test',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    main: './extension.js',
    contributes: {
      commands: [{ command: 'dnsFixture.show', title: 'Show Records', category: 'DNS Fixture' }],
      configuration: {
        properties: { 'dnsFixture.facts': { type: 'object' }, 'dnsFixture.servers': { type: 'array' } },
      },
    },
  };
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest));
  await build({
    entryPoints: [join(import.meta.dirname, 'dnsExtension.ts')],
    outfile: join(target, 'extension.js'),
    bundle: true,
    platform: 'node',
    external: ['vscode'],
    logLevel: 'error',
  });
  await cp(join(projectRoot, 'dist', 'webview'), join(target, 'dist', 'webview'), { recursive: true });
  return target;
}

/** The settings by which that extension knows whom to ask about what. */
export function panelSettings(facts: DomainRecordFacts, servers: string[]): Record<string, unknown> {
  return { 'dnsFixture.facts': facts, 'dnsFixture.servers': servers };
}

/** A real DNS server (knotd) with an empty zone example.test and the reverse zone of its provider. */
export async function startEmptyZone(folder: string): Promise<AuthoritativeServer> {
  await mkdir(folder, { recursive: true });
  return AuthoritativeServer.start({
    folder,
    addresses: ['127.0.0.1'],
    port: await freePort(),
    zones: {
      '.': zoneFile('.'),
      'example.test.': zoneFile('example.test.', 'ns A 127.0.0.1'),
      '2.0.192.in-addr.arpa.': zoneFile('2.0.192.in-addr.arpa.'),
    },
  });
}
