import tls from 'node:tls';

import { acsClient } from 'nestjs-aliyun-managed-credentials';

import { startEmulator } from './support/emulator-process.mjs';
import { startApp } from './support/start-app.mjs';
import { median, timed } from './support/statistics.mjs';

const SIZES = { full: { secrets: 1000, repeats: 3 }, tiny: { secrets: 5, repeats: 1 } };
const LATENCY_MS = 20;

export const title = 'Start of an application';

export const about =
  'A Nest application with a client for each of 1,000 secrets, from its creation until it is ready, with every secret fetched from a KMS whose answers take 20 ms. Median of three starts; KMS is emulated in a process of its own.';

/** Measures the start, and the connections that are open at the same time. */
export async function measure(size) {
  const { secrets, repeats } = SIZES[size];
  const names = Array.from({ length: secrets }, (_, index) => `secret-${index}`);
  const cloud = await startEmulator({ secrets: names, latencyMs: { dedicatedKms: LATENCY_MS } });
  const options = { endpoint: cloud.endpoints.openapi, apiVersion: '2014-05-26' };
  const starts = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const connections = new Connections();
    let app;
    const ms = await timed(async () => {
      app = await startApp(cloud.env, { clients: names.map((name) => acsClient(name, options)) });
    });
    starts.push({ ms, connections: connections.stop() });
    await app.close();
  }
  cloud.stop();
  return {
    secrets,
    latencyMs: LATENCY_MS,
    ms: median(starts.map((start) => start.ms)),
    connections: Math.max(...starts.map((start) => start.connections)),
  };
}

/** The table of a measurement. */
export function rows({ secrets, latencyMs, ms, connections }) {
  return [
    {
      Secrets: secrets.toLocaleString('en-US'),
      'KMS latency, ms': String(latencyMs),
      'Ready after, ms': ms.toFixed(0),
      'Most connections at once': String(connections),
    },
  ];
}

/** Counts the TLS connections that this process opens, while they are open. */
class Connections {
  #open = 0;
  #most = 0;
  #connect = tls.connect;

  constructor() {
    // Node's agents open their connections through this very property.
    tls.connect = (...args) => {
      const socket = Reflect.apply(this.#connect, tls, args);
      this.#open += 1;
      this.#most = Math.max(this.#most, this.#open);
      socket.once('close', () => {
        this.#open -= 1;
      });
      return socket;
    };
  }

  /** Ends the count, and answers how many were open at once. */
  stop() {
    tls.connect = this.#connect;
    return this.#most;
  }
}
