import { EmulatorError } from './emulator-error.js';
import { assertTarget, type EmulatorTarget } from './emulator-target.js';

/** Environment variables of an app, with the service whose URL each gets. */
export type EndpointVariables = Readonly<Record<string, EmulatorTarget>>;

/**
 * Refuses names that no shell takes, and services that do not exist.
 * @throws EmulatorError naming what is wrong
 */
export function assertEndpointVariables(variables: EndpointVariables): void {
  for (const [name, target] of Object.entries(variables)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new EmulatorError(`'${name}' is no name of an environment variable, such as ECS_ENDPOINT.`);
    }
    assertTarget(target);
  }
}

/** The variables with their URLs. */
export function endpointEnvironment(
  variables: EndpointVariables,
  endpoints: Readonly<Record<EmulatorTarget, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, target]) => [name, endpoints[target]]));
}
