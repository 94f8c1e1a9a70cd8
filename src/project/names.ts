// The forms of names, versions and the like in manifests and lock files. Source: tools §8, §8.6.

export const PACKAGE_NAME = '[a-z][a-z0-9_-]{0,63}';

export const isPackageName = (text: string): boolean => /^[a-z][a-z0-9_-]{0,63}$/.test(text);

/** The module of a package: Eta names may hold hyphens, but files and folders of modules traditionally do not. */
export const moduleNameOf = (packageName: string): string => packageName.replaceAll('-', '_');

export const isVersion = (text: string): boolean =>
  /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(text);

export const isLicense = (text: string): boolean => /^[A-Za-z0-9 .+():-]+$/.test(text) && /[A-Za-z0-9]/.test(text);

export const isVersionRange = (text: string): boolean => /^[A-Za-z0-9 ,.+<>=^~*-]+$/.test(text) && /\d/.test(text);

export const isCommitId = (text: string): boolean => /^[0-9a-fA-F]{40}$/.test(text);

export const isSha256 = (text: string): boolean => /^[0-9a-fA-F]{64}$/.test(text);
