/** How often the forms of a file have been run. */
export interface FileCoverage {
  /** Absolute path. */
  readonly file: string;
}
