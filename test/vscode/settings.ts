/** The colour themes that everything is looked at in: VS Code's own light and dark defaults, and high contrast. */
export const themes = {
  light: 'Light 2026',
  dark: 'Dark 2026',
  hc: 'Default High Contrast',
} as const;

export type Theme = keyof typeof themes;

/** Settings that keep a window quiet: no chat, welcome, tips, updates, lookups in galleries or other networks. */
export const quietSettings: Record<string, unknown> = {
  'chat.disableAIFeatures': true,
  'editor.accessibilitySupport': 'off',
  // Copying without a selection copies nothing, so that reading an editor cannot mistake a line for the whole.
  'editor.emptySelectionClipboard': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // In a browser VS Code saves by itself; on the desktop it does not.
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.initialHint': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.autoDetectHighContrast': false,
  'window.dialogStyle': 'custom',
  'workbench.editor.empty.hint': 'hidden',
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.experimentalOnboarding': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};
