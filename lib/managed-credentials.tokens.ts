/**
 * Binds the {@link AkExpireHandler} of the application. Provide it in any module; the definition of a client and the
 * module's option `akExpireHandler` come first.
 */
export const AK_EXPIRE_HANDLER = Symbol('AK_EXPIRE_HANDLER');

/** Binds a {@link SecretNameResolver}: how the names in code become names in KMS. */
export const SECRET_NAME_RESOLVER = Symbol('SECRET_NAME_RESOLVER');

/** Binds a {@link SecretRecovery}: the last resort when no KMS endpoint answers. */
export const SECRET_RECOVERY = Symbol('SECRET_RECOVERY');

/** Holds the client definitions of one `forRoot()` or `forFeature()`. */
export const CLIENT_DEFINITIONS = Symbol('CLIENT_DEFINITIONS');
