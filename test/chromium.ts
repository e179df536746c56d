/** Where Chromium is; Debian's path unless CHROMIUM_PATH says otherwise (the same rule as in ensureChromium.mjs). */
export const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Root in a container has no sandbox, and nothing of the browser's own may reach for the network. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
