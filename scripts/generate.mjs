// `npm run generate`: writes every file that is made from the schemas, and the dashboards. With --check it writes nothing, names those that
// are out of date, and exits 1 if there are any.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { generate as crds } from './generate-crds.mjs';
import { generate as dashboards } from './generate-dashboards.mjs';
import { generate as types } from './generate-types.mjs';
import { root } from './root.mjs';

const TARGETS = [
  { folder: 'controller/api/generated', texts: types },
  { folder: 'manifests/crds', texts: crds },
  { folder: 'manifests/grafana/dashboards', texts: dashboards },
];

/** @returns {Promise<{ file: string, text: string | undefined }[]>} what differs; without a text the file is to go */
export async function outdated() {
  const found = [];
  for (const { folder, texts } of TARGETS) {
    const wanted = await texts();
    const present = await readdir(`${root}/${folder}`).catch(() => []);
    for (const name of new Set([...present, ...wanted.keys()])) {
      const file = `${folder}/${name}`;
      const text = wanted.get(name);
      const current = await readFile(`${root}/${file}`, 'utf8').catch(() => undefined);
      if (current !== text) found.push({ file, text });
    }
  }
  return found;
}

/** @param {{ file: string, text: string | undefined }} outdated */
async function put({ file, text }) {
  if (text === undefined) return rm(`${root}/${file}`);
  await mkdir(new URL('.', pathToFileURL(`${root}/${file}`)), { recursive: true });
  await writeFile(`${root}/${file}`, text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  for (const each of await outdated()) {
    if (check) {
      process.exitCode = 1;
      process.stderr.write(`${each.file} is out of date; run: npm run generate\n`);
    } else {
      await put(each);
      process.stderr.write(`${each.file}\n`);
    }
  }
}
