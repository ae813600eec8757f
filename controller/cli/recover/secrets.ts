import { readFile } from 'node:fs/promises';
import type { Env } from '../ports.ts';
import { flagValuesIn, REMOVED, withoutTokens } from './tokens.ts';

/** Removes what is secret from whatever is to be shown to others. */
export interface Redactor {
  text(text: string): string;
  /** A plain value, with the same done to each text in it, and without the values of variables. */
  value(value: unknown): unknown;
}

/** Shorter values would take ordinary words and digits out of the text. */
const SHORTEST = 4;
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL/i;

/** @param specs everything in which variables are declared, as `env: [{name, value | valueFrom}]` */
export async function createRedactor(specs: readonly unknown[], env: Env, home: string): Promise<Redactor> {
  const variables = specs.flatMap(variablesIn);
  const declared = await Promise.all(variables.map((variable) => valuesOf(variable, env, home)));
  const inherited = Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && !value.startsWith('/') ? [value] : [],
  );
  const lines = [...declared.flat(), ...inherited, ...flagValuesIn(specs)].flatMap((value) => [
    value,
    ...value.split(/\r?\n/),
  ]);
  // A value may begin with another one: what would then be left of it is part of a secret as well.
  const values = [...new Set(lines.map((line) => line.trim()))]
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  const text = (from: string): string =>
    withoutTokens(values.reduce((left, value) => left.replaceAll(value, REMOVED), from));

  function value(from: unknown): unknown {
    if (typeof from === 'string') return text(from);
    if (Array.isArray(from)) return from.map(value);
    if (!isRecord(from)) return from;
    return Object.fromEntries(
      Object.entries(from).map(([name, part]) => [
        text(name),
        isList(name, part)
          ? part.map((variable) => value(withoutValue(variable)))
          : value(isURL(name, part) ? withoutValue(part) : part),
      ]),
    );
  }

  return { text, value };
}

function withoutValue(variable: unknown): unknown {
  return isRecord(variable) && 'value' in variable ? { ...variable, value: REMOVED } : variable;
}

interface Variable {
  readonly name: string;
  readonly value?: unknown;
  readonly valueFrom?: unknown;
}

function variablesIn(value: unknown): readonly Variable[] {
  if (Array.isArray(value)) return value.flatMap(variablesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    if (isList(name, part)) return part.filter(isVariable);
    // Who knows the address of a webhook may post to it.
    if (isURL(name, part)) return [{ name, value: part['value'], valueFrom: part['valueFrom'] }];
    if (name === 'password' && isRecord(part)) return [{ name, valueFrom: part }];
    return variablesIn(part);
  });
}

async function valuesOf({ value, valueFrom }: Variable, env: Env, home: string): Promise<readonly string[]> {
  if (typeof value === 'string') return [value];
  if (!isRecord(valueFrom)) return [];
  const { env: variable, file } = valueFrom;
  if (typeof variable === 'string') return [env[variable] ?? ''];
  if (typeof file !== 'string') return [];
  const path = file.startsWith('~/') ? `${home}${file.slice(1)}` : file;
  return [await readFile(path, 'utf8').catch(() => '')];
}

/** Variables of an agent or a program, headers of a webhook. */
function isList(name: string, part: unknown): part is readonly unknown[] {
  return (name === 'env' || name === 'headers') && Array.isArray(part);
}

function isURL(name: string, part: unknown): part is Readonly<Record<string, unknown>> {
  return name === 'url' && isRecord(part);
}

function isVariable(value: unknown): value is Variable {
  return isRecord(value) && typeof value['name'] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
