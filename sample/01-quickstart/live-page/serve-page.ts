import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import type { NestExpressApplication } from '@nestjs/platform-express';

const LOOPBACK = '127.0.0.1';

// Nobody may put the page into a frame and lead a click to its buttons, and it loads nothing from elsewhere.
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

interface Response {
  set(headers: Readonly<Record<string, string>>): void;
}

/** Prepares an application to serve the page; before it is initialized. */
export function addPage(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.use((_request: unknown, response: Response, next: () => void) => {
    response.set(HEADERS);
    next();
  });
  app.useStaticAssets(pageFolder());
}

/** Serves the page on loopback, on another port when that one is taken, and gives its address. */
export async function servePage(app: NestExpressApplication, port: number): Promise<string> {
  await app.listen((await canListen(port)) ? port : 0, LOOPBACK);
  return app.getUrl();
}

/** The files are not compiled: a compiled demo finds them beside its sources. */
function pageFolder(): string {
  const [beside = '', ofSources = ''] = ['../page', '../../../sample/01-quickstart/page'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return existsSync(beside) ? beside : ofSources;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, LOOPBACK, () => probe.close(() => resolve(true)));
  });
}
