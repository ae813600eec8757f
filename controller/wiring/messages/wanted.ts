import { checkInMessages, checkInOf } from '../../api/check-ins.ts';
import type { Message } from '../../api/generated/all.ts';
import type { WantedMessage } from '../../runtime/messages/message-worker.ts';
import type { SpecSource } from '../../runtime/ports.ts';

/**
 * The Message of a name: of the specs, of what was sent, or a check-in that a project declares. `Unsure`: nobody can say
 * yet whether there is one.
 *
 * @param sent what was sent; undefined until somebody looked
 */
export function createWanted(specs: SpecSource, sent: () => ReadonlyMap<string, Message> | undefined) {
  function wantedCheckIn(name: string): WantedMessage | 'Unsure' | undefined {
    const place = checkInOf(name);
    const desired = place === undefined ? undefined : specs.desiredProject(place.project);
    if (place === undefined || desired === undefined) return undefined;
    if (desired.type === 'Rejected' || (desired.type === 'Absent' && !desired.confirmed)) return 'Unsure';
    if (desired.type === 'Absent') return undefined;
    const message = checkInMessages(place.project, desired.project.agents).find(
      ({ metadata }) => metadata.name === name,
    );
    if (message === undefined) return desired.confirmed ? undefined : 'Unsure';
    return { message, origin: 'CheckIn' };
  }

  return (name: string): WantedMessage | 'Unsure' | undefined => {
    const kept = sent();
    if (kept === undefined) return 'Unsure';
    const written = specs.message(name);
    if (written !== undefined) return { message: written, origin: 'Spec' };
    const found = kept.get(name);
    return found === undefined ? wantedCheckIn(name) : { message: found, origin: 'Sent' };
  };
}
