import type { ExpectedRecord } from '../../dns/records/record';
import type { CopyPart } from '../../../webview/messages';
import { rdata } from '../../dns/export/bind';
import { splitStrings } from '../../dns/characterStrings';

/** What lands on the clipboard, and how it is called in “Copied …”. */
export function copyText(record: ExpectedRecord, part: CopyPart): { text: string; what: string } {
  switch (part) {
    case 'name':
      return { text: record.name, what: `name ${record.name}` };
    case 'relative':
      return { text: record.relativeName, what: `name ${record.relativeName}` };
    case 'address':
      return { text: record.subject ?? '', what: `address ${record.subject}` };
    case 'policy':
      return { text: record.policy?.text ?? '', what: `policy for ${record.policy?.url}` };
    case 'value':
      return { text: record.value, what: `value of ${record.type} ${record.relativeName}` };
    case 'strings':
      return {
        text: splitStrings(record.value).join('\n'),
        what: `value of ${record.type} ${record.relativeName} as strings`,
      };
    case 'quoted':
      return { text: rdata(record), what: `value of ${record.type} ${record.relativeName}, quoted` };
  }
}
