import { after, before } from 'node:test';
import type { PanelModel } from '../../webview/messages';
import { mixedZone, modelOf, rightZone } from './panelModel';
import { type PanelBrowser, type PanelPage, startPanelBrowser } from './panelPage';
import { changedZone, facts } from './records';

export const idle = { type: 'status', text: '', busy: false, watching: false } as const;
export const button = (id: string) => `[data-testid="${id}"]`;

/** Chromium and models of several states, for the tests of one `describe`; `show` opens the page with one of them. */
export function panelStage() {
  const models = {} as Record<'empty' | 'mixed' | 'green' | 'split' | 'disagreeing' | 'elsewhere', PanelModel>;
  let browser: PanelBrowser;
  before(async () => {
    const old = ['example.test MX 10 old.example.test', 's1._domainkey.example.test SERVFAIL'];
    const google = ['example.test MX 1 mx.other.test', 'mx.other.test A 198.51.100.1'];
    Object.assign(models, {
      empty: await modelOf(''),
      mixed: await modelOf(mixedZone),
      green: await modelOf(rightZone()),
      split: await modelOf([
        `${rightZone()}\nexample.test DS 1`,
        changedZone(['example.test MX', 's1._domainkey.example.test TXT'], old),
      ]),
      disagreeing: await modelOf([
        changedZone(['example.test MX'], ['example.test MX 10 old.example.test', 'old.example.test A 198.51.100.1']),
        changedZone(
          ['example.test MX'],
          ['example.test MX 10 mail.example.test', 'example.test MX 20 older.example.test'],
        ),
      ]),
      elsewhere: await modelOf(changedZone(['example.test MX'], google), facts({ receives: false })),
    });
    browser = await startPanelBrowser();
  });
  after(() => browser?.close());

  const open: PanelBrowser['open'] = (...options) => browser.open(...options);
  const show = async (model: PanelModel, ...options: Parameters<PanelBrowser['open']>): Promise<PanelPage> => {
    const opened = await open(...options);
    await opened.send({ type: 'model', model });
    await opened.send(idle);
    await opened.page.waitForSelector(button('group-required'));
    return opened;
  };
  return { models, open, show };
}
