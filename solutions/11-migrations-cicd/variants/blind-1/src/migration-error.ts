export type ProblemCode = 'changed' | 'missing' | 'late' | 'duplicate';

/** Why a method could not do its work. The check reads `code`, and looks for the migration's name in `message`. */
export class MigrationError extends Error {
  override name = 'MigrationError';
  readonly code: ProblemCode | 'failed' | 'irreversible' | 'locked';

  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether SQLite says that somebody else holds the database. */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
