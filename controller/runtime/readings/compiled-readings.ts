import type { DesiredAgent } from '../../api/desired.ts';
import { type CompiledReading, compileReading, type ReadingFault } from '../../api/reading/compile.ts';

export interface CompiledReadings {
  /** The same one for all agents of a class, as long as that does not change; undefined: it does not say how to read it. */
  of(agent: DesiredAgent): CompiledReading | undefined;
}

/** `onFault` is told once of each pattern of a class that cannot be used. */
export function createCompiledReadings(onFault: (fault: ReadingFault) => void): CompiledReadings {
  const compiled = new Map<string, CompiledReading | undefined>();
  const told = new Set<string>();

  return {
    of({ class: name, program }) {
      const { reading, limits, delivery, dialogs } = program;
      if (reading === undefined) return undefined;
      const id = JSON.stringify([name, reading, limits, delivery, dialogs]);
      if (!compiled.has(id)) {
        const { reading: made, faults } = compileReading(name, program);
        compiled.set(id, made);
        for (const fault of faults) if (!told.has(fault.message)) onFault(fault);
        for (const { message } of faults) told.add(message);
      }
      return compiled.get(id);
    },
  };
}
