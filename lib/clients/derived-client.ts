/**
 * A client that is another one in all but a few properties: the SDK's own request method runs on it and finds the key
 * of this one call, or of all calls with one key, while the client itself stays as it is for all others.
 */
export function derivedClient<Client extends object>(client: Client, properties: Partial<Client>): Client {
  // A literal is five times as fast as Object.create with property descriptors, and this runs for each call.
  return { __proto__: client, ...properties } as unknown as Client;
}
