// What the user can change at the prompt with `:set`.

import type { ResultLimits } from './result-text.ts';

export interface Settings {
  /** Items of a list that are shown; null for all. */
  items: number | null;
  /** Levels of nesting that are shown; null for all. */
  depth: number | null;
  /** Columns of results; null for those of the terminal. */
  width: number | null;
}

export const DEFAULT_SETTINGS: Readonly<Settings> = { items: 100, depth: 12, width: null };

export const SETTING_HELP: Readonly<Record<keyof Settings, string>> = {
  items: 'items of a list that are shown, or off',
  depth: 'levels of nesting that are shown, or off',
  width: "columns of results, or off for the terminal's",
};

export const limitsOf = ({ items, depth, width }: Settings, terminalWidth: number): ResultLimits => ({
  items: items ?? Number.POSITIVE_INFINITY,
  depth: depth ?? Number.POSITIVE_INFINITY,
  width: width ?? terminalWidth,
});
