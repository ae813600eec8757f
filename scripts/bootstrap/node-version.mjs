import process from 'node:process';

const FLOOR = { major: 20, minor: 19 };

/** @returns {string | undefined} what is wrong, if something is */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor)) return undefined;
  return `needs Node ${FLOOR.major}.${FLOOR.minor} or newer, and this is ${process.versions.node}; install one from https://nodejs.org`;
}
