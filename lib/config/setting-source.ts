/** A place that settings are read from, by key: ConfigService, a properties file. */
export interface SettingSource {
  /** How messages call it: `environment`, `managed_credentials_providers.properties`. */
  readonly name: string;
  /** The raw value, undefined when it is not set there. */
  get(key: string): unknown;
}

/** A setting that was found, and where. */
export interface FoundSetting {
  readonly key: string;
  readonly source: string;
  readonly value: unknown;
}

/** Several sources in order of precedence. */
export class LayeredSettings {
  constructor(private readonly sources: readonly SettingSource[]) {}

  /** The setting from the first source that has it; a blank string counts as not set. */
  find(key: string): FoundSetting | undefined {
    for (const source of this.sources) {
      const value = source.get(key);
      const isBlank = typeof value === 'string' && value.trim() === '';
      if (value !== undefined && value !== null && !isBlank) return { key, source: source.name, value };
    }
    return undefined;
  }

  /** The setting as text without surrounding white space, when it is text or a number. */
  text(key: string): string | undefined {
    const value = this.find(key)?.value;
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
  }
}
