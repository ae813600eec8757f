/** Whether a repository is a clone of the controller's own, which nobody else is told of. */
export function isOwnClone(repository: string, state: string): boolean {
  return repository.startsWith(`${state}/repositories/`);
}
