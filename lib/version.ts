/** The version of this package, as it tells servers in its user agent. A test holds it to package.json. */
export const VERSION = '0.1.0';
