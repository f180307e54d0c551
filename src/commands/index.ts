import type { Command } from './command';
import { checkDns, showDnsRecords } from './dns';
import { openAliases, openConfig, openUsers } from './files';
import { showLogs } from './logs';
import { sendTestMail } from './mail';
import { addSender, changeSenderPassword, checkSenderPassword, removeSender } from './senders';
import { addServer, connect, disconnect, editServer, refresh, removeServer } from './servers';
import { restartService, showStatus } from './service';
import { runStep, setUpServer } from './setup/setUpServer';
import { openGuide, openTerminal } from './terminal';

/** Every command of the extension. */
export const commands: readonly Command[] = [
  addServer,
  editServer,
  removeServer,
  connect,
  disconnect,
  refresh,
  addSender,
  removeSender,
  changeSenderPassword,
  checkSenderPassword,
  openConfig,
  openAliases,
  openUsers,
  restartService,
  showStatus,
  showLogs,
  setUpServer,
  runStep,
  sendTestMail,
  showDnsRecords,
  checkDns,
  openTerminal,
  openGuide,
];
