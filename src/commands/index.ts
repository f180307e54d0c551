import type { Command } from './command';

/** Commands of one module, which is loaded when the first of them is used. */
function family<Name extends string>(load: () => Promise<Record<Name, Command>>, ...names: Name[]): [string, Load][] {
  return names.map(name => [name, async () => (await load())[name]]);
}

type Load = () => Promise<Command>;

/** Every command of the manifest, by its name without `chasquid.`. */
export const commands: readonly [name: string, load: Load][] = [
  ...family(() => import('./servers'), 'addServer', 'editServer', 'removeServer', 'connect', 'disconnect', 'refresh'),
  ...family(() => import('./forgetSecrets'), 'forgetSecrets'),
  ...family(() => import('./senders'), 'addSender', 'removeSender', 'changeSenderPassword', 'checkSenderPassword'),
  ...family(() => import('./files'), 'openConfig', 'openAliases', 'openUsers'),
  ...family(() => import('./effective'), 'showEffectiveConfiguration'),
  ...family(() => import('./forwardMail'), 'forwardMail'),
  ...family(() => import('./service'), 'restartService', 'showStatus'),
  ...family(() => import('./logs'), 'showLogs'),
  ...family(() => import('./setup/setUpServer'), 'setUpServer', 'runStep'),
  ...family(() => import('./mail'), 'sendTestMail'),
  ...family(() => import('./mailSettings'), 'showMailSettings'),
  ...family(() => import('./dns'), 'showDnsRecords', 'checkDns', 'copyDnsRecords', 'exportZone', 'showHealthReport'),
  ...family(() => import('./dnsOptions'), 'chooseDnsOptions'),
  ...family(() => import('./rotateDkimKey'), 'rotateDkimKey'),
  ...family(() => import('./domains'), 'addDomain', 'removeDomain'),
  ...family(() => import('./certificates'), 'issueCertificate', 'renewCertificate'),
  ...family(() => import('./undoStep'), 'undoStep'),
  ...family(() => import('./exportPlan'), 'exportPlan'),
  ...family(() => import('./backup'), 'backUpConfiguration', 'restoreConfiguration'),
  ...family(() => import('./resolve'), 'resolveAddress'),
  ...family(() => import('./queue'), 'showQueue', 'traceMessage'),
  ...family(() => import('./analyze'), 'analyzeMessage'),
  ...family(() => import('./terminal'), 'openTerminal', 'openGuide'),
];

/** Those that only pages and buttons of ours call. */
export const internalCommands: typeof commands = family(() => import('./files'), 'readRemoteFile');
