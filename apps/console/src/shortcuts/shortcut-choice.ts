const NAME = 'automation-console-shortcuts';

/** Whether shortcuts are on; whoever speaks to their machine, or hits keys by chance, can turn them off. */
export function areShortcutsOn(): boolean {
  return localStorage.getItem(NAME) !== 'off';
}

export function turnShortcuts(areOn: boolean): void {
  localStorage.setItem(NAME, areOn ? 'on' : 'off');
}
