import type { RotationStep } from '../../dns/dkim/rotation';
import type { Choice } from '../../views/wizard';

/** What the user can do about a step. */
export type RotationChoice =
  'act' | 'look' | 'watch' | 'copy' | 'send' | 'skip' | 'mail' | 'check' | 'give-up' | 'stop';

export function choicesOf(step: RotationStep): Choice<RotationChoice>[] {
  const leave: Choice<RotationChoice>[] = [
    { label: '$(debug-pause) Stop here', description: 'and go on later', value: 'stop' },
    { label: '$(discard) Give the rotation up…', value: 'give-up' },
  ];
  const again: Choice<RotationChoice> = { label: '$(refresh) Check again', value: 'look' };
  switch (step.action) {
    case 'publish':
    case 'revoke':
      return [
        { label: '$(copy) Copy the value', detail: step.records?.[0]?.name ?? '', value: 'copy' },
        {
          label: '$(cloud-upload) Send it as DNS update…',
          detail: 'To a DNS server of yours (RFC 2136)',
          value: 'send',
        },
        { ...again, label: '$(refresh) It is published: check' },
        ...leave,
      ];
    case 'verify':
      return [
        { label: '$(send) Send a test mail…', detail: 'To an address whose mail you can read', value: 'mail' },
        {
          label: '$(mail-read) Check the received original…',
          detail: 'From the clipboard, an editor or a file',
          value: 'check',
        },
        ...leave,
      ];
    case 'wait-servers':
    case 'wait-caches':
    case 'wait-mail':
      return [
        { label: '$(eye) Watch until it is done', value: 'watch' },
        again,
        { label: '$(debug-step-over) Do not wait', detail: step.risk ?? '', value: 'skip' },
        ...leave,
      ];
    default:
      return [{ label: `$(play) ${step.what}`, detail: step.why, value: 'act' }, ...leave];
  }
}
