// Writes manifests/crds/*.yaml from the JSON Schemas and the list of kinds, which are the sources of truth.
import { readFile } from 'node:fs/promises';
import { transform } from '@swc/core';
import { stringify } from 'yaml';
import { printerColumns } from './crds/printer-columns.mjs';
import { structural } from './crds/structural.mjs';
import { root } from './root.mjs';

const schemas = `${root}/controller/api/schemas`;

/** @typedef {{ kind: string, plural: string, singular: string, shortNames: string[], schema?: string }} KindInfo */

/** @returns {Promise<Map<string, string>>} file name to YAML text, for each kind that has a schema */
export async function generate() {
  const { GROUP, API_VERSION, KINDS } = await kinds();
  const version = API_VERSION.slice(`${GROUP}/`.length);
  const texts = new Map();
  for (const info of KINDS) {
    if (info.schema === undefined) continue;
    const crd = definition(info, GROUP, version, await structural(`${schemas}/${info.schema}`));
    const comment = `# Generated from controller/api/schemas/${info.schema} by scripts/generate-crds.mjs. Edit the schema instead.\n`;
    texts.set(`${GROUP}_${info.plural}.yaml`, comment + stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false }));
  }
  return texts;
}

/**
 * @param {KindInfo} info
 * @param {string} group
 * @param {string} version
 * @param {object} openAPIV3Schema
 */
function definition({ kind, plural, singular, shortNames }, group, version, openAPIV3Schema) {
  const names = { kind, listKind: `${kind}List`, plural, singular, shortNames, categories: ['muxlet'] };
  const columns = printerColumns(kind);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names,
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema },
        },
      ],
    },
  };
}

/**
 * The kinds as the controller knows them. Read from the source and not from dist/, so that a tree that does not compile
 * for want of generated files can generate them.
 * @returns {Promise<{ GROUP: string, API_VERSION: string, KINDS: KindInfo[] }>}
 */
async function kinds() {
  const source = await readFile(`${root}/controller/api/kinds.ts`, 'utf8');
  const { code } = await transform(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}
