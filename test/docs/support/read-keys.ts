import { ProblemCollector } from '../../../lib/config/configuration-error.js';
import { readKmsSettings } from '../../../lib/config/read-kms-settings.js';

/** Every key that the configuration is read by. */
export interface ReadKeys {
  /** Names of settings. */
  readonly settings: ReadonlySet<string>;
  /** Fields of an item of `cache_client_dkms_config_info` and `kms.dedicated`. */
  readonly dedicated: ReadonlySet<string>;
  /** Fields of an item of `cache_client_region_id` and `kms.regions`. */
  readonly regions: ReadonlySet<string>;
  /** Fields of `kms.credentials`. */
  readonly credentials: ReadonlySet<string>;
}

const CREDENTIALS_TYPES = ['ak', 'token', 'sts', 'ram_role', 'ecs_ram_role', 'oidc_role_arn', 'client_key'];

/** Watches the real reader, with settings of every kind, for what it asks. */
export function keysThatAreRead(): ReadKeys {
  const settings = new Set<string>();
  const dedicated = new Set<string>();
  const regions = new Set<string>();
  const credentials = new Set<string>();
  const source = { name: 'watched', get: (key: string) => void settings.add(key) };
  const read = (inCode: object, values: Readonly<Record<string, unknown>> = {}) => {
    const sources = [source, { name: 'given', get: (key: string) => values[key] }];
    readKmsSettings(inCode, sources, new ProblemCollector());
  };
  const lists = {
    cache_client_dkms_config_info: [watched({ endpoint: 'a.example' }, dedicated)],
    cache_client_region_id: [watched({ regionId: 'cn-hangzhou' }, regions)],
  };
  // The password of a dedicated instance is looked for by way of these two.
  const password = { passwordFromEnvVariable: 'A', passwordFromFilePathName: 'B', passwordFromFilePath: 'C' };
  read({}, lists);
  for (const [field, value] of Object.entries(password)) {
    read(
      {},
      { cache_client_dkms_config_info: [watched({ endpoint: 'a.example', [field]: value }, dedicated)] },
    );
  }
  for (const type of CREDENTIALS_TYPES) {
    read({}, { ...lists, credentials_type: type });
    read({ regions: [{ regionId: 'cn-hangzhou' }], credentials: watched({ type }, credentials) });
  }
  for (const name of Object.values(password)) settings.delete(name);
  return { settings, dedicated, regions, credentials };
}

/** An object that notes by which names it is read. */
function watched<Fields extends object>(fields: Fields, names: Set<string>): Fields {
  return new Proxy(fields, {
    get: (target, name) => {
      if (typeof name === 'string') names.add(name);
      return Reflect.get(target, name) as unknown;
    },
  });
}
