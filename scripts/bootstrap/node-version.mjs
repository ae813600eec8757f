import process from 'node:process';

const FLOOR = [20, 19];

/** @returns {string | undefined} what is wrong, if something is */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1])) return undefined;
  return `needs Node ${FLOOR.join('.')} or newer, and this is ${process.versions.node}; install one from https://nodejs.org`;
}
