import type { AppEnvironment } from '../app-environment.js';

/** How an environment is written down: for a shell, for an `.env` file, or as a JSON object. */
export const ENVIRONMENT_FORMATS = ['sh', 'dotenv', 'json'] as const;

/** One of {@link ENVIRONMENT_FORMATS}. */
export type EnvironmentFormat = (typeof ENVIRONMENT_FORMATS)[number];

/** An environment as text, with a line end after each line. */
export function environmentText(env: AppEnvironment, format: EnvironmentFormat): string {
  const entries = Object.entries(env);
  switch (format) {
    case 'sh':
      return entries.map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`).join('');
    case 'dotenv':
      return entries.map(([name, value]) => `${name}=${dotenvQuoted(value)}\n`).join('');
    case 'json':
      return `${JSON.stringify(env)}\n`;
  }
}

// Neither dotenv nor Node.js knows an escape for a quote: the first one that the value does not contain will do.
function dotenvQuoted(value: string): string {
  const quote = ["'", '`', '"'].find((mark) => !value.includes(mark)) ?? "'";
  return `${quote}${value}${quote}`;
}
