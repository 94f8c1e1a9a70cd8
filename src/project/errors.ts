// What can be wrong with a project: its manifest, its lock file, its dependencies.

/** A project that cannot be used as it is; the message is for its author. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}

export const fail = (message: string): never => {
  throw new ProjectError(message);
};

/** The result of `action`; what the host refuses becomes a ProjectError with its words behind `what`. */
export function guarded<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    if (thrown instanceof ProjectError) throw thrown;
    throw new ProjectError(`${what}: ${(thrown as Error).message}`);
  }
}
