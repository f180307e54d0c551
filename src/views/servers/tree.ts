import * as vscode from 'vscode';
import type { Sessions } from '../../app/sessions';
import { onDidChangeSetting, setting } from '../../app/settings';
import { treeItem } from '../../app/window';
import { itemId, takeOver } from './changes';
import type { Row } from './row';
import { serverRow } from './rows';

/** The *Mail Servers* view. It looks at connected servers again from time to time, but only while it is visible. */
export class ServersView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Row>;
  private readonly disposables: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private readonly rows: Row[];

  constructor(private readonly sessions: Sessions) {
    this.rows = this.current();
    this.view = vscode.window.createTreeView('chasquid.servers', { treeDataProvider: this, showCollapseAll: true });
    this.disposables = [
      this.view,
      this.changed,
      sessions.onDidChange(() => this.update()),
      this.view.onDidChangeVisibility(() => this.poll()),
      onDidChangeSetting('refreshInterval', () => this.poll()),
    ];
    this.poll();
  }

  getChildren(row?: Row): Row[] {
    return row ? row.children : this.rows;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = treeItem(
      row,
      row.children.length === 0
        ? vscode.TreeItemCollapsibleState.None
        : row.expanded
          ? vscode.TreeItemCollapsibleState.Expanded
          : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = itemId(row);
    item.iconPath = new vscode.ThemeIcon(row.icon, row.color ? new vscode.ThemeColor(row.color) : undefined);
    item.contextValue = row.context;
    if (row.command) item.command = { command: row.command.id, title: row.command.title, arguments: [row] };
    return item;
  }

  dispose(): void {
    clearInterval(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private current(): Row[] {
    return this.sessions.all().map(session => serverRow(session.snapshot()));
  }

  private update(): void {
    const changed = takeOver(this.rows, this.current());
    if (changed === 'all') this.changed.fire(undefined);
    else if (changed.length > 0) this.changed.fire(changed);
  }

  private poll(): void {
    clearInterval(this.timer);
    const seconds = setting('refreshInterval', 60);
    if (!this.view.visible || seconds <= 0) return;
    this.timer = setInterval(() => void this.sessions.refreshConnected(), seconds * 1000);
  }
}
