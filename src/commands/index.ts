import { analyzeMessage } from './analyze';
import { backUpConfiguration, restoreConfiguration } from './backup';
import { issueCertificate, renewCertificate } from './certificates';
import type { Command } from './command';
import { checkDns, copyDnsRecords, exportZone, showDnsRecords, showHealthReport } from './dns';
import { chooseDnsOptions } from './dnsOptions';
import { addDomain, removeDomain } from './domains';
import { exportPlan } from './exportPlan';
import { openAliases, openConfig, openUsers } from './files';
import { showLogs } from './logs';
import { sendTestMail } from './mail';
import { showQueue, traceMessage } from './queue';
import { resolveAddress } from './resolve';
import { rotateDkimKey } from './rotateDkimKey';
import { addSender, changeSenderPassword, checkSenderPassword, removeSender } from './senders';
import { addServer, connect, disconnect, editServer, refresh, removeServer } from './servers';
import { restartService, showStatus } from './service';
import { runStep, setUpServer } from './setup/setUpServer';
import { openGuide, openTerminal } from './terminal';
import { undoStep } from './undoStep';

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
  copyDnsRecords,
  exportZone,
  chooseDnsOptions,
  showHealthReport,
  rotateDkimKey,
  addDomain,
  removeDomain,
  issueCertificate,
  renewCertificate,
  undoStep,
  exportPlan,
  backUpConfiguration,
  restoreConfiguration,
  resolveAddress,
  showQueue,
  traceMessage,
  analyzeMessage,
  openTerminal,
  openGuide,
];
