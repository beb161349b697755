import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

/** An alert of docs/observability/alerts.yml. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A file of rules. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

/** Where the alerts are. */
export const ALERTS_FILE = fileURLToPath(new URL('../../docs/observability/alerts.yml', import.meta.url));

/** @throws YAMLParseError for what is no YAML, a key that is there twice included */
export function readRules(text = readFileSync(ALERTS_FILE, 'utf8')): RuleFile {
  return parse(text) as RuleFile;
}
