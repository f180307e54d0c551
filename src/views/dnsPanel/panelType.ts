/** By this name VS Code brings a panel back after its window was reloaded (`activationEvents` in package.json). */
export const dnsPanelType = 'chasquid.dnsPanel';
