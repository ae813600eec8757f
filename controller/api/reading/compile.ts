/**
 * An AgentClass's `reading` made ready for use: its patterns compiled once. What cannot be compiled is said and left
 * out, so that one bad pattern does not blind the rest.
 */
import type { AgentClassSpec, FieldTest, Rule, Source } from '../generated/all.ts';
import { patternOf } from './pattern.ts';

export interface CompiledReading {
  readonly class: string;
  /** In order of trust. */
  readonly sources: readonly CompiledSource[];
  readonly startTimeoutMs: number;
  /** Whether a rule says which prompts the program took. */
  readonly tellsPrompts: boolean;
  /** Whether a rule says that the program has come up. */
  readonly tellsStart: boolean;
  /** How the time is read at which a limit ends. */
  readonly resets: readonly RegExp[];
  /** What stands in the input box: on the screen, that is the user's own. */
  readonly inputLine?: RegExp;
}

export interface CompiledSource extends Omit<Source, 'rules' | 'valid'> {
  readonly rules: readonly CompiledRule[];
  readonly valid: readonly CompiledTest[];
  /** Fields of a record that name its conversation. */
  readonly conversationFields: readonly string[];
}

export interface CompiledRule extends Omit<Rule, 'match' | 'pattern' | 'name'> {
  /** Its own name, or `rule 3`. */
  readonly name: string;
  readonly match: readonly CompiledTest[];
  readonly pattern?: RegExp;
}

export interface CompiledTest extends Omit<FieldTest, 'pattern'> {
  readonly pattern?: RegExp;
}

/** A pattern that is none. */
export interface ReadingFault {
  /** Path below spec: reading.sources[0].rules[2].pattern */
  readonly field: string;
  /** Names class, source and rule. */
  readonly message: string;
}

export interface Compiled {
  /** Absent for a class that does not say how its agents are read. */
  readonly reading?: CompiledReading;
  readonly faults: readonly ReadingFault[];
}

const START_TIMEOUT_S = 60;

export function compileReading(className: string, spec: AgentClassSpec): Compiled {
  const { reading, limits, delivery } = spec;
  const faults: ReadingFault[] = [];
  const base = reading?.ignoreCase === true ? 'iu' : 'u';

  function pattern(text: string, flags: string, field: string, where: string): RegExp | undefined {
    try {
      return patternOf(text, flags);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push({ field, message: `class ${className}, ${where}: ${why}` });
      return undefined;
    }
  }

  function tests(list: readonly FieldTest[] | undefined, field: string, where: string): CompiledTest[] | undefined {
    const compiled = (list ?? []).map(({ pattern: text, ...test }, index) => {
      if (text === undefined) return test;
      const regex = pattern(text, base, `${field}[${index}].pattern`, where);
      return regex && { ...test, pattern: regex };
    });
    return compiled.every((test) => test !== undefined) ? compiled : undefined;
  }

  /** A rule with a bad pattern is left out: without that test it would say what it does not mean. */
  function rule(source: Source, { match, pattern: text, name = '', ...rest }: Rule, at: RuleAt): CompiledRule[] {
    const named = name === '' ? `rule ${at.index + 1}` : name;
    const where = `source ${source.type}, ${name === '' ? named : `rule ${name}`}`;
    const matches = tests(match, `${at.field}.match`, where);
    const regex = text === undefined ? undefined : pattern(text, `${base}m`, `${at.field}.pattern`, where);
    if (matches === undefined || (text !== undefined && regex === undefined)) return [];
    return [{ ...rest, name: named, match: matches, ...(regex !== undefined && { pattern: regex }) }];
  }

  const sources = (reading?.sources ?? []).map((source, index): CompiledSource => {
    const field = `reading.sources[${index}]`;
    const { rules, valid, ...rest } = source;
    const compiled = rules.flatMap((one, at) => rule(source, one, { index: at, field: `${field}.rules[${at}]` }));
    // What should tell a file from another's and cannot be read lets none pass.
    const checks = tests(valid, `${field}.valid`, `source ${source.type}`);
    return {
      ...rest,
      rules: checks === undefined ? [] : compiled,
      valid: checks ?? [],
      conversationFields: [...new Set(compiled.flatMap(({ conversation }) => conversation ?? []))],
    };
  });
  const resets = (limits?.resets ?? []).flatMap(
    (text, index) => pattern(text, 'iu', `limits.resets[${index}]`, `limits.resets[${index}]`) ?? [],
  );
  const line = delivery?.inputLine;
  const inputLine = line === undefined ? undefined : pattern(line, 'dgmu', 'delivery.inputLine', 'delivery.inputLine');
  (delivery?.emptyText ?? []).forEach((text, index) => {
    pattern(text, 'u', `delivery.emptyText[${index}]`, `delivery.emptyText[${index}]`);
  });
  (delivery?.byFile ?? []).forEach((text, index) => {
    pattern(text, 'u', `delivery.byFile[${index}]`, `delivery.byFile[${index}]`);
  });
  (spec.dialogs ?? []).forEach(({ name, pattern: text }, index) => {
    pattern(text, 'mu', `dialogs[${index}].pattern`, `dialog ${name}`);
  });
  if (reading === undefined) return { faults };
  const compiled = {
    class: className,
    sources,
    startTimeoutMs: (reading.startTimeoutSeconds ?? START_TIMEOUT_S) * 1000,
    tellsPrompts: sources.some(({ rules }) => rules.some(({ prompt }) => prompt !== undefined)),
    tellsStart: sources.some(({ rules }) => rules.some(({ started }) => started === true)),
    resets,
    ...(inputLine !== undefined && { inputLine }),
  };
  return { reading: compiled, faults };
}

interface RuleAt {
  readonly index: number;
  readonly field: string;
}
