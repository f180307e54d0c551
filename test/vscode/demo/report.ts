/** What `demo-out/report.json` holds. Every value is read from the run: the window, the zone, the receiver. */
export interface DemoReport {
  ok: boolean;
  /** Version of VS Code, as its server says. */
  vscode: string;
  /** Version of chasquid, as the sidebar shows it. */
  chasquid: string;
  suite: string;
  /** The steps of *Set Up Server*, as the extension's log tells them. */
  steps: { id: string; state: string; ms: number }[];
  secondRun: { changed: number };
  /** As the DNS panel shows them at the end. */
  records: { name: string; type: string; status: string }[];
  mail: {
    queueId: string;
    delivered: boolean;
    /** TLS version of the delivery, or false. */
    tls: string | false;
    /** The address from which the mail came. */
    ip: string;
    spf: string;
    dkim: string;
    dmarc: string;
    verifiedBy: string;
  };
}

/** What is not as it must be; empty when the run succeeded. */
export function faults(report: Omit<DemoReport, 'ok'>): string[] {
  const { steps, secondRun, records, mail } = report;
  return [
    steps.length === 0 && 'no step was run',
    ...steps.filter(step => !['done', 'applied'].includes(step.state)).map(step => `step ${step.id} is ${step.state}`),
    secondRun.changed !== 0 && `the second run changed ${secondRun.changed} steps`,
    records.length === 0 && 'the panel shows no record',
    ...records
      .filter(record => record.status !== 'ok')
      .map(record => `${record.type} ${record.name} is ${record.status}`),
    !mail.delivered && 'the mail was not delivered',
    !mail.tls && 'the mail came without TLS',
    ...(['spf', 'dkim', 'dmarc'] as const)
      .filter(check => mail[check] !== 'pass')
      .map(check => `${check} is ${mail[check]}`),
  ].filter((fault): fault is string => typeof fault === 'string');
}
